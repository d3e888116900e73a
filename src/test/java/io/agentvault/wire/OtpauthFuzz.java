package io.agentvault.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.agentvault.problem.BadRequest;
import io.agentvault.totp.Otp;
import java.time.Instant;
import java.util.regex.Pattern;

/** Any text is the settings of one-time codes or a {@link BadRequest}; settings always give one. */
class OtpauthFuzz {
  private static final Instant SOME_TIME = Instant.ofEpochSecond(1_111_111_109);
  private static final Pattern DIGITS = Pattern.compile("[0-9]{6,8}");
  private static final Pattern STEAM = Pattern.compile("[23456789BCDFGHJKMNPQRTVWXY]{5}");

  @FuzzTest
  void otpauth(byte[] bytes) {
    Otp otp;
    try {
      otp = Otp.parse("data.totp", FuzzText.of(bytes));
    } catch (BadRequest refused) {
      return;
    }
    String code =
        switch (otp) {
          case Otp.Timed timed -> timed.at(SOME_TIME).code();
          case Otp.Hotp counted -> counted.at(counted.counter()).code();
        };
    Pattern form = otp instanceof Otp.Steam ? STEAM : DIGITS;
    if (!form.matcher(code).matches() || code.length() != otp.digits()) {
      throw new AssertionError("a code of the wrong form");
    }
  }
}
