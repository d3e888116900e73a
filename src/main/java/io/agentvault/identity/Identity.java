package io.agentvault.identity;

import io.agentvault.crypto.KeyContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An agent identity as it is stored.
 *
 * @param id its name
 * @param tenant the operator's organisation
 * @param name what an operator calls it, if anything
 * @param scopes what its key may do
 * @param current the verifier of its key
 * @param previous the verifier of the key before, while a rotation's grace lasts
 * @param wrappedDataKey its data key
 * @param depositors who may hand in what a deposit asks for, as subjects of the operators' issuer
 * @param createdAt to the millisecond
 * @param revision counts the changes, from 1
 */
public record Identity(
    AgentId id,
    String tenant,
    Optional<String> name,
    Set<Scope> scopes,
    KeyVerifier current,
    Optional<PreviousKey> previous,
    WrappedDataKey wrappedDataKey,
    List<String> depositors,
    Instant createdAt,
    long revision) {

  public Identity {
    scopes = Set.copyOf(scopes);
    depositors = List.copyOf(depositors);
  }

  /**
   * A rotated key that still works for a while.
   *
   * @param verifier of the old key
   * @param notAfter from this instant on it does not work
   */
  public record PreviousKey(KeyVerifier verifier, Instant notAfter) {}

  /** What KMS binds this identity's data key to. */
  public KeyContext keyContext() {
    return new KeyContext(tenant, id.text());
  }

  /** This identity under another name, with other scopes and depositors. */
  Identity with(Optional<String> newName, Set<Scope> newScopes, List<String> newDepositors) {
    return new Identity(
        id,
        tenant,
        newName,
        newScopes,
        current,
        previous,
        wrappedDataKey,
        newDepositors,
        createdAt,
        revision);
  }
}
