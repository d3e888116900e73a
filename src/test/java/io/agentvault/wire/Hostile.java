package io.agentvault.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Ways to send what no honest client does. */
final class Hostile {
  private static final World WORLD = World.shared();

  private Hostile() {}

  static Caller.Bearer key() {
    return WORLD.agent().key();
  }

  static Map<String, String> bearer(Map<String, String> others) {
    Map<String, String> headers = new LinkedHashMap<>(others);
    headers.put("Authorization", "Bearer " + key().credential());
    return headers;
  }

  static Answer put(String label, byte[] body, Map<String, String> headers) {
    return checked(WORLD.wire().http("PUT", "/v0/vault/" + label, bearer(headers), body));
  }

  static Answer direct(String function, byte[] event) {
    return checked(WORLD.wire().direct(function, event, 200));
  }

  static ObjectNode httpEvent(String method, String path) {
    ObjectNode event = Call.json("{'version':'2.0','headers':{}}").deepCopy();
    event.put("rawPath", path);
    event.withObject("headers").put("authorization", "Bearer " + key().credential());
    event.withObject("requestContext").put("requestId", "forged").put("stage", "$default");
    event.withObject("requestContext").putObject("http").put("method", method).put("path", path);
    return event;
  }

  static Answer forged(ObjectNode event) {
    return forged("vault", event);
  }

  static Answer forged(String function, ObjectNode event) {
    return checked(WORLD.wire().forged(function, event.toString().getBytes(UTF_8)));
  }

  /** No defect, and no trace of the inside, whatever was sent. */
  static Answer checked(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isNotIn(500, Wire.CRASHED);
    assertThat(answer.body().toString()).doesNotContain("at io.agentvault", "Exception", "jackson");
    return answer;
  }

  static Answer withoutRemoteCall(Supplier<Answer> call) {
    key(); // provisioned before anything is counted
    WORLD.cloud().tap().clear();
    Answer answer = call.get();
    assertThat(WORLD.cloud().tap().callsOf("vault")).as("remote calls").isEmpty();
    assertThat(WORLD.cloud().tap().callsOf("identity")).as("remote calls").isEmpty();
    return answer;
  }
}
