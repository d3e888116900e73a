package io.agentvault.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.agentvault.problem.BadRequest;
import io.agentvault.totp.Algorithm;
import io.agentvault.totp.Otp;
import io.agentvault.totp.Seed;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Any text is a seed or a {@link BadRequest}; case and separators change nothing. */
class Base32Fuzz {
  private static final Instant SOME_TIME = Instant.ofEpochSecond(1_111_111_109);

  @FuzzTest
  void base32(byte[] bytes) {
    String text = FuzzText.of(bytes);
    Optional<String> code = code(text);
    if (code.isEmpty() || text.length() > Seed.MAX_CHARACTERS / 4) {
      return;
    }
    String dressed = " - " + text.toLowerCase(Locale.ROOT).replace("7", " 7-") + "\n";
    if (!code.equals(code(dressed))) {
      throw new AssertionError("case and separators changed the seed");
    }
  }

  private static Optional<String> code(String text) {
    try {
      Otp.Timed otp = new Otp.Totp(Seed.parse("data.totp", text), Algorithm.SHA1, 8, 30);
      return Optional.of(otp.at(SOME_TIME).code());
    } catch (BadRequest refused) {
      return Optional.empty();
    }
  }
}
