package io.agentvault.vault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.agentvault.problem.BadRequest;
import io.agentvault.totp.Otp;
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

  /** Content without a use policy. */
  Content(CredentialType type, Data data, Optional<Data> metadata, Optional<Instant> expiresAt) {
    this(type, data, metadata, expiresAt, Optional.empty());
  }

  /** This content under a use policy. */
  public Content with(UsePolicy policy) {
    return new Content(type, data, metadata, expiresAt, Optional.of(policy));
  }

  /** Whether its data can be read at all. */
  boolean isReadable() {
    return use.map(UsePolicy::reveal).orElse(true);
  }

  /**
   * Content that keeps the rules of its type and of one-time codes.
   *
   * @throws BadRequest naming the field that does not
   */
  public static Content checked(
      CredentialType type, Data data, Optional<Data> metadata, Optional<Instant> expiresAt) {
    type.check(data);
    data.checkNumbers("data");
    metadata.ifPresent(each -> each.checkNumbers("metadata"));
    for (String field : List.of(BACKUP_CODES, USED_BACKUP_CODES)) {
      if (!data.isTextsOrAbsent(field)) {
        throw new BadRequest("data." + field, "must be an array of non-empty strings");
      }
    }
    Content content = new Content(type, data, metadata, expiresAt);
    Seeds.check(content);
    return content;
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
    return new Overview(type, metadata, hasTotp(), expiresAt, use);
  }

  /** Whether it is past its time. */
  boolean isExpired(Instant now) {
    return expiresAt.filter(at -> !now.isBefore(at)).isPresent();
  }

  /** The data as they may be read: no seed, no unused backup code. */
  Data readable() {
    return Seeds.withoutSeeds(this, List.of(BACKUP_CODES));
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
