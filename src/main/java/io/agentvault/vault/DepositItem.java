package io.agentvault.vault;

import static io.agentvault.remote.Attributes.bytes;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.IdentityItem;
import io.agentvault.problem.Internal;
import io.agentvault.remote.Attributes;
import io.agentvault.vault.Deposit.Asker;
import io.agentvault.vault.Deposit.Maker;
import io.agentvault.vault.DepositTerms.Replaced;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How a deposit stands in the table: {@code AGENT#<agentId>} / {@code DEPOSIT#<depositId>}. */
final class DepositItem {
  static final String SORT_KEY_PREFIX = "DEPOSIT#";

  /** What is left of a deposit that was handed in, is set by this. */
  static final String REDEEM =
      "SET redeemed = :yes REMOVE #label, #type, #reason, #use, replacesId, replacesRevision,"
          + " #code, agentMac, #operator, wrongCodes";

  /** It is still as it was read. */
  static final String SAME = "wrongCodes = :seen";

  /** Some of its attributes have names that are words of DynamoDB's own. */
  static final Map<String, String> REDEEM_NAMES =
      Map.of(
          "#label", "label",
          "#type", "type",
          "#reason", "reason",
          "#use", "use",
          "#code", "code",
          "#operator", "operator");

  private static final String ASKER = "askedBy";
  private static final String WHAT = "deposit";

  private DepositItem() {}

  static Map<String, AttributeValue> key(AgentId id, String depositId) {
    return Map.of("pk", IdentityItem.partition(id), "sk", text(SORT_KEY_PREFIX + depositId));
  }

  static boolean isDeposit(Map<String, AttributeValue> item) {
    return Attributes.of(item).text("sk", WHAT).startsWith(SORT_KEY_PREFIX);
  }

  static Map<String, AttributeValue> write(AgentId id, Deposit.Pending deposit) {
    Map<String, AttributeValue> item = new HashMap<>(key(id, deposit.id()));
    DepositTerms terms = deposit.terms();
    item.put("label", text(terms.label().text()));
    item.put("type", text(terms.type().name()));
    terms.reason().ifPresent(reason -> item.put("reason", text(reason)));
    item.put("use", text(written(terms.use())));
    terms
        .replaces()
        .ifPresent(
            replaced -> {
              item.put("replacesId", text(replaced.credentialId()));
              item.put("replacesRevision", number(replaced.revision()));
            });
    item.put("tokenHash", bytes(deposit.tokenHash()));
    item.put("code", bytes(deposit.codeProof()));
    item.put("wrongCodes", number(deposit.wrongCodes()));
    item.put("expiresAt", text(deposit.expiresAt().toString()));
    item.put("ttl", number(deposit.expiresAt().getEpochSecond()));
    switch (deposit.maker()) {
      case Maker.OfAgent(byte[] mac, Optional<Asker> asker) -> {
        item.put("agentMac", bytes(mac));
        asker.ifPresent(each -> item.put(ASKER, text(written(each))));
      }
      case Maker.OfOperator(String name) -> item.put("operator", text(name));
    }
    return item;
  }

  /** A token that asked, as it is stored, and as the MAC covers it. */
  static String written(Asker asker) {
    return asker.generation() + "." + asker.token();
  }

  private static Optional<Asker> asker(Attributes attributes) {
    return attributes
        .optionalText(ASKER)
        .map(text -> text.split("\\.", 2))
        .map(parts -> new Asker(parts[1], Long.parseLong(parts[0])));
  }

  /** A policy as it is stored, and as its MAC covers it. */
  static String written(UsePolicy use) {
    return UsePolicyCodec.write(use).toString();
  }

  /**
   * The deposit in {@code item}.
   *
   * @throws Internal when the item was not written by us
   */
  static Deposit read(Map<String, AttributeValue> item, ObjectMapper json) {
    Attributes attributes = Attributes.of(item);
    String id = attributes.text("sk", WHAT).substring(SORT_KEY_PREFIX.length());
    byte[] tokenHash = attributes.bytes("tokenHash", WHAT);
    var expiresAt = attributes.instant("expiresAt", WHAT);
    return attributes.flag("redeemed")
        ? new Deposit.Redeemed(id, tokenHash, expiresAt, asker(attributes))
        : new Deposit.Pending(
            id,
            tokenHash,
            expiresAt,
            terms(attributes, json),
            attributes.bytes("code", WHAT),
            maker(attributes),
            Math.toIntExact(attributes.number("wrongCodes", WHAT)));
  }

  private static DepositTerms terms(Attributes attributes, ObjectMapper json) {
    CredentialType type = CredentialType.parse(attributes.text("type", WHAT));
    return new DepositTerms(
        new Label(attributes.text("label", WHAT)),
        type,
        attributes.optionalText("reason"),
        use(type, attributes.text("use", WHAT), json),
        attributes
            .optionalText("replacesId")
            .map(id -> new Replaced(id, attributes.number("replacesRevision", WHAT))));
  }

  private static Maker maker(Attributes attributes) {
    Optional<byte[]> mac = attributes.optionalBytes("agentMac");
    return mac.isPresent()
        ? new Maker.OfAgent(mac.get(), asker(attributes))
        : new Maker.OfOperator(attributes.text("operator", WHAT));
  }

  private static UsePolicy use(CredentialType type, String text, ObjectMapper json) {
    try {
      if (json.readTree(text) instanceof ObjectNode object) {
        return UsePolicyCodec.parse(type, object);
      }
    } catch (JsonProcessingException e) {
      // what the parser says quotes what is stored
    }
    throw new Internal("a stored deposit is malformed");
  }
}
