package io.agentvault.wire;

import static io.agentvault.wire.Hostile.direct;
import static io.agentvault.wire.Hostile.forged;
import static io.agentvault.wire.Hostile.httpEvent;
import static io.agentvault.wire.Hostile.key;
import static io.agentvault.wire.Hostile.put;
import static io.agentvault.wire.Hostile.withoutRemoteCall;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * JSON that no honest client sends: each gets the documented error, none a defect's answer, and
 * what is malformed or too large costs no remote call.
 */
class HostileJsonIT {
  private static final World WORLD = World.shared();
  private static final String DEEP_16 = "[".repeat(14) + "]".repeat(14);
  private static final String DEEP_17 = "[".repeat(15) + "]".repeat(15);

  /** A JSON object that no store takes; where it is deep, the request is its first level. */
  static Stream<String> malformedObjects() {
    return Stream.of(
        "{'type':'CUSTOM','type':'CUSTOM','data':{}}",
        "{'type':'CUSTOM','data':{'a':1,'a':1}}",
        "{'type':'CUSTOM','data':{'a':{'b':[{'c':1,'c':2}]}}}",
        "{'type':'CUSTOM','data':{'a':" + DEEP_17 + "}}",
        "{'type':'CUSTOM','data':{},'ignored':[" + DEEP_17 + "]}",
        "{'type':'CUSTOM','data':{'a':" + "[".repeat(5000) + "]".repeat(5000) + "}}",
        "{'type':'CUSTOM','data':{'a':" + "{'x':".repeat(900) + "1" + "}".repeat(900) + "}}",
        "{'type':'CUSTOM','data':{'a':" + "9".repeat(2000) + "}}",
        "{'type':'CUSTOM','data':{'a':1e99999999999}}",
        "{'type':'CUSTOM','data':{},'ignored':[-1E-99999999999]}",
        "{'type':'CUSTOM','data':{'a':'\\ud800'}}",
        "{'type':'CUSTOM','data':{'a':'\\udc00\\ud800'}}",
        "{'type':'CUSTOM','data':{'\\ud83d':1}}",
        "{'type':'CUSTOM','data':{},'metadata':{'a':'x\\udfff'}}",
        "{'type':'CUSTOM','data':{'a':NaN}}",
        "{'type':'CUSTOM','data':{'a':Infinity}}",
        "{'type':'CUSTOM','data':{'a':01}}",
        "{'type':'CUSTOM','data':{'a':+1}}",
        "{'type':'CUSTOM','data':{'a':.5}}",
        "{'type':'CUSTOM','data':{'a':0x10}}",
        "{'type':'CUSTOM','data':{'a':1,}}",
        "{'type':'CUSTOM','data':{a:1}}",
        "{'type':'CUSTOM','data':{/* note */}}",
        "{'type':'CUSTOM','data':{'a':'\t'}}",
        "{'type':'CUSTOM','data':{'a':'\\x41'}}",
        "{'type':'CUSTOM','data':{}",
        "{'type':'CUSTOM','data':{}}}",
        "{'type':'CUSTOM','data':{}} {}");
  }

  static Stream<String> malformedBodies() {
    return Stream.concat(
        malformedObjects(),
        Stream.of("", " ", "null", "true", "7", "'text'", "[]", "[{}]", "{", "\u0000", "\ufeff{}"));
  }

