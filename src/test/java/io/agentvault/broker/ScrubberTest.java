package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScrubberTest {
  private static final String SECRET = "p\"a/s\\s+w ö=rd?/ÿ~%41&é漢😀";
  private static final Scrubber SCRUBBER = new Scrubber(List.of(SECRET));

  private record Form(String name, UnaryOperator<String> render) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Form> forms() {
    return Stream.of(
        new Form("raw", text -> text),
        new Form("JSON", text -> TextNode.valueOf(text).toString()),
        new Form("JSON in JSON's own escapes only", ScrubberTest::everyUnitEscaped),
        new Form("JSON with slashes escaped", text -> json(text).replace("/", "\\/")),
        new Form("form", text -> URLEncoder.encode(text, UTF_8)),
        new Form("percent", text -> URLEncoder.encode(text, UTF_8).replace("+", "%20")),
        new Form("percent, small", text -> lowerEscapes(URLEncoder.encode(text, UTF_8))),
        new Form("every byte percent-encoded", ScrubberTest::everyByteEncoded),
        new Form("hex", text -> HexFormat.of().formatHex(text.getBytes(UTF_8))),
        new Form("HEX", text -> HexFormat.of().withUpperCase().formatHex(text.getBytes(UTF_8))),
        new Form("base64", text -> Base64.getEncoder().encodeToString(text.getBytes(UTF_8))),
        new Form("base64url", text -> Base64.getUrlEncoder().encodeToString(text.getBytes(UTF_8))),
        new Form("base64 in JSON", text -> base64(text).replace("/", "\\/")),
        new Form("base64, percent-encoded", text -> URLEncoder.encode(base64(text), UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theSecretIsTakenOutInEveryFormAndEveryAlignment(Form form) {
    for (String before : List.of("", "a", "ab", "abc")) {
      for (String after : List.of("", "x", "xy", "xyz")) {
        String rendered = "<<" + form.render().apply(before + SECRET + after) + ">>";
        String scrubbed = new String(SCRUBBER.scrub(rendered.getBytes(UTF_8)), UTF_8);
        assertThat(scrubbed).startsWith("<<").endsWith(">>").contains("[scrubbed]");
        // what is left of base64 is at most what stands at the borders of its groups
        assertThat(scrubbed.length()).isLessThan("<<[scrubbed]>>".length() + 40);
      }
    }
  }

  @Test
  void whatHoldsNoSecretIsTheSameToTheByte() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    assertThat(SCRUBBER.scrub(bytes)).isSameAs(bytes);
    assertThat(SCRUBBER.scrub(new byte[0])).isEmpty();
    assertThat(SCRUBBER.scrub("100% \\ \\u12 %4")).isEqualTo("100% \\ \\u12 %4");
  }

  @Test
  void secretsThatTouchOrOverlapAreAllTakenOut() {
    Scrubber scrubber = new Scrubber(List.of("secret-one", "one-secret", "abcd"));
    assertThat(scrubber.scrub("a secret-one-secret b")).isEqualTo("a [scrubbed] b");
    assertThat(scrubber.scrub("abcdabcd.abcd")).isEqualTo("[scrubbed].[scrubbed]");
    assertThat(scrubber.scrub("secret-on e")).isEqualTo("secret-on e");
    assertThat(scrubber.scrub("cut off: secret-on")).isEqualTo("cut off: secret-on");
  }

  @Test
  void aSecretTooShortToTellFromChanceIsLeftAlone() {
    assertThat(new Scrubber(List.of("abc", "")).scrub("abcabc")).isEqualTo("abcabc");
  }

  @Test
  void theWholeHeaderInBase64HoldsTheSecretNoMore() {
    Scrubber scrubber = new Scrubber(List.of("ghp_0123456789abcdef"));
    String echoed =
        Base64.getEncoder().encodeToString("Bearer ghp_0123456789abcdef".getBytes(ISO_8859_1));
    assertThat(scrubber.scrub(echoed)).startsWith("QmVhcmVy").contains("[scrubbed]");
  }

  private static String json(String text) {
    return TextNode.valueOf(text).toString();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String everyUnitEscaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars().forEach(unit -> escaped.append(String.format(Locale.ROOT, "\\u%04X", unit)));
    return escaped.toString();
  }

  private static String everyByteEncoded(String text) {
    return "%" + HexFormat.ofDelimiter("%").formatHex(text.getBytes(UTF_8));
  }

  private static String lowerEscapes(String text) {
    StringBuilder lower = new StringBuilder(text);
    for (int i = 0; i + 2 < lower.length(); i++) {
      if (lower.charAt(i) == '%') {
        lower.replace(i, i + 3, lower.substring(i, i + 3).toLowerCase(Locale.ROOT));
      }
    }
    return lower.toString();
  }
}
