package io.agentvault.vault;

import java.util.Optional;

/**
 * The sealed bytes of a credential.
 *
 * @param data its data and what is enforced on their use; in what the release before stored, its
 *     metadata too; {@link #NOT_READ} in a listing
 * @param metadata what a listing shows; empty in what the release before stored
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
record Seals(byte[] data, Optional<byte[]> metadata) {
  /** Opens as nothing. */
  static final byte[] NOT_READ = {};

  /** What they take of the vault's quota. */
  long bytes() {
    return data.length + metadata.map(each -> (long) each.length).orElse(0L);
  }
}
