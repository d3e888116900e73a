package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.api.Events;
import io.agentvault.threats.Echo.Framing;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A canary through an upstream that repeats all that it was given: it is in no answer of ours. */
final class EchoIT {
  /** With characters that each escape writes differently. */
  private static final String SECRET = "zq9-canary/\"+\\%&='<ok>~0123";

  private static final String ENCODED =
      URLEncoder.encode(SECRET, StandardCharsets.UTF_8).replace("+", "%20");

  private static final UseBench BENCH = new UseBench("echo");

  private static final List<String> WAYS =
      List.of(
          "{'type':'bearer','field':'key'}",
          "{'type':'header','name':'X-Token','field':'key','prefix':'token '}",
          "{'type':'query','name':'api_key','field':'key'}",
          "{'type':'basic','username':'literal:ada','password':'key'}",
          "{'type':'basic','username':'key','password':'literal:'}");

  static {
    for (int i = 0; i < WAYS.size(); i++) {
      BENCH.store(
          "way-" + i,
          "API_KEY",
          Map.of("key", SECRET),
          "'allow':[{'host':'" + BENCH.upstream.place() + "'}],'as':" + WAYS.get(i));
    }
  }

  @AfterAll
  static void stop() {
    BENCH.close();
  }

  static Stream<Arguments> ways() {
    List<Arguments> all = new ArrayList<>();
    for (int i = 0; i < WAYS.size(); i++) {
      for (Framing framing : Framing.values()) {
        all.add(Arguments.of(WAYS.get(i), framing, "way-" + i));
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("ways")
  void anEchoInAnyFormAndFrameHoldsNoSecret(String as, Framing framing, String label) {
    BENCH.next.set(Echo.as(framing));
    BENCH.forget();
    String key = BENCH.agent.key();
    String url = "http://" + BENCH.upstream.place() + "/x?y=1";
    ObjectNode event =
        Events.json("{'action':'vault.use','method':'POST','body':'hello'}")
            .put("key", key)
            .put("label", label)
            .put("url", url);
    List<Reply> replies =
        List.of(
            BENCH.proxy("GET", label, "/x?y=1"),
            BENCH.use(label, "{'method':'GET','url':'" + url + "'}"),
            BENCH.gate.direct("broker", event.toString()));
    assertThat(replies).extracting(Reply::status).containsOnly(200);
    assertThat(BENCH.upstream.requests()).hasSize(3);
    assertThat(BENCH.upstream.requests())
        .allSatisfy(sent -> assertThat(Echo.shows(sent, SECRET)).as("it was sent").isTrue());
    for (Reply reply : replies) {
      String all = reply.headers().map() + "\n" + reply.body();
      assertThat(all).contains("[scrubbed]", "/x?y=1");
      assertThat(Echo.shows(all, SECRET)).as("the secret, in some form").isFalse();
      assertThat(Echo.shows(all, ENCODED)).as("the secret of a URL, in some form").isFalse();
      assertThat(Echo.shows(all, key)).as("the vault's key, in some form").isFalse();
    }
  }
}
