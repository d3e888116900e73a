package io.agentvault.vault;

import java.time.Instant;
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
    long revision)
    implements Listed {

  static Credential of(StoredCredential stored, Content content) {
    return of(stored, content.overview(), content.readable());
  }

  /** Without its data, which a listing does not open. */
  static Credential listed(StoredCredential stored, Overview overview) {
    return of(stored, overview, Data.none());
  }

  private static Credential of(StoredCredential stored, Overview overview, Data data) {
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
        stored.revision());
  }

  /** What an {@code ETag} names: this credential at this revision. */
  public Precondition.Etag etag() {
    return new Precondition.Etag(credentialId, revision);
  }
}
