package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "7",
        "'canary'",
        "[]",
        "{",
        "{}}",
        "{} {}",
        "{'a':1,'a':2}",
        "{'o':{'a':1,'a':1}}",
        "{'a':[{'b':1,'b':2}]}",
        "{'a':canary}",
        "{'a':'canary}",
        "{'a':01}",
        "{'a':NaN}",
        "{a:1}",
        "{'a':1,}",
        "// canary\n{}",
        "{'a':'\u0001'}"
      })
  void whatIsNotOneWellFormedObjectIsRefusedWithoutRepeatingIt(String text) {
    assertRefused(text.replace('\'', '"').getBytes(UTF_8));
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    assertRefused(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'});
    assertRefused(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xc3, '"', '}'});
    assertRefused(new byte[] {0, 0, 0});
  }

  @Test
  void numbersKeepTheirDigits() {
    String text = "{\"a\":1.00,\"b\":12345678901234567890123,\"c\":0.1,\"d\":-5,\"e\":1E+400}";

    assertThat(new String(Json.bytes(Json.object("body", text.getBytes(UTF_8))), UTF_8))
        .isEqualTo(text);
  }

  @Test
  void aNumberOfMoreThanAThousandCharactersIsRefused() {
    assertThat(Json.object("body", number(1_000))).hasSize(1);
    assertRefused(number(1_001));
  }

  private static byte[] number(int digits) {
    return ("{\"a\":" + "9".repeat(digits) + "}").getBytes(UTF_8);
  }

  @Test
  void anEventIsNestedAtMost64Deep() {
    assertThat(Json.object("event", nested(64))).hasSize(1);
    assertRefused(nested(65));
  }

  @Test
  void whatACallerSendsIsNestedAtMost16Deep() {
    Json.check("body", Json.object("body", nested(16)));

    assertThatThrownBy(() -> Json.check("body", Json.object("body", nested(17))))
        .isInstanceOf(BadRequest.class)
        .hasMessage("body must be nested at most 16 deep");
    assertThatThrownBy(
            () -> Json.check("body", Events.json("{'a':" + "[".repeat(16) + "]".repeat(16) + "}")))
        .isInstanceOf(BadRequest.class);
  }

  private static byte[] nested(int depth) {
    return ("{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1)).getBytes(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'a':'\\ud800'}",
        "{'a':'\\udc00'}",
        "{'a':'x\\ud800x'}",
        "{'a':'\\ud800\\ud800\\udc00'}",
        "{'a':'\\udc00\\ud800'}",
        "{'a':[{'b':'\\ud83d'}]}"
      })
  void aLoneSurrogateAnywhereIsRefused(String text) {
    assertThatThrownBy(() -> Json.check("event", Events.json(text)))
        .isInstanceOf(BadRequest.class)
        .hasMessage("event must be well-formed Unicode, without a lone surrogate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00", "x\\ud800", "x\\udc00", "\\ud800x"})
  void aLoneSurrogateInANameIsRefused(String name) {
    byte[] bytes = ("{\"a\":[{\"" + name + "\":1}]}").getBytes(UTF_8);

    assertThatThrownBy(() -> Json.check("event", Json.object("event", bytes)))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("event must be ");
  }

  @Test
  void aNameIsHeldToUnicodeLikeAnyText() {
    ObjectNode tree = Bodies.object();
    tree.putArray("a").addObject().put("x\ud800", 1);

    assertThatThrownBy(() -> Json.check("event", tree))
        .isInstanceOf(BadRequest.class)
        .hasMessage("event must be well-formed Unicode, without a lone surrogate");
  }

  @Test
  void surrogatePairsAreTextLikeAnyOther() {
    Json.check("body", Events.json("{'\\ud83d\\udd11':['\\ud83d\\udd11\\ud83d\\udd11','x',1]}"));
  }

  private static void assertRefused(byte[] bytes) {
    assertThatThrownBy(() -> Json.object("event", bytes))
        .isInstanceOf(BadRequest.class)
        .hasMessage("event must be one JSON object in UTF-8, without a name that stands twice")
        .hasNoCause();
  }
}
