package io.agentvault.totp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Periods, their edges, and what a code says about itself. */
class TimedCodeTest {
  private static final Otp.Totp OTP =
      Otp.of("f", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", null, null, null);

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z,              0, 30, 1970-01-01T00:00:30Z",
    "1970-01-01T00:00:00.000000001Z,    0, 30, 1970-01-01T00:00:30Z",
    "1970-01-01T00:00:29Z,              0,  1, 1970-01-01T00:00:30Z",
    "1970-01-01T00:00:29.999999999Z,    0,  1, 1970-01-01T00:00:30Z",
    "1970-01-01T00:00:30Z,              1, 30, 1970-01-01T00:01:00Z",
    "2026-11-01T12:00:12.345Z, 59784480, 18, 2026-11-01T12:00:30Z",
    "1969-12-31T23:59:59.999999999Z,   -1,  1, 1970-01-01T00:00:00Z",
    "1969-12-31T23:59:30Z,             -1, 30, 1970-01-01T00:00:00Z",
    "1969-12-31T23:59:29.5Z,           -2,  1, 1969-12-31T23:59:30Z",
    "+292278994-08-17T07:12:55.807Z, 307445734561825, 5, +292278994-08-17T07:13:00Z",
    "+1000000000-12-31T23:59:00Z, 1051896328813438, 30, +1000000000-12-31T23:59:30Z",
  })
  void periodsAreWholeMultiplesOfTheEpoch(
      Instant instant, long timeStep, int remainingSeconds, Instant expiresAt) {
    TimedCode code = OTP.at(instant);

    assertThat(code.timeStep()).isEqualTo(timeStep).isEqualTo(OTP.timeStep(instant));
    assertThat(code.remainingSeconds()).isEqualTo(remainingSeconds);
    assertThat(code.expiresAt()).isEqualTo(expiresAt).isEqualTo(OTP.nextStart(instant));
  }

  @Test
  void generatedAtIsTheInstantAskedForInMilliseconds() {
    Instant asked = Instant.parse("2026-11-01T12:00:12.345678901Z");

    assertThat(OTP.at(asked).generatedAt()).isEqualTo(Instant.parse("2026-11-01T12:00:12.345Z"));
  }

  @Test
  void leadingZerosStay() {
    // RFC 6238, appendix B: 89005924, of which six digits are left.
    assertThat(OTP.at(Instant.ofEpochSecond(1234567890)).code()).isEqualTo("005924");
  }

  @Test
  void digitsAreAsciiInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(OTP.at(Instant.ofEpochSecond(1234567890)).code()).isEqualTo("005924");
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      assertThat(Otp.parse("f", "OTPAUTH://TOTP/I?SECRET=JBSWY3DPEHPK3PXP&DIGITS=7").digits())
          .isEqualTo(7);
      assertThat(Otp.parse("f", "STEAM://jbswy3dpehpk3pxp")).isInstanceOf(Otp.Steam.class);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void codesAreNotPrinted() {
    TimedCode timed = OTP.at(Instant.ofEpochSecond(1234567890));
    CounterCode counted = new CounterCode("755224", 3, 6, Algorithm.SHA1);

    assertThat(timed.toString()).doesNotContain(timed.code());
    assertThat(counted.toString()).doesNotContain(counted.code());
  }
}
