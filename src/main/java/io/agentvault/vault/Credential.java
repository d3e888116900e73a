package io.agentvault.vault;

import io.agentvault.evidence.Uses;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An opened credential. Its data are readable ones: no seed, no unused backup code; in a listing
 * there are none.
 *
 * @param label its name
 * @param credentialId stays the same as long as the label exists
 * @param type what it is
 * @param data as they may be read
 * @param metadata as stored
 * @param hasTotp whether one-time codes can be asked of it
 * @param expiresAt from this instant on it is not handed out
 * @param use where it may be used
 * @param rotatedAt when its data were last replaced by others
 * @param createdAt when the label was first stored
 * @param updatedAt when it was last written
 * @param revision counts the writes, from 1
 * @param lastUsedAt when its data were last handed out or put in, as far as that has been counted
 * @param usageCount how often
 */
public record Credential(
    Label label,
    String credentialId,
    CredentialType type,
    Data data,
    Optional<Data> metadata,
    boolean hasTotp,
    Optional<Instant> expiresAt,
    Optional<UsePolicy> use,
    Optional<Instant> rotatedAt,
    Instant createdAt,
    Instant updatedAt,
    long revision,
    Optional<Instant> lastUsedAt,
    long usageCount)
    implements Listed {

  static Credential of(StoredCredential stored, Content content, Map<String, Uses> uses) {
    return of(stored, content.overview(), content.readable(), uses);
  }

  /** Without its data, which a listing does not open. */
  static Credential listed(StoredCredential stored, Overview overview, Map<String, Uses> uses) {
    return of(stored, overview, Data.none(), uses);
  }

  private static Credential of(
      StoredCredential stored, Overview overview, Data data, Map<String, Uses> counted) {
    Optional<Uses> uses =
        Optional.ofNullable(counted.get(stored.label().text()))
            .flatMap(each -> each.of(stored.credentialId()));
    return new Credential(
        stored.label(),
        stored.credentialId(),
        overview.type(),
        data,
        overview.metadata(),
        overview.hasTotp(),
        overview.expiresAt(),
        overview.use(),
        stored.times().rotatedAt(),
        stored.times().createdAt(),
        stored.times().updatedAt(),
        stored.revision(),
        uses.flatMap(Uses::lastUsedAt),
        uses.map(Uses::count).orElse(0L));
  }

  /** What an {@code ETag} names: this credential at this revision. */
  public Precondition.Etag etag() {
    return new Precondition.Etag(credentialId, revision);
  }
}
