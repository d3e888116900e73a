package io.agentvault.vault;

import static io.agentvault.remote.Attributes.bytes;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;

import io.agentvault.identity.AgentId;
import io.agentvault.identity.IdentityItem;
import io.agentvault.remote.Attributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** How access stands in the table: {@code AGENT#<agentId>} / {@code ACCESS#<label>}. */
final class AccessItem {
  private static final String SORT_KEY_PREFIX = "ACCESS#";
  private static final String CREDENTIAL_ID = "credentialId";
  private static final String REVISION = "revision";
  private static final String SEALED = "sealed";
  private static final String SEALED_AT = "sealedAt";
  private static final String LEASE_ID = "leaseId";
  private static final String LEASE_UNTIL = "leaseUntil";

  /** Milliseconds since 1970; the sweep of a revoked vault looks for the greatest. */
  private static final String HANDED_OUT_UNTIL = "handedOutUntil";

  private static final String TIME_TO_LIVE = "ttl";
  private static final String WHAT = "access token";

  private AccessItem() {}

  static Map<String, AttributeValue> key(AgentId id, Label label) {
    return Map.of("pk", IdentityItem.partition(id), "sk", text(SORT_KEY_PREFIX + label.text()));
  }

  static boolean isAccess(Map<String, AttributeValue> item) {
    return Attributes.of(item).text("sk", WHAT).startsWith(SORT_KEY_PREFIX);
  }

  static StoredAccess read(Map<String, AttributeValue> item) {
    Attributes attributes = Attributes.of(item);
    String label = attributes.text("sk", WHAT).substring(SORT_KEY_PREFIX.length());
    return new StoredAccess(
        new Label(label),
        attributes.text(CREDENTIAL_ID, WHAT),
        attributes.number(REVISION, WHAT),
        attributes.optionalBytes(SEALED),
        attributes.optionalNumber(SEALED_AT).orElse(0L),
        attributes
            .optionalText(LEASE_ID)
            .map(id -> new StoredAccess.Lease(id, millis(attributes, LEASE_UNTIL).orElseThrow())),
        millis(attributes, HANDED_OUT_UNTIL));
  }

  private static Optional<Instant> millis(Attributes attributes, String name) {
    return attributes.optionalNumber(name).map(Instant::ofEpochMilli);
  }

  /** Over what was read at the revision before, and nothing else. */
  static Put write(AgentId id, StoredAccess next) {
    Map<String, AttributeValue> item = new HashMap<>(key(id, next.label()));
    item.put(CREDENTIAL_ID, text(next.credentialId()));
    item.put(REVISION, number(next.revision()));
    next.sealed()
        .ifPresent(
            seal -> {
              item.put(SEALED, bytes(seal));
              item.put(SEALED_AT, number(next.sealedAt()));
            });
    next.lease()
        .ifPresent(
            lease -> {
              item.put(LEASE_ID, text(lease.id()));
              item.put(LEASE_UNTIL, number(lease.until().toEpochMilli()));
            });
    next.handedOutUntil()
        .ifPresent(until -> item.put(HANDED_OUT_UNTIL, number(until.toEpochMilli())));
    return overBefore(next).item(item).build();
  }

  /**
   * What stays of it when its credential goes: when the last token that was handed out ends, until
   * then.
   */
  static Update.Builder husk(AgentId id, StoredAccess old) {
    Instant until = old.handedOutUntil().orElseThrow();
    return Update.builder()
        .key(key(id, old.label()))
        .updateExpression(
            "SET revision = :next, #ttl = :ttl REMOVE sealed, sealedAt, leaseId, leaseUntil")
        .conditionExpression("revision = :before")
        .expressionAttributeNames(Map.of("#ttl", TIME_TO_LIVE))
        .expressionAttributeValues(
            Map.of(
                ":before", number(old.revision()),
                ":next", number(old.revision() + 1),
                ":ttl", number(until.getEpochSecond() + 1)));
  }

  private static Put.Builder overBefore(StoredAccess next) {
    return next.revision() == 1
        ? Put.builder().conditionExpression("attribute_not_exists(pk)")
        : Put.builder()
            .conditionExpression("revision = :before")
            .expressionAttributeValues(Map.of(":before", number(next.revision() - 1)));
  }
}
