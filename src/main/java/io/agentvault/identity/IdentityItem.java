package io.agentvault.identity;

import static io.agentvault.remote.Attributes.bytes;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Attributes.texts;

import io.agentvault.problem.Internal;
import io.agentvault.remote.Attributes;
import io.agentvault.remote.Times;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;

/** How an identity stands in the table: one item, {@code AGENT#<agentId>} / {@code IDENTITY}. */
public final class IdentityItem {
  /** The sort key of the identity in its own partition. */
  public static final String SORT_KEY = "IDENTITY";

  static final String PARTITION_PREFIX = "AGENT#";
  static final String TENANT = "tenant";
  static final String NAME = "name";
  static final String SCOPES = "scopes";
  static final String KEY_HASH = "keyHash";
  static final String KEY_GENERATION = "keyGeneration";
  static final String PREVIOUS_KEY_HASH = "previousKeyHash";
  static final String PREVIOUS_KEY_GENERATION = "previousKeyGeneration";
  static final String PREVIOUS_KEY_NOT_AFTER = "previousKeyNotAfter";
  static final String WRAPPED_DATA_KEY = "wrappedDataKey";
  static final String DEPOSITORS = "depositors";
  static final String CREATED_AT = "createdAt";

  /** Counts the changes of the item; what a write's condition check compares. */
  public static final String REVISION = "revision";

  private static final String WHAT = "identity";

  private IdentityItem() {}

  /** The partition of everything that belongs to {@code id}. */
  public static AttributeValue partition(AgentId id) {
    return text(PARTITION_PREFIX + id.text());
  }

  /** The primary key of the identity item of {@code id}. */
  public static Map<String, AttributeValue> key(AgentId id) {
    return Map.of("pk", partition(id), "sk", text(SORT_KEY));
  }

  /** Holds a transaction to the identity being there as it was read. */
  public static ConditionCheck same(Identity identity, String table) {
    return ConditionCheck.builder()
        .tableName(table)
        .key(key(identity.id()))
        .conditionExpression("revision = :revision")
        .expressionAttributeValues(Map.of(":revision", number(identity.revision())))
        .build();
  }

  static Map<String, AttributeValue> write(Identity identity) {
    Map<String, AttributeValue> item = new HashMap<>(key(identity.id()));
    item.put(TENANT, text(identity.tenant()));
    identity.name().ifPresent(name -> item.put(NAME, text(name)));
    item.put(SCOPES, texts(Scope.texts(identity.scopes())));
    item.put(KEY_HASH, bytes(identity.current().hash()));
    item.put(KEY_GENERATION, number(identity.current().generation()));
    item.put(WRAPPED_DATA_KEY, bytes(identity.wrappedDataKey().bytes()));
    if (!identity.depositors().isEmpty()) {
      item.put(DEPOSITORS, texts(identity.depositors()));
    }
    item.put(CREATED_AT, createdAt(identity.createdAt()));
    item.put(REVISION, number(identity.revision()));
    return item;
  }

  /** Always with three digits of a second, so that the index sorts the texts as times. */
  static AttributeValue createdAt(Instant instant) {
    return text(Times.text(instant));
  }

  /**
   * The identity in {@code item}.
   *
   * @throws Internal when the item was not written by us
   */
  public static Identity read(Map<String, AttributeValue> item) {
    Attributes attributes = Attributes.of(item);
    return new Identity(
        idOf(item),
        attributes.text(TENANT, WHAT),
        attributes.optionalText(NAME),
        scopes(attributes),
        KeyVerifier.stored(
            attributes.bytes(KEY_HASH, WHAT), generation(attributes, KEY_GENERATION)),
        previous(attributes),
        new WrappedDataKey(attributes.bytes(WRAPPED_DATA_KEY, WHAT)),
        attributes.texts(DEPOSITORS),
        attributes.instant(CREATED_AT, WHAT),
        attributes.number(REVISION, WHAT));
  }

  /** What the tenant index holds of an identity: no verifier and no key. */
  static Summary summary(Map<String, AttributeValue> item) {
    Attributes attributes = Attributes.of(item);
    return new Summary(
        idOf(item),
        attributes.optionalText(NAME),
        scopes(attributes),
        attributes.instant(CREATED_AT, WHAT));
  }

  private static AgentId idOf(Map<String, AttributeValue> item) {
    return idOf(Attributes.of(item).text("pk", WHAT))
        .orElseThrow(() -> new Internal("a stored identity is malformed"));
  }

  /** The identity whose partition this is, if it is one's. */
  public static Optional<AgentId> idOf(String partition) {
    return partition.startsWith(PARTITION_PREFIX)
        ? AgentId.parse(partition.substring(PARTITION_PREFIX.length()))
        : Optional.empty();
  }

  private static Set<Scope> scopes(Attributes attributes) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    attributes.texts(SCOPES).forEach(text -> Scope.parse(text).ifPresent(scopes::add));
    return scopes;
  }

  /** The items of earlier versions have none: their keys count as first ones. */
  private static long generation(Attributes attributes, String name) {
    return attributes.optionalNumber(name).orElse(0L);
  }

  private static Optional<Identity.PreviousKey> previous(Attributes attributes) {
    return attributes
        .optionalBytes(PREVIOUS_KEY_HASH)
        .map(
            hash ->
                new Identity.PreviousKey(
                    KeyVerifier.stored(hash, generation(attributes, PREVIOUS_KEY_GENERATION)),
                    Instant.ofEpochMilli(attributes.number(PREVIOUS_KEY_NOT_AFTER, WHAT))));
  }

  /**
   * An identity as a listing shows it.
   *
   * @param id its name
   * @param name what an operator calls it
   * @param scopes what its key may do
   * @param createdAt to the millisecond
   */
  public record Summary(AgentId id, Optional<String> name, Set<Scope> scopes, Instant createdAt) {
    /** What is shown of {@code identity}. */
    public static Summary of(Identity identity) {
      return new Summary(identity.id(), identity.name(), identity.scopes(), identity.createdAt());
    }
  }
}
