package io.agentvault.vault;

import io.agentvault.identity.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent asks to be done, as it is recorded.
 *
 * @param action in the words of direct invocation
 * @param label of the credential that it is about
 * @param isRead whether nothing is changed by it and nothing used
 * @param anyOf the scopes of which its caller must have one
 */
record Operation(String action, Optional<Label> label, boolean isRead, List<Scope> anyOf) {
  private static final Set<String> ABOUT_ACCESS =
      Set.of("vault.token", "vault.use", "vault.delete");

  /** Whether what the credential has of access tokens is read with it. */
  boolean needsAccess() {
    return ABOUT_ACCESS.contains(action);
  }

  static Operation read(String action, Label label, Scope... anyOf) {
    return new Operation(action, Optional.of(label), true, List.of(anyOf));
  }

  static Operation read(String action, Scope... anyOf) {
    return new Operation(action, Optional.empty(), true, List.of(anyOf));
  }

  static Operation change(String action, Label label, Scope... anyOf) {
    return new Operation(action, Optional.of(label), false, List.of(anyOf));
  }

  static Operation change(String action, Scope... anyOf) {
    return new Operation(action, Optional.empty(), false, List.of(anyOf));
  }
}
