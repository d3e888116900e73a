package io.agentvault.identity;

import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;

import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How much is in a vault: {@code AGENT#<agentId>} / {@code USAGE}. Made with the identity, moved in
 * the transactions that store and delete; a vault of a release without it has none until it is
 * counted.
 */
public final class UsageItem {
  /** How many credentials. */
  public static final String CREDENTIALS = "credentialCount";

  /** How many bytes are sealed in them. */
  public static final String BYTES = "sealedBytes";

  /** How often the two were moved: who counts anew sees whether anything came in between. */
  public static final String MOVES = "moves";

  /** When it was last counted anew, in milliseconds since 1970; absent when it never was. */
  public static final String COUNTED_AT = "countedAt";

  private UsageItem() {}

  /** The primary key of the item of {@code id}. */
  public static Map<String, AttributeValue> key(AgentId id) {
    return Map.of("pk", IdentityItem.partition(id), "sk", text("USAGE"));
  }

  /** The item of a vault in which there is nothing yet. */
  static Map<String, AttributeValue> ofEmptyVault(AgentId id) {
    Map<String, AttributeValue> item = new HashMap<>(key(id));
    item.put(CREDENTIALS, number(0));
    item.put(BYTES, number(0));
    item.put(MOVES, number(0));
    return item;
  }
}
