package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What an identity must be, by all that was answered before; its vault with it. */
final class ExpectedIdentity {
  private static final List<String> ALL_SCOPES =
      List.of("vault:read", "vault:write", "vault:totp", "vault:use");

  final String id;
  final String tenant;
  final TreeMap<String, ExpectedCredential> credentials = new TreeMap<>();
  private final JsonNode createdAt;
  private final List<String> deadKeys = new ArrayList<>();
  private String currentKey;
  private Optional<String> previousKey = Optional.empty();
  private Optional<String> name;
  private Set<String> scopes;
  private Optional<JsonNode> receipt = Optional.empty();

  ExpectedIdentity(String tenant, Optional<String> name, Set<String> scopes, ObjectNode created) {
    this.id = created.get("identityId").asText();
    this.tenant = tenant;
    this.name = name;
    this.scopes = scopes;
    this.currentKey = created.get("rawKey").asText();
    this.createdAt = created.get("createdAt");
  }

  /** Which of an identity's keys an agent presents. */
  enum Key {
    CURRENT,
    PREVIOUS,
    DEAD,
    CUT
  }

  /** A key's text; the current one's where there is no other. */
  String key(Key choice) {
    return switch (choice) {
      case CURRENT -> currentKey;
      case PREVIOUS -> previousKey.orElse(currentKey);
      case DEAD -> deadKeys.isEmpty() ? currentKey : deadKeys.getLast();
      case CUT -> currentKey.substring(0, currentKey.length() - 1);
    };
  }

  boolean opens(String key) {
    return receipt.isEmpty()
        && (key.equals(currentKey) || previousKey.filter(key::equals).isPresent());
  }

  boolean has(String scope) {
    return scopes.contains(scope);
  }

  Optional<JsonNode> receipt() {
    return receipt;
  }

  void revoked(JsonNode answer) {
    receipt = Optional.of(answer);
    credentials.clear();
  }

  void rotated(String next, boolean grace) {
    previousKey.ifPresent(deadKeys::add);
    if (!grace) {
      deadKeys.add(currentKey);
    }
    previousKey = grace ? Optional.of(currentKey) : Optional.empty();
    currentKey = next;
  }

  void updated(Optional<Optional<String>> newName, Set<String> add, Set<String> remove) {
    name = newName.orElse(name);
    scopes =
        Set.copyOf(
            ALL_SCOPES.stream()
                .filter(scope -> scopes.contains(scope) || add.contains(scope))
                .filter(scope -> !remove.contains(scope))
                .toList());
  }

  /** What is the same in every answer about it. */
  ObjectNode summary() {
    ObjectNode body = Api.object();
    body.put("identityId", id);
    body.put("name", shownName());
    body.set("scopes", Api.JSON.valueToTree(ALL_SCOPES.stream().filter(scopes::contains).toList()));
    return body;
  }

  /** An identity without a name is called by its id. */
  private String shownName() {
    return name.orElse("agent-" + id.substring(0, 8));
  }

  /** An operator's view of it. */
  ObjectNode whole() {
    ObjectNode body = summary();
    body.put("type", "AGENT");
    body.put("purpose", "BUYER");
    body.putNull("email");
    body.put("apiKeyPrefix", "avk_" + id);
    body.set("createdAt", createdAt);
    return body;
  }

  /** Its agent's view of it. */
  void assertWhoami(ObjectNode answer) {
    ObjectNode expected = whole();
    expected.remove("apiKeyPrefix");
    expected.put("displayName", shownName());
    expected.putNull("tokenId");
    expected.putNull("labels");
    ObjectNode answered = withoutCounts(answer);
    answered.remove("expiresAt"); // the end of a grace, for a key that was rotated away
    assertThat(answered).isEqualTo(expected);
  }

  /** Counts follow some seconds behind, so no answer's can be told. */
  static ObjectNode withoutCounts(JsonNode answer) {
    ObjectNode rest = answer.deepCopy();
    assertThat(rest.has("lastUsedAt")).isTrue();
    return rest.remove(List.of("lastUsedAt", "usageCount"));
  }
}
