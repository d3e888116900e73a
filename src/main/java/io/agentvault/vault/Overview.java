package io.agentvault.vault;

import java.time.Instant;
import java.util.Optional;

/**
 * What may be known of a credential without opening its data.
 *
 * @param type what it is
 * @param metadata as stored
 * @param hasTotp whether it has a seed
 * @param expiresAt from this instant on it is not handed out
 * @param use where it may be used
 */
record Overview(
    CredentialType type,
    Optional<Data> metadata,
    boolean hasTotp,
    Optional<Instant> expiresAt,
    Optional<UsePolicy> use) {}
