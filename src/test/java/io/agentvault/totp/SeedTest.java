package io.agentvault.totp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SeedTest {
  private static final String SEED = "JBSWY3DPEHPK3PXP";

  static List<List<String>> accepted() {
    return Vectors.read("seeds-accepted.txt", 3);
  }

  static List<List<String>> refused() {
    return Vectors.read("seeds-refused.txt", 3);
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void tolerantSpellingsAreTheSameSeed(List<String> row) {
    Seed seed = Seed.parse("data.totp", row.get(1));

    assertThat(seed.key(Algorithm.SHA1).getEncoded())
        .isEqualTo(HexFormat.of().parseHex(row.get(2)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void anythingElseIsABadRequestThatNamesTheRule(List<String> row) {
    assertThatThrownBy(() -> Seed.parse("data.totp", row.get(1)))
        .isInstanceOf(BadRequest.class)
        .hasMessage("data.totp " + row.get(2));
  }

  @Test
  void aSeedOfTheGreatestLengthIsTaken() {
    assertThat(Seed.parse("f", "A".repeat(1024)).key(Algorithm.SHA512).getEncoded()).hasSize(640);
  }

  @Test
  void aLongerSeedIsRefusedEvenIfItIsOnlyPadding() {
    for (String text : List.of("A".repeat(1032), SEED + "=".repeat(1010), " ".repeat(1025))) {
      assertThatThrownBy(() -> Seed.parse("f", text))
          .isInstanceOf(BadRequest.class)
          .hasMessage("f must be at most 1024 characters");
    }
  }

  @Test
  void seedsAreEqualWhenTheirBytesAre() {
    Seed seed = Seed.parse("f", SEED);

    assertThat(seed)
        .isEqualTo(Seed.parse("f", SEED.toLowerCase(Locale.ROOT)))
        .hasSameHashCodeAs(Seed.parse("f", SEED.toLowerCase(Locale.ROOT)))
        .isNotEqualTo(Seed.parse("f", "A".repeat(32)))
        .isNotEqualTo(SEED);
  }

  @Test
  void aSeedIsNeverPrinted() {
    Otp totp = Otp.parse("f", SEED);
    Otp steam = Otp.parse("f", "steam://" + SEED);
    Otp hotp = Otp.parse("f", "otpauth://hotp/a?counter=1&secret=" + SEED);

    assertThat(totp.seed()).hasToString("Seed[redacted]");
    for (Otp otp : List.of(totp, steam, hotp)) {
      assertThat(otp.toString()).contains("Seed[redacted]").doesNotContainIgnoringCase(SEED);
    }
  }
}
