package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Two tenants with two operators each and their agents, next to the real ones: what was done to
 * both, and therefore what the real ones must answer. Tenants are new, so that worlds share a
 * cloud.
 */
final class World {
  static final Set<String> ALL_SCOPES =
      Set.of("vault:read", "vault:write", "vault:totp", "vault:use");
  private static final int OPERATORS = 4;
  private static final int MOST_IDENTITIES = 4;

  final Api api;
  final List<ExpectedIdentity> identities = new ArrayList<>();
  private final Table table;
  private final String name = "w" + UUID.randomUUID();
  private final List<Operator> operators = new ArrayList<>();
  private int steps;

  /** An operator and what proves it. */
  record Operator(String tenant, String token) {}

  World(Api api, Table table) {
    this.api = api;
    this.table = table;
    for (int number = 0; number < OPERATORS; number++) {
      String tenant = name + "-" + number / 2;
      operators.add(new Operator(tenant, api.operator(tenant, "operator-" + number)));
    }
    create(operators.get(0), Optional.empty(), Optional.empty());
    create(operators.get(2), Optional.of("second"), Optional.empty());
  }

  int steps() {
    return steps;
  }

  /** One operation, whatever came of it. */
  void step() {
    steps++;
  }

  Operator operator(int number) {
    return operators.get(number % OPERATORS);
  }

  ExpectedIdentity identity(int number) {
    return identities.get(number % identities.size());
  }

  /** One that is there: nearly all is done by agents whose vault still exists. */
  ExpectedIdentity living(int number) {
    List<ExpectedIdentity> living = living();
    return living.isEmpty() ? identity(number) : living.get(number % living.size());
  }

  private List<ExpectedIdentity> living() {
    return identities.stream().filter(each -> each.receipt().isEmpty()).toList();
  }

  boolean isFull() {
    return living().size() >= MOST_IDENTITIES;
  }

  void create(Operator operator, Optional<String> newName, Optional<Set<String>> scopes) {
    ObjectNode body = Api.object();
    newName.ifPresent(text -> body.put("name", text));
    scopes.ifPresent(texts -> body.set("scopes", Api.JSON.valueToTree(texts)));
    Instant from = Window.now();
    Api.Reply reply = api.post(operator.token(), Api.IDENTITIES, body);
    assertThat(reply.status()).isEqualTo(201);
    Window.since(from).assertIn(reply.body().get("createdAt"));
    ExpectedIdentity created =
        new ExpectedIdentity(operator.tenant(), newName, scopes.orElse(ALL_SCOPES), reply.body());
    ObjectNode expected = created.whole();
    expected.remove(List.of("email", "lastUsedAt"));
    expected.putNull("emailAddress");
    expected.put("rawKey", created.key(ExpectedIdentity.Key.CURRENT));
    assertThat(reply.body()).isEqualTo(expected);
    assertThat(created.key(ExpectedIdentity.Key.CURRENT)).startsWith("avk_" + created.id + "_");
    identities.add(created);
  }

  static void assertRefused(Api.Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
    assertThat(reply.body().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("error", "message", "status", "requestId");
    assertThat(reply.error()).isEqualTo(code);
    assertThat(reply.body().get("status").asInt()).isEqualTo(status);
  }

  /** The table holds of every identity what it must, and of a revoked one nothing but a receipt. */
  void assertTable() {
    for (ExpectedIdentity identity : identities) {
      Set<String> sortKeys = new TreeSet<>();
      if (identity.receipt().isEmpty()) {
        sortKeys.add("IDENTITY");
        sortKeys.add("USAGE");
        identity.credentials.keySet().forEach(label -> sortKeys.add("CREDENTIAL#" + label));
      }
      Map<String, Map<String, AttributeValue>> partition = table.partition(identity.id);
      assertThat(partition.keySet()).isEqualTo(sortKeys);
      if (identity.receipt().isEmpty()) {
        assertThat(partition.getOrDefault("USAGE", Map.of()))
            .containsEntry(
                "credentialCount",
                AttributeValue.fromN(Integer.toString(identity.credentials.size())));
      }
      assertThat(table.receipt(identity.id).isPresent()).isEqualTo(identity.receipt().isPresent());
    }
  }

  @Override
  public String toString() {
    return "World[" + Map.of("identities", identities.size(), "steps", steps) + "]";
  }
}
