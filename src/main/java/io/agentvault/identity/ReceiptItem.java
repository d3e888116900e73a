package io.agentvault.identity;

import static io.agentvault.remote.Attributes.flag;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;

import io.agentvault.problem.Internal;
import io.agentvault.remote.Attributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How a receipt stands in the table: {@code RECEIPT#<agentId>} / {@code RECEIPT}. */
final class ReceiptItem {
  static final String CREDENTIALS_DESTROYED = "credentialsDestroyed";
  static final String COMPLETE = "complete";
  static final String REVOKED_AT = "revokedAt";
  static final String SWEPT_TO = "sweptTo";
  static final String ACCESS_TOKENS_VALID_UNTIL = "accessTokensValidUntil";

  /** Longer than point-in-time recovery reaches (35 days), so that a restore can be corrected. */
  private static final Duration KEPT_FOR = Duration.ofDays(400);

  private static final String PARTITION_PREFIX = "RECEIPT#";
  private static final String SORT_KEY = "RECEIPT";
  private static final String TENANT = "tenant";
  private static final String REVOKED_BY = "revokedBy";
  private static final String RECOVERABLE_UNTIL = "recoverableUntil";
  private static final String SIGNED = "signed";
  private static final String SIGNED_WHOLE = "signedWhole";
  private static final String TIME_TO_LIVE = "ttl";
  private static final String WHAT = "receipt";

  private ReceiptItem() {}

  static Map<String, AttributeValue> key(AgentId id) {
    return Map.of("pk", text(PARTITION_PREFIX + id.text()), "sk", text(SORT_KEY));
  }

  static Map<String, AttributeValue> write(Receipt receipt) {
    Map<String, AttributeValue> item = new HashMap<>(key(receipt.id()));
    item.put(TENANT, text(receipt.tenant()));
    item.put(REVOKED_BY, text(receipt.revokedBy()));
    item.put(REVOKED_AT, text(receipt.revokedAt().toString()));
    item.put(COMPLETE, flag(receipt.complete()));
    item.put(TIME_TO_LIVE, number(receipt.revokedAt().plus(KEPT_FOR).getEpochSecond()));
    receipt.recoverableUntil().ifPresent(at -> item.put(RECOVERABLE_UNTIL, text(at.toString())));
    receipt
        .signature()
        .ifPresent(
            signature -> {
              item.put(SIGNED, text(signature.jws()));
              item.put(SIGNED_WHOLE, flag(signature.whole()));
            });
    Sweep sweep = receipt.sweep();
    sweep.credentials().ifPresent(count -> item.put(CREDENTIALS_DESTROYED, number(count)));
    sweep.cursor().ifPresent(last -> item.put(SWEPT_TO, text(last)));
    sweep
        .accessTokensValidUntil()
        .ifPresent(at -> item.put(ACCESS_TOKENS_VALID_UNTIL, text(at.toString())));
    return item;
  }

  static Receipt read(Map<String, AttributeValue> item) {
    Attributes attributes = Attributes.of(item);
    String partition = attributes.text("pk", WHAT);
    return new Receipt(
        AgentId.parse(partition.substring(PARTITION_PREFIX.length()))
            .orElseThrow(() -> new Internal("a stored receipt is malformed")),
        attributes.text(TENANT, WHAT),
        attributes.text(REVOKED_BY, WHAT),
        attributes.instant(REVOKED_AT, WHAT),
        sweep(attributes),
        attributes.optionalInstant(RECOVERABLE_UNTIL, WHAT),
        attributes
            .optionalText(SIGNED)
            .map(jws -> new Receipt.Signature(jws, attributes.flag(SIGNED_WHOLE))));
  }

  private static Sweep sweep(Attributes attributes) {
    return new Sweep(
        attributes
            .optionalNumber(CREDENTIALS_DESTROYED)
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty()),
        attributes.optionalText(SWEPT_TO),
        attributes.optionalInstant(ACCESS_TOKENS_VALID_UNTIL, WHAT),
        attributes.flag(COMPLETE));
  }
}
