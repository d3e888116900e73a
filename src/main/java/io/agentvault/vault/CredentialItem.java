package io.agentvault.vault;

import static io.agentvault.remote.Attributes.bytes;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;

import io.agentvault.identity.AgentId;
import io.agentvault.identity.IdentityItem;
import io.agentvault.problem.Internal;
import io.agentvault.remote.Attributes;
import io.agentvault.vault.CredentialStore.Row;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * How a credential stands in the table: {@code AGENT#<agentId>} / {@code CREDENTIAL#<label>}.
 * Nothing but the label, the size and the times can be seen.
 */
final class CredentialItem {
  static final String SORT_KEY_PREFIX = "CREDENTIAL#";

  /**
   * The item is the one that was read, with the values of {@link #sameAs}. A label deleted and
   * stored again has another id, so a revision alone would not tell.
   */
  static final String SAME = "id = :id AND revision = :revision";

  /**
   * What a listing reads: not the data, which may be 64 KiB each and which it does not open, nor
   * the state of one-time codes and DynamoDB's own time to live.
   */
  static final String LISTED = "sk, id, sealedMetadata, revision, createdAt, updatedAt, rotatedAt";

  private static final String WHAT = "credential";

  private CredentialItem() {}

  static Map<String, AttributeValue> key(AgentId id, Label label) {
    return Map.of("pk", IdentityItem.partition(id), "sk", text(SORT_KEY_PREFIX + label.text()));
  }

  static boolean isCredential(Map<String, AttributeValue> item) {
    return Attributes.of(item).text("sk", WHAT).startsWith(SORT_KEY_PREFIX);
  }

  /**
   * The credential in {@code item}.
   *
   * @throws Internal when the item was not written by us
   */
  static StoredCredential read(Map<String, AttributeValue> item) {
    return read(item, Attributes.of(item).bytes("sealed", WHAT));
  }

  private static StoredCredential read(Map<String, AttributeValue> item, byte[] data) {
    try {
      return readChecked(item, data);
    } catch (DateTimeException e) {
      throw new Internal("a stored credential is malformed");
    }
  }

  private static StoredCredential readChecked(Map<String, AttributeValue> item, byte[] data) {
    Attributes attributes = Attributes.of(item);
    return new StoredCredential(
        label(item),
        attributes.text("id", WHAT),
        new Seals(data, attributes.optionalBytes("sealedMetadata")),
        attributes.number("revision", WHAT),
        new StoredCredential.Times(
            attributes.instant("createdAt", WHAT),
            attributes.instant("updatedAt", WHAT),
            attributes.optionalInstant("rotatedAt", WHAT),
            attributes.optionalNumber("ttl").map(Instant::ofEpochSecond)),
        optional(attributes.optionalNumber("otpStep")),
        optional(attributes.optionalNumber("otpCounter")));
  }

  /** Whether its metadata have a seal of their own, as all that we write have. */
  static boolean hasMetadata(Map<String, AttributeValue> item) {
    return item.containsKey("sealedMetadata");
  }

  /**
   * As {@link #read}, for a listing: the data need not be there, and an item that is none of ours
   * is not to fail the others.
   */
  static Row row(Map<String, AttributeValue> item) {
    try {
      StoredCredential credential =
          read(item, Attributes.of(item).optionalBytes("sealed").orElse(Seals.NOT_READ));
      return new Row(credential.label(), Optional.of(credential));
    } catch (Internal e) {
      return new Row(label(item), Optional.empty());
    }
  }

  /** What an item takes of the quota, whoever wrote it. */
  static long sealedBytes(Map<String, AttributeValue> item) {
    Attributes attributes = Attributes.of(item);
    return Stream.of("sealed", "sealedMetadata")
        .flatMap(name -> attributes.optionalBytes(name).stream())
        .mapToLong(seal -> seal.length)
        .sum();
  }

  /** The label of an item, or of a key. */
  static Label label(Map<String, AttributeValue> item) {
    return new Label(Attributes.of(item).text("sk", WHAT).substring(SORT_KEY_PREFIX.length()));
  }

  private static OptionalLong optional(Optional<Long> number) {
    return number.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  /**
   * The write of {@code credential} over the one that was read, or over nothing. An update and not
   * a put, so that the state of one-time codes, which others move meanwhile, stays as it is.
   */
  static Update.Builder write(
      AgentId id,
      StoredCredential credential,
      Optional<StoredCredential> replaced,
      boolean keepsOtpState) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":id", text(credential.credentialId()));
    values.put(":sealed", bytes(credential.seals().data()));
    values.put(":revision", number(credential.revision()));
    values.put(":createdAt", text(credential.times().createdAt().toString()));
    values.put(":updatedAt", text(credential.times().updatedAt().toString()));
    StringBuilder set =
        new StringBuilder(
            "SET id = :id, sealed = :sealed, revision = :revision, createdAt = :createdAt,"
                + " updatedAt = :updatedAt");
    List<String> removed = new ArrayList<>();
    credential
        .seals()
        .metadata()
        .ifPresent(
            seal -> {
              values.put(":sealedMetadata", bytes(seal));
              set.append(", sealedMetadata = :sealedMetadata");
            });
    credential
        .times()
        .rotatedAt()
        .ifPresentOrElse(
            at -> {
              values.put(":rotatedAt", text(at.toString()));
              set.append(", rotatedAt = :rotatedAt");
            },
            () -> removed.add("rotatedAt"));
    credential
        .times()
        .timeToLive()
        .ifPresentOrElse(
            at -> {
              values.put(":ttl", number(at.getEpochSecond()));
              set.append(", #ttl = :ttl");
            },
            () -> removed.add("#ttl"));
    if (!keepsOtpState) {
      removed.addAll(List.of("otpStep", "otpCounter"));
    }
    if (!removed.isEmpty()) {
      set.append(" REMOVE ").append(String.join(", ", removed));
    }
    replaced.ifPresent(
        old -> {
          values.put(":oldId", text(old.credentialId()));
          values.put(":oldRevision", number(old.revision()));
        });
    return Update.builder()
        .key(key(id, credential.label()))
        .conditionExpression(
            replaced.isPresent()
                ? "id = :oldId AND revision = :oldRevision"
                : "attribute_not_exists(pk)")
        .updateExpression(set.toString())
        .expressionAttributeNames(Map.of("#ttl", "ttl"))
        .expressionAttributeValues(values);
  }

  /** What a condition compares with the credential that was read; others may be added. */
  static Map<String, AttributeValue> sameAs(
      StoredCredential credential, Map<String, AttributeValue> more) {
    Map<String, AttributeValue> values = new HashMap<>(more);
    values.put(":id", text(credential.credentialId()));
    values.put(":revision", number(credential.revision()));
    return values;
  }
}
