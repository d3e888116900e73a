package io.agentvault.totp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link Otp#parse} and {@link Otp#of} take and refuse. */
class OtpTest {
  private static final String SEED = "JBSWY3DPEHPK3PXP";
  private static final byte[] SEED_BYTES = HexFormat.of().parseHex("48656c6c6f21deadbeef");

  static List<List<String>> accepted() {
    return Vectors.read("otp-accepted.txt", 3);
  }

  static List<List<String>> refused() {
    return Vectors.read("otp-refused.txt", 3);
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void textIsReadAsWhatItSays(List<String> row) {
    Otp otp = Otp.parse("data.totp", row.get(1));

    assertThat(described(otp)).isEqualTo(row.get(2));
    assertThat(otp.seed().key(Algorithm.SHA1).getEncoded()).isEqualTo(SEED_BYTES);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void anythingElseIsABadRequestThatNamesFieldAndRule(List<String> row) {
    assertBadRequest(() -> Otp.parse("data.totp", row.get(1)), row.get(2));
  }

  @Test
  void aUriOfTheGreatestLengthIsTakenAndOneMoreCharacterIsNot() {
    String uri = "otpauth://totp/a?secret=" + SEED + "&x=";
    String longest = uri + "y".repeat(4096 - uri.length());

    assertThat(described(Otp.parse("f", longest))).isEqualTo("totp SHA1 6 30");
    assertBadRequest(() -> Otp.parse("f", longest + "y"), "f must be at most 4096 characters");
    assertBadRequest(
        () -> Otp.parse("f", "steam://" + "%".repeat(10_000_000)),
        "f must be at most 4096 characters");
  }

  @Test
  void theObjectFormHasTheDefaultsOfTheContract() {
    assertThat(described(Otp.of("f", SEED, null, null, null))).isEqualTo("totp SHA1 6 30");
    assertThat(described(Otp.of("f", SEED, "sha-512", 8, 3600))).isEqualTo("totp SHA512 8 3600");
    assertThat(described(Otp.of("f", SEED, "Sha256", 7, 1))).isEqualTo("totp SHA256 7 1");
  }

  @Test
  void theObjectFormNamesItsMembersInErrors() {
    assertBadRequest(() -> Otp.of("f", "", null, null, null), "f.secret must not be empty");
    assertBadRequest(
        () -> Otp.of("f", "steam://" + SEED, null, null, null), "f.secret must be base32");
    assertBadRequest(
        () -> Otp.of("f", SEED, "md5", null, null), "f.algorithm must be SHA1, SHA256 or SHA512");
    for (int digits : new int[] {Integer.MIN_VALUE, -6, 0, 5, 9, Integer.MAX_VALUE}) {
      assertBadRequest(
          () -> Otp.of("f", SEED, null, digits, null),
          "f.digits must be a whole number from 6 to 8");
    }
    for (int period : new int[] {Integer.MIN_VALUE, -30, 0, 3601, Integer.MAX_VALUE}) {
      assertBadRequest(
          () -> Otp.of("f", SEED, null, null, period),
          "f.period must be a whole number from 1 to 3600");
    }
  }

  @Test
  void unprovenSettingsCantBeBuiltAroundTheParsers() {
    Seed seed = Seed.parse("f", SEED);
    List<ThrowingCallable> attempts =
        List.of(
            () -> new Otp.Totp(seed, Algorithm.SHA1, 9, 30),
            () -> new Otp.Totp(seed, Algorithm.SHA1, 5, 30),
            () -> new Otp.Totp(seed, Algorithm.SHA1, 6, 0),
            () -> new Otp.Totp(seed, Algorithm.SHA1, 6, 3601),
            () -> new Otp.Hotp(seed, Algorithm.SHA1, 9, 0),
            () -> new Otp.Hotp(seed, Algorithm.SHA1, 6, -1),
            () -> new Otp.Hotp(seed, Algorithm.SHA1, 6, 1L << 53),
            () -> new Otp.Hotp(seed, Algorithm.SHA1, 6, 0).at(-1));

    assertThat(attempts)
        .allSatisfy(
            attempt -> assertThatThrownBy(attempt).isInstanceOf(IllegalArgumentException.class));
  }

  private static String described(Otp otp) {
    return switch (otp) {
      case Otp.Totp t -> "totp " + t.algorithm() + " " + t.digits() + " " + t.periodSeconds();
      case Otp.Hotp h -> "hotp " + h.algorithm() + " " + h.digits() + " " + h.counter();
      case Otp.Steam _ -> "steam";
    };
  }

  private static void assertBadRequest(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(BadRequest.class).hasMessage(message).hasNoCause();
  }
}
