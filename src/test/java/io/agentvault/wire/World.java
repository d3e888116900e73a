package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.keys.OperatorKeys;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A deployment with agents in it, and the contract it is held to. Every answer is validated. */
final class World {
  /** RFC 6238's 20-byte test seed. */
  static final String SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  /** A body to store when it doesn't matter what. */
  static final String API_KEY = "{'type':'API_KEY','data':{'key':'an-example'}}";

  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(30);
  private static final Duration EXPIRY_PATIENCE = Duration.ofSeconds(15);
  private static final OpenApiDocument DOCUMENT = OpenApiDocument.load();

  private final LocalCloud cloud;
  private final Wire wire;
  private final Map<Set<String>, Agent> agents = new ConcurrentHashMap<>();
  private final AtomicInteger labels = new AtomicInteger();

  World(LocalCloud cloud) {
    this.cloud = cloud;
    this.wire = new Wire(URI.create(cloud.url()), URI.create(cloud.invokeUrl()));
  }

  static World shared() {
    return Shared.WORLD;
  }

  private static final class Shared {
    private static final ContractUpstream UPSTREAM = new ContractUpstream();
    private static final World WORLD =
        new World(
            LocalCloud.options()
                .parameter("PublicUrl", "https://vault.example.com")
                .environment("broker", "VAULT_LOCAL_UPSTREAMS", UPSTREAM.place())
                .start());
  }

  LocalCloud cloud() {
    return cloud;
  }

  Wire wire() {
    return wire;
  }

  OpenApiDocument document() {
    return DOCUMENT;
  }

  /** What the broker may call in the shared world. */
  ContractUpstream upstream() {
    return Shared.UPSTREAM;
  }

  /** A deposit that an agent of its own asked for. */
  AskedDeposit asked() {
    Agent agent = newAgent("vault:use", "vault:write");
    Answer asked =
        succeed(
            Way.HTTP,
            Call.of("requestDeposit", agent.key())
                .body("{'label':'x','use':{'allow':[{'host':'a.example'}]}}"));
    return new AskedDeposit(agent, operator(), asked.body());
  }

  /** One that was handed in. */
  AskedDeposit redeemed() {
    AskedDeposit asked = asked();
    succeed(Way.HTTP, asked.redeeming("{'code':'CODE','data':{'key':'an-example'}}"));
    return asked;
  }

  /** An identity and its key. */
  record Agent(String id, Caller.Bearer key) {}

  /** An agent with these scopes, the same one each time. */
  Agent agent(String... scopes) {
    return agents.computeIfAbsent(Set.of(scopes), set -> newAgent(scopes));
  }

  /** An agent with every scope. */
  Agent agent() {
    return agent("vault:read", "vault:write", "vault:totp");
  }

  Caller.Bearer readOnly() {
    return agent("vault:read").key();
  }

  Caller.Bearer writeOnly() {
    return agent("vault:write").key();
  }

  Caller.Bearer totpOnly() {
    return agent("vault:totp").key();
  }

  Agent newAgent(String... scopes) {
    ObjectNode body = Call.json("{'scopes':[]}").deepCopy();
    List.of(scopes).forEach(body.withArray("scopes")::add);
    Answer created = succeed(Way.DIRECT, Call.of("createIdentity", operator()).body(body));
    return new Agent(created.text("identityId"), new Caller.Bearer(created.text("rawKey")));
  }

  Caller.Operator operator() {
    return operator("contract");
  }

  Caller.Operator operator(String tenant) {
    return new Caller.Operator(tenant, cloud.operators().mint(tenant, TOKEN_LIFETIME));
  }

  /** Somebody whose token is good, but not an operator's. */
  Caller.Operator notAnOperator() {
    var claims = OperatorKeys.claims("contract", TOKEN_LIFETIME).remove("groups").build();
    return new Caller.Operator("contract", cloud.operators().sign(claims));
  }

  String freshLabel() {
    return "label-" + labels.incrementAndGet();
  }

  /** Stores under a fresh label of the agent with every scope. */
  String stored(String json) {
    return stored(Call.json(json));
  }

  String stored(JsonNode body) {
    String label = freshLabel();
    succeed(Way.DIRECT, Call.of("store", agent().key(), label).body(body));
    return label;
  }

  /** The label of a credential that has just expired. */
  String expired(String json) {
    ObjectNode body = Call.json(json).deepCopy();
    body.put("expiresAt", Instant.now().plusSeconds(1).truncatedTo(ChronoUnit.MILLIS).toString());
    String label = stored(body);
    Instant end = Instant.now().plus(EXPIRY_PATIENCE);
    while (send(Way.DIRECT, Call.of("get", agent().key(), label)).status() != 410) {
      assertThat(Instant.now()).as("expired by now").isBefore(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return label;
  }

  /** Makes the call; the answer keeps the contract, whatever it is. */
  Answer send(Way way, Call call) {
    OpenApiDocument.Operation operation = DOCUMENT.operation(call.operation());
    Answer answer = way.send(wire, operation, call);
    assertThat(violations(operation, answer)).as("%s: %s", call, answer.status()).isEmpty();
    return answer;
  }

  /** The ETag of the agent's credential. */
  String etag(String label) {
    return succeed(Way.HTTP, Call.of("get", agent().key(), label))
        .headers()
        .getOrDefault("etag", "none");
  }

  /** Makes a call that is to succeed. */
  Answer succeed(Way way, Call call) {
    Answer answer = send(way, call);
    assertThat(answer.isError()).as("%s: %s", call, answer).isFalse();
    return answer;
  }

  /** How an answer breaks the contract. */
  static List<String> violations(OpenApiDocument.Operation operation, Answer answer) {
    if (answer.way() == Way.DIRECT && answer.isError()) {
      return directErrorViolations(operation, answer);
    }
    List<String> violations =
        new ArrayList<>(DOCUMENT.responseViolations(operation, answer.status(), answer.body()));
    if (answer.way() == Way.HTTP) {
      for (String header : DOCUMENT.requiredHeaders(operation, answer.status())) {
        if (!answer.headers().containsKey(header)) {
          violations.add("no header " + header);
        }
      }
      if (!answer.headers().getOrDefault("content-type", "").startsWith("application/json")) {
        violations.add("not application/json");
      }
    }
    return violations;
  }

  /** A function error has a known type, a message, and no stack trace of the inside. */
  private static List<String> directErrorViolations(
      OpenApiDocument.Operation operation, Answer answer) {
    if (!operation.directStatuses().contains(answer.status())) {
      return List.of(operation.id() + " does not document " + answer);
    }
    if (answer.message().isEmpty()) {
      return List.of("no message");
    }
    return answer.body().path("stackTrace").isEmpty() ? List.of() : List.of("a stack trace");
  }
}
