package io.agentvault.threats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.broker.RawServer;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.runtime.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Packaged functions whose broker may call upstreams of this machine, and an agent with credentials
 * for one of them. What was tried is kept as a table.
 */
final class UseBench implements AutoCloseable {
  /** Seconds that the broker has; the template's 29 would make a hanging upstream's test long. */
  private static final int TIMEOUT = 12;

  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** What the upstream does next. */
  final AtomicReference<RawServer.Answering> next = new AtomicReference<>(saying(OK));

  final RawServer upstream = RawServer.answering((socket, sent) -> next.get().run(socket, sent));

  /** The deployment would let it be called; no policy does. */
  final RawServer elsewhere = RawServer.saying(OK);

  /** Policies allow it; the deployment does not let it be called. */
  final RawServer stranger = RawServer.saying(OK);

  final LocalCloud cloud;
  final Gate gate;
  final Agent agent;
  private final List<String> rows = new ArrayList<>();

  UseBench(String name) {
    cloud =
        LocalCloud.options()
            .template(shortened(name))
            .functionUrl("broker")
            .environment(
                "broker", "VAULT_LOCAL_UPSTREAMS", upstream.place() + "," + elsewhere.place())
            .start();
    gate = new Gate(cloud);
    agent = gate.agent();
  }

  private static Path shortened(String name) {
    try {
      String template = Files.readString(Path.of("template.yaml"));
      int broker = template.indexOf("\n  BrokerFunction:");
      Path file = Path.of("target/" + name + "-template.yaml");
      Files.writeString(
          file,
          template.substring(0, broker)
              + template.substring(broker).replaceFirst("Timeout: 29", "Timeout: " + TIMEOUT));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RawServer.Answering saying(String answer) {
    return (socket, sent) -> socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
  }

  /** Stores a credential that can be used and not read. */
  void store(String label, String type, Map<String, String> data, String allowAndAs) {
    ObjectNode body = Reply.MAPPER.createObjectNode().put("type", type);
    data.forEach(body.putObject("data")::put);
    ObjectNode use = (ObjectNode) parse("{" + allowAndAs + "}");
    body.set("use", use.put("reveal", false));
    Reply stored = gate.store(agent, label, body.toString());
    if (stored.status() != 200) {
      throw new AssertionError(label + " was not stored: " + stored.body());
    }
  }

  private static JsonNode parse(String json) {
    return Reply.bare(0, json.replace('\'', '"')).json();
  }

  void forget() {
    List.of(upstream, elsewhere, stranger).forEach(RawServer::forget);
  }

  /** How many requests reached anybody. */
  int calls() {
    return upstream.requests().size() + elsewhere.requests().size() + stranger.requests().size();
  }

  /** A request in the proxy form, through the gateway. */
  Reply proxy(String method, String label, String path, String... headers) {
    return gate.send(method, "/v0/proxy/" + label + path, agent.key(), "", headers);
  }

  /** A use of {@code fields}, written with single quotes. */
  Reply use(String label, String fields) {
    return gate.send("POST", "/v0/vault/" + label + "/use", agent.key(), fields.replace('\'', '"'));
  }

  /** A GET in the form of JSON. */
  Reply use(String label) {
    return use(label, "{'method':'GET','url':'http://" + upstream.place() + "/'}");
  }

  /** What the broker answers to an event that no gateway made: whoever may invoke can forge one. */
  Reply forged(ObjectNode event) {
    Outcome outcome = gate.invoke("broker", event.toString()).outcome();
    if (!(outcome instanceof Outcome.Answer answer)) {
      return Reply.bare(0, outcome.toString());
    }
    JsonNode response = Reply.bare(0, answer.text()).json();
    String body = response.path("body").asText();
    boolean encoded = response.path("isBase64Encoded").asBoolean();
    return Reply.bare(
        response.path("statusCode").asInt(),
        encoded ? new String(Base64.getDecoder().decode(body), ISO_8859_1) : body);
  }

  /** A line of the table: what was sent, what was answered, what reached an upstream. */
  void tried(String attack, Reply reply) {
    String outcome = reply.headers().firstValue("vault-outcome").map(o -> o + " ").orElse("");
    rows.add(
        "| "
            + attack.replace("|", "\\|")
            + " | "
            + outcome
            + reply.status()
            + (reply.status() >= 400 && reply.body().startsWith("{\"error\"")
                ? " " + reply.error() + ": " + reply.json().path("message").asText()
                : "")
            + " | "
            + calls()
            + " |\n");
  }

  /** Writes the table for people; it asserts nothing. */
  void write(String title, String file) {
    try {
      Files.writeString(
          Path.of("target", file),
          "# "
              + title
              + "\n\n| sent | answered | requests that reached an upstream |\n|---|---|---|\n"
              + String.join("", rows));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cloud.close();
    List.of(upstream, elsewhere, stranger).forEach(RawServer::close);
  }
}
