package io.agentvault.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import io.agentvault.totp.Otp;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is sealed of a credential: everything but its label, its times and its revision.
 *
 * @param type what it is
 * @param data its secrets
 * @param metadata what the caller wants to know about it without reading it
 * @param expiresAt from this instant on it is not handed out
 * @param use where it may be used and whether its data can be read; empty is {@link UsePolicy#NONE}
 */
public record Content(
    CredentialType type,
    Data data,
    Optional<Data> metadata,
    Optional<Instant> expiresAt,
    Optional<UsePolicy> use) {
  private static final String BACKUP_CODES = "backupCodes";
  private static final String USED_BACKUP_CODES = "usedBackupCodes";
  private static final String TOTP = "totp";
  private static final String TOKEN_URL = "tokenUrl";

  /** What the vault gets access tokens with, where it does. */
  private static final List<String> TOKEN_SECRETS =
      List.of("refreshToken", "clientSecret", "clientKey");

  private static final int SHORTEST_SECRET_BYTES = 8;

  /** Content without a use policy. */
  Content(CredentialType type, Data data, Optional<Data> metadata, Optional<Instant> expiresAt) {
    this(type, data, metadata, expiresAt, Optional.empty());
  }

  /** This content under a use policy. */
  public Content with(UsePolicy policy) {
    return with(Optional.of(policy));
  }

  Content with(Optional<UsePolicy> policy) {
    return new Content(type, data, metadata, expiresAt, policy);
  }

  /** What holds for its use. */
  UsePolicy policy() {
    return use.orElse(UsePolicy.NONE);
  }

  /** Whether its data can be read at all. */
  boolean isReadable() {
    return policy().reveal();
  }

  /** The text or number in a field of the data or else of the metadata, as text. */
  Optional<String> value(String field) {
    return data.value(field).or(() -> metadata.flatMap(each -> each.value(field)));
  }

  /**
   * Content that keeps the rules of its type and of one-time codes. Placeholders may stand in it:
   * {@link Kept} puts in what they stand for.
   *
   * @throws BadRequest naming the field that does not
   */
  public static Content checked(
      CredentialType type, Data data, Optional<Data> metadata, Optional<Instant> expiresAt) {
    type.check(data, metadata);
    data.checkNumbers("data");
    metadata.ifPresent(each -> each.checkNumbers("metadata"));
    metadata.ifPresent(each -> requireNothingHidden(type, data, each));
    for (String field : List.of(BACKUP_CODES, USED_BACKUP_CODES)) {
      requireTexts("data." + field, data, field);
    }
    data.object(TOTP)
        .ifPresent(totp -> requireTexts("data.totp." + BACKUP_CODES, totp, BACKUP_CODES));
    Content content = new Content(type, normal(data), metadata, expiresAt);
    Seeds.check(content);
    TokenGrant.check(content);
    return content;
  }

  private static void requireTexts(String path, Data data, String field) {
    if (!data.isTextsOrAbsent(field) && data.text(field).filter(Placeholder::is).isEmpty()) {
      throw new BadRequest(path, "must be an array of non-empty strings");
    }
  }

  /** Metadata are shown in every listing. */
  private static void requireNothingHidden(CredentialType type, Data data, Data metadata) {
    if (!hidden(type, data, Optional.of(metadata), metadata).equals(metadata)) {
      throw new BadRequest("metadata", "must not hold what is never read back; it belongs in data");
    }
  }

  /** Backup codes that stand beside the seed stand with the others: one list is used up. */
  static Data normal(Data data) {
    if (data.object(TOTP).filter(totp -> totp.isTextsOrAbsent(BACKUP_CODES)).isEmpty()) {
      return data;
    }
    ObjectNode tree = data.expose();
    JsonNode moved = tree.withObject(TOTP).remove(BACKUP_CODES);
    if (moved instanceof ArrayNode codes) {
      ArrayNode all =
          tree.get(BACKUP_CODES) instanceof ArrayNode array ? array : tree.putArray(BACKUP_CODES);
      all.addAll(codes);
    }
    return Data.of(tree);
  }

  /**
   * Holds what is injected to a length that can be told from chance, where it is all that guards
   * it.
   *
   * @throws BadRequest naming the field that is too short
   */
  void checkSecrets() {
    if (isReadable()) {
      return;
    }
    for (String field : policy().as().map(Content::secretFields).orElse(List.of())) {
      boolean tooShort =
          value(field)
              .filter(text -> text.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET_BYTES)
              .isPresent();
      if (tooShort) {
        throw new BadRequest(
            "data." + field,
            "must be at least " + SHORTEST_SECRET_BYTES + " bytes where use.reveal is false");
      }
    }
  }

  private static List<String> secretFields(Injection as) {
    return switch (as) {
      case Injection.Basic(Injection.Part username, Injection.Part.Field(String name)) ->
          List.of(name);
      case Injection.Basic basic -> List.of();
      case Injection.AwsSigV4 signature -> List.of("secretAccessKey");
      case Injection.Bearer bearer -> bearer.fields();
      case Injection.Header header -> header.fields();
      case Injection.Query query -> query.fields();
    };
  }

  /**
   * What the vault gets access tokens with goes to the token endpoint and nowhere else.
   *
   * @throws BadRequest when its policy would put it into calls
   */
  void checkInjected() {
    boolean leaves =
        fetchesTokens(type, data, metadata)
            && policy().as().stream()
                .flatMap(as -> as.fields().stream())
                .anyMatch(TOKEN_SECRETS::contains);
    if (leaves) {
      throw new BadRequest(
          "use.as", "must not put in " + String.join(", ", TOKEN_SECRETS) + " beside a tokenUrl");
    }
  }

  private static boolean fetchesTokens(CredentialType type, Data data, Optional<Data> metadata) {
    return type == CredentialType.OAUTH
        && (data.hasValue(TOKEN_URL) || metadata.filter(m -> m.hasValue(TOKEN_URL)).isPresent());
  }

  /** The settings of its one-time codes, if it has a seed. */
  Optional<Otp> otp() {
    return Seeds.find(this);
  }

  /** Whether it has a seed. */
  boolean hasTotp() {
    return Seeds.isPresent(this);
  }

  /** What may be known of it without opening its data. */
  Overview overview() {
    Optional<Data> shown = metadata.map(each -> hidden(type, data, metadata, each));
    return new Overview(type, shown, hasTotp(), expiresAt, use);
  }

  /** Whether it is past its time. */
  boolean isExpired(Instant now) {
    return expiresAt.filter(at -> !now.isBefore(at)).isPresent();
  }

  /** The data as they may be read: no seed, no refresh token of ours, no unused backup code. */
  Data readable() {
    ObjectNode tree = hidden(type, data, metadata, data).expose();
    tree.remove(BACKUP_CODES);
    return Data.of(tree);
  }

  /** One of a credential's two objects without what is never read back. */
  private static Data hidden(CredentialType type, Data data, Optional<Data> metadata, Data shown) {
    ObjectNode tree = shown.expose();
    Seeds.hide(type, tree);
    if (fetchesTokens(type, data, metadata)) {
      TOKEN_SECRETS.stream()
          .filter(tree::hasNonNull)
          .forEach(field -> tree.put(field, Placeholder.TOKEN));
    }
    return Data.of(tree);
  }

  /** The backup codes that have not been used. */
  List<String> backupCodes() {
    return data.texts(BACKUP_CODES);
  }

  /** This content with its first backup code moved to the used ones. */
  Content withFirstBackupCodeUsed() {
    var tree = data.expose();
    var unused = tree.withArray(BACKUP_CODES);
    var used =
        tree.get(USED_BACKUP_CODES) instanceof ArrayNode array
            ? array
            : tree.putArray(USED_BACKUP_CODES);
    used.add(unused.remove(0));
    return new Content(type, Data.of(tree), metadata, expiresAt, use);
  }
}