  @ParameterizedTest
  @MethodSource("malformedBodies")
  void aMalformedBodyIsABadRequestAndCostsNoCall(String body) {
    byte[] bytes = body.replace('\'', '"').getBytes(UTF_8);
    for (String type : List.of("application/json", "application/octet-stream")) {
      Answer answer = withoutRemoteCall(() -> put("never", bytes, Map.of("Content-Type", type)));
      assertThat(answer.status()).as("%s %s", type, answer).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @MethodSource("malformedObjects")
  void aMalformedEventIsABadRequestAndCostsNoCall(String body) {
    String start = "{'action':'vault.store','key':'%s','label':'never',".replace('\'', '"');
    String event = start.formatted(key().credential()) + body.replace('\'', '"').substring(1);
    Answer answer = withoutRemoteCall(() -> direct("vault", event.getBytes(UTF_8)));
    assertThat(answer.status()).as("%s", answer).isEqualTo(400);
  }

  @Test
  void bytesThatAreNoUtf8AreABadRequest() {
    byte[] body =
        ("{\"type\":\"CUSTOM\",\"data\":{\"a\":\"" + (char) 0xE9 + "\"}}").getBytes(ISO_8859_1);
    assertThat(withoutRemoteCall(() -> put("never", body, Map.of())).status()).isEqualTo(400);
    byte[] overlong =
        "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"\u00c0\u00af\"}}".getBytes(ISO_8859_1);
    assertThat(withoutRemoteCall(() -> put("never", overlong, Map.of())).status()).isEqualTo(400);
  }

  @Test
  void sixteenLevelsAreFineAndUnknownFieldsAreIgnored() {
    String body =
        "{'type':'CUSTOM','data':{'a':" + DEEP_16 + "},'x':7,'label':'y','agentId':'z','pk':'q'}";
    String label = WORLD.freshLabel();
    Answer stored = put(label, body.replace('\'', '"').getBytes(UTF_8), Map.of());
    assertThat(stored.status()).as("%s", stored).isEqualTo(200);
    assertThat(stored.text("name")).isEqualTo(label);
    Call store = Call.of("store", key(), WORLD.freshLabel());
    Answer direct =
        WORLD.send(Way.DIRECT, store.body("{'type':'CUSTOM','data':{'a':" + DEEP_16 + "},'x':7}"));
    assertThat(direct.status()).as("%s", direct).isEqualTo(200);
  }

  @Test
  void aHugeNumberComesBackDigitByDigit() {
    String number = "123456789012345678901234567890.10";
    for (String each : List.of(number, "-0.10", "1E+400", "9007199254740993", "1.0", "1.50")) {
      String label = WORLD.freshLabel();
      String body = "{\"type\":\"CUSTOM\",\"data\":{\"a\":" + each + "}}";
      assertThat(put(label, body.getBytes(UTF_8), Map.of()).status()).isEqualTo(200);
      Map<String, String> headers = Map.of("Authorization", "Bearer " + key().credential());
      String got = WORLD.wire().text("GET", "/v0/vault/" + label, headers);
      assertThat(got).contains("\"data\":{\"a\":" + each + "}");
    }
  }

  @Test
  void aBodyInBase64IsTheSameBody() {
    byte[] body = "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"\u00e9\u2603\"}}".getBytes(UTF_8);
    String label = WORLD.freshLabel();
    Answer stored = put(label, body, Map.of("Content-Type", "application/octet-stream"));
    assertThat(stored.status()).as("%s", stored).isEqualTo(200);
    Answer got = WORLD.succeed(Way.HTTP, Call.of("get", key(), label));
    assertThat(got.body().at("/data/a").asText()).isEqualTo("\u00e9\u2603");
  }

  @Test
  void aBodyThatSaysBase64AndIsNotIsABadRequest() {
    ObjectNode event = httpEvent("PUT", "/v0/vault/never");
    event.put("isBase64Encoded", true);
    for (String body : List.of("%%%", "{}", "A", Base64.getEncoder().encodeToString(new byte[3]))) {
      event.put("body", body);
      assertThat(withoutRemoteCall(() -> forged(event)).status()).as(body).isEqualTo(400);
    }
  }

  @Test
  void aLoneSurrogateThatNoGatewaySendsIsABadRequestToo() {
    ObjectNode event = httpEvent("PUT", "/v0/vault/never");
    String mark = "SURROGATE";
    event.put("body", "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"" + mark + "\"}}");
    String json = event.toString().replace(mark, "\\ud800");
    Answer answer = WORLD.wire().forged("vault", json.getBytes(UTF_8));
    assertThat(answer.status()).as("%s", answer).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"128", "129", "200", "700", "1100", "4000"})
  void aBodyPast128KibIsTooLargeAndCostsNoCall(int kibibytes) {
    byte[] body = new byte[kibibytes * 1024 + 1];
    Arrays.fill(body, (byte) ' ');
    byte[] start = "{\"type\":\"CUSTOM\",\"data\":{}}".getBytes(UTF_8);
    System.arraycopy(start, 0, body, 0, start.length);
    for (String type : List.of("application/json", "application/octet-stream")) {
      Answer answer = withoutRemoteCall(() -> put("never", body, Map.of("Content-Type", type)));
      assertThat(answer.status()).as("%s", answer).isEqualTo(413);
    }
  }

  @Test
  void aBodyOf128KibIsNotTooLarge() {
    byte[] body = new byte[128 * 1024];
    Arrays.fill(body, (byte) ' ');
    byte[] start = "{\"type\":\"CUSTOM\",\"data\":{}}".getBytes(UTF_8);
    System.arraycopy(start, 0, body, 0, start.length);
    for (String type : List.of("application/json", "application/octet-stream")) {
      Answer answer = put(WORLD.freshLabel(), body, Map.of("Content-Type", type));
      assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"18446744073709551617", "4294967297", "1e0", "1.0", "'１'", "'+1'", "[1]"})
  void aLimitIsAWholeNumberAsItIsWritten(String limit) {
    String event =
        "{\"action\":\"vault.list\",\"key\":\"%s\",\"limit\":%s}"
            .formatted(key().credential(), limit.replace('\'', '"'));
    Answer answer = withoutRemoteCall(() -> direct("vault", event.getBytes(UTF_8)));
    assertThat(answer.status()).as("%s", answer).isEqualTo(400);
    assertThat(answer.message()).contains("limit");
  }
}
