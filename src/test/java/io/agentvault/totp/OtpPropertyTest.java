package io.agentvault.totp;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.problem.BadRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class OtpPropertyTest {
  private static final String FIELD = "data.totp";
  private static final long YEAR_10000_SECONDS = 253_402_300_800L;

  /** Every message there is. One that repeats its input is not among them. */
  private static final Set<String> MESSAGES = messages();

  @Property
  void seedsRoundTrip(@ForAll @Size(min = 10, max = 640) byte[] bytes) {
    String text = Base32.encode(bytes);

    assertThat(bytesOf(Seed.parse(FIELD, text))).isEqualTo(bytes);
  }

  @Property
  void separatorsCaseAndPaddingDontChangeASeed(
      @ForAll @Size(min = 10, max = 64) byte[] bytes,
      @ForAll("separators") String separator,
      @ForAll("paddings") String padding,
      @ForAll @IntRange(min = 1, max = 20) int every,
      @ForAll boolean lower) {
    String plain = Base32.encode(bytes);
    String cased = lower ? plain.toLowerCase(Locale.ROOT) : plain;
    String text = cased.replaceAll("(.{" + every + "})", "$1" + separator) + padding;

    assertThat(bytesOf(Seed.parse(FIELD, text))).isEqualTo(bytes);
  }

  @Property
  void settingsRoundTripThroughAUri(
      @ForAll @Size(min = 10, max = 64) byte[] bytes,
      @ForAll Algorithm algorithm,
      @ForAll @IntRange(min = 6, max = 8) int digits,
      @ForAll @IntRange(min = 1, max = 3600) int period,
      @ForAll("labels") String label) {
    String uri =
        "otpauth://totp/%s?secret=%s&algorithm=%s&digits=%d&period=%d&issuer=ACME"
            .formatted(
                URLEncoder.encode(label, StandardCharsets.UTF_8),
                Base32.encode(bytes),
                algorithm,
                digits,
                period);

    Otp otp = Otp.parse(FIELD, uri);

    assertThat(otp).isEqualTo(new Otp.Totp(otp.seed(), algorithm, digits, period));
    assertThat(bytesOf(otp.seed())).isEqualTo(bytes);
  }

  @Property
  void codesHaveTheirDigitsAndLastOnePeriod(
      @ForAll @Size(min = 10, max = 64) byte[] bytes,
      @ForAll Algorithm algorithm,
      @ForAll @IntRange(min = 6, max = 8) int digits,
      @ForAll @IntRange(min = 1, max = 3600) int period,
      @ForAll @LongRange(min = -YEAR_10000_SECONDS, max = YEAR_10000_SECONDS) long second,
      @ForAll @IntRange(max = 999_999_999) int nanos) {
    Otp.Totp otp = Otp.of(FIELD, Base32.encode(bytes), algorithm.name(), digits, period);
    Instant instant = Instant.ofEpochSecond(second, nanos);

    TimedCode code = otp.at(instant);

    assertThat(code.code()).matches("[0-9]{" + digits + "}");
    assertThat(code.remainingSeconds()).isBetween(1, period);
    assertThat(code.expiresAt()).isAfter(instant).isBeforeOrEqualTo(instant.plusSeconds(period));
    assertThat(otp.at(code.expiresAt().minusNanos(1)).code()).isEqualTo(code.code());
    assertThat(otp.timeStep(code.expiresAt())).isEqualTo(code.timeStep() + 1);
  }

  @Property
  void counterCodesHaveTheirDigits(
      @ForAll @Size(min = 10, max = 64) byte[] bytes,
      @ForAll Algorithm algorithm,
      @ForAll @IntRange(min = 6, max = 8) int digits,
      @ForAll @LongRange(min = 0) long counter) {
    Seed seed = Seed.parse(FIELD, Base32.encode(bytes));

    assertThat(new Otp.Hotp(seed, algorithm, digits, 0).at(counter).code())
        .matches("[0-9]{" + digits + "}");
  }

  @Property
  void steamCodesAreFiveCharactersOfItsAlphabet(
      @ForAll @Size(min = 10, max = 64) byte[] bytes,
      @ForAll @LongRange(min = -YEAR_10000_SECONDS, max = YEAR_10000_SECONDS) long second) {
    Otp.Steam otp = new Otp.Steam(Seed.parse(FIELD, Base32.encode(bytes)));

    assertThat(otp.at(Instant.ofEpochSecond(second)).code())
        .matches("[23456789BCDFGHJKMNPQRTVWXY]{5}");
  }

  @Property(tries = 5000)
  void anyTextIsReadOrRefusedWithoutRepeatingIt(@ForAll("hostile") String text) {
    try {
      assertThat(Otp.parse(FIELD, text).digits()).isBetween(5, 8);
    } catch (BadRequest refused) {
      assertThat(MESSAGES).contains(refused.getMessage());
    }
  }

  @Property
  void anyAlgorithmNameIsReadOrRefused(@ForAll String algorithm) {
    try {
      Otp.of(FIELD, "JBSWY3DPEHPK3PXP", algorithm, null, null);
    } catch (BadRequest refused) {
      assertThat(refused).hasMessage(FIELD + ".algorithm must be SHA1, SHA256 or SHA512");
    }
  }

  @Provide
  Arbitrary<String> separators() {
    return Arbitraries.of(" ", "-", "\t", "\r\n", " - ", "");
  }

  @Provide
  Arbitrary<String> paddings() {
    return Arbitraries.of("", "=", "======", "%3D", "%3d%3D", " = = ");
  }

  @Provide
  Arbitrary<String> labels() {
    // Lone surrogates have no encoding: URLEncoder would write a question mark for them.
    return Arbitraries.strings().withCharRange('\u0000', '\ud7ff').ofMaxLength(20);
  }

  /** Any text, and texts of the pieces that the grammar is made of, in any order. */
  @Provide
  Arbitrary<String> hostile() {
    Arbitrary<String> anything = Arbitraries.strings().all().ofMaxLength(40);
    Arbitrary<String> piece =
        Arbitraries.of(
            "otpauth://",
            "steam://",
            "totp/",
            "hotp/",
            "steam/",
            "Steam:",
            "?",
            "&",
            "=",
            "#",
            "secret=",
            "issuer=Steam",
            "algorithm=SHA1",
            "digits=",
            "period=",
            "counter=",
            "8",
            "99999999999999999999",
            "%",
            "%3D",
            "%3A",
            "%00",
            "%FF",
            "-",
            " ",
            "+",
            "\ud83d",
            "\ude00",
            "\u0000",
            "\u0131",
            "JBSWY3DPEHPK3PXP",
            "JBSWY3DP",
            "A");
    Arbitrary<String> pieces =
        Arbitraries.oneOf(piece, Arbitraries.strings().all().ofMaxLength(3))
            .list()
            .ofMaxSize(14)
            .map(parts -> String.join("", parts));
    Arbitrary<String> nearlyRight =
        pieces.map(text -> "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&" + text);
    return Arbitraries.oneOf(anything, pieces, nearlyRight, anything.map("steam://"::concat));
  }

  private static byte[] bytesOf(Seed seed) {
    return seed.key(Algorithm.SHA1).getEncoded();
  }

  private static Set<String> messages() {
    Set<String> messages =
        Vectors.read("otp-refused.txt", 3).stream()
            .map(row -> row.get(2))
            .collect(toCollection(HashSet::new));
    for (List<String> row : Vectors.read("seeds-refused.txt", 3)) {
      messages.add(FIELD + " " + row.get(2));
      messages.add(FIELD + " parameter secret " + row.get(2));
    }
    return messages;
  }
}
