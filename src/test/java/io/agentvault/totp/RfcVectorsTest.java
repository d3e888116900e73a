package io.agentvault.totp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The codes that the standards, and Steam's own app, say these seeds have. */
class RfcVectorsTest {
  private static final String TEN_DIGITS = "1234567890";

  static List<List<String>> appendixB() {
    return Vectors.read("rfc6238-appendix-b.txt", 3);
  }

  static List<List<String>> appendixD() {
    return Vectors.read("rfc4226-appendix-d.txt", 2);
  }

  static List<List<String>> steam() {
    return Vectors.read("steam.txt", 3);
  }

  @ParameterizedTest
  @MethodSource("appendixB")
  void totpIsThatOfRfc6238(List<String> row) {
    Algorithm algorithm = Algorithm.valueOf(row.get(0));
    Otp.Totp otp = Otp.of("data", rfcSeed(algorithm), algorithm.name(), 8, 30);

    TimedCode code = otp.at(Instant.ofEpochSecond(Long.parseLong(row.get(1))));

    assertThat(code.code()).isEqualTo(row.get(2));
    assertThat(code.algorithm()).isEqualTo(algorithm);
    assertThat(code.digits()).isEqualTo(8);
  }

  @ParameterizedTest
  @MethodSource("appendixD")
  void hotpIsThatOfRfc4226(List<String> row) {
    Otp otp = Otp.parse("data", "otpauth://hotp/a?counter=0&secret=" + rfcSeed(Algorithm.SHA1));
    long counter = Long.parseLong(row.get(0));

    assertThat(otp).isInstanceOf(Otp.Hotp.class);
    assertThat(((Otp.Hotp) otp).at(counter))
        .isEqualTo(new CounterCode(row.get(1), counter, 6, Algorithm.SHA1));
  }

  @ParameterizedTest
  @MethodSource("steam")
  void steamCodesAreThoseOfItsApp(List<String> row) {
    Otp otp = Otp.parse("data", "steam://" + row.get(0));

    assertThat(otp).isInstanceOf(Otp.Steam.class);
    TimedCode code = ((Otp.Steam) otp).at(Instant.ofEpochSecond(Long.parseLong(row.get(1))));
    assertThat(code.code()).isEqualTo(row.get(2));
    assertThat(code.digits()).isEqualTo(5);
    assertThat(code.periodSeconds()).isEqualTo(30);
    assertThat(code.algorithm()).isEqualTo(Algorithm.SHA1);
  }

  /** Erratum 2866: the ten digits, repeated to the hash's length. */
  private static String rfcSeed(Algorithm algorithm) {
    int bytes =
        switch (algorithm) {
          case SHA1 -> 20;
          case SHA256 -> 32;
          case SHA512 -> 64;
        };
    return Base32.encode(TEN_DIGITS.repeat(7).substring(0, bytes).getBytes(US_ASCII));
  }
}
