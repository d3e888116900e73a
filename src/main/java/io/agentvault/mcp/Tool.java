package io.agentvault.mcp;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The tools, in the order in which they are listed. Each is one action; what a model reads of it
 * stands in {@code tools.json}.
 */
enum Tool {
  VAULT_LIST("vault.list", "vault:read", "vault:use"),
  VAULT_USE("vault.use", "vault:use", "vault:read"),
  VAULT_TOTP("vault.totp", "vault:totp", "vault:read", "vault:use"),
  VAULT_TOKEN("vault.token", "vault:use", "vault:read"),
  VAULT_REQUEST_SECRET("vault.requestDeposit", "vault:use", "vault:write"),
  VAULT_STORE("vault.store", "vault:write"),
  VAULT_DELETE("vault.delete", "vault:write"),
  VAULT_USE_BACKUP_CODE("vault.useBackupCode", "vault:write"),
  VAULT_WHOAMI("vault.whoami"),
  VAULT_LOGS("vault.logs"),
  VAULT_GET("vault.get", "vault:read"),
  VAULT_CREATE_TOKEN("vault.createToken");

  private final String action;
  private final List<String> anyOf;

  Tool(String action, String... anyOf) {
    this.action = action;
    this.anyOf = List.of(anyOf);
  }

  /** The tool called so, if there is one. */
  static Optional<Tool> named(String name) {
    return Arrays.stream(values()).filter(tool -> tool.wireName().equals(name)).findFirst();
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The action that it is. */
  String action() {
    return action;
  }

  /** Whether a caller with these scopes may call it; only the action's own check decides. */
  boolean isFor(Set<String> scopes) {
    return anyOf.isEmpty() || anyOf.stream().anyMatch(scopes::contains);
  }

  /** Whether a human can be asked for the credential that it misses. */
  boolean canAskForCredential() {
    return switch (this) {
      case VAULT_USE, VAULT_TOTP -> true;
      case VAULT_LIST,
          VAULT_TOKEN,
          VAULT_REQUEST_SECRET,
          VAULT_STORE,
          VAULT_DELETE,
          VAULT_USE_BACKUP_CODE,
          VAULT_WHOAMI,
          VAULT_LOGS,
          VAULT_GET,
          VAULT_CREATE_TOKEN ->
          false;
    };
  }

  /**
   * Whether its answer is given as structured content too. What an upstream answers may be large,
   * and some clients hand a model one form, some the other: it is given once, as text, which all of
   * them hand on.
   */
  boolean isStructured() {
    return this != VAULT_USE;
  }
}
