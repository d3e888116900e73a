package io.agentvault.identity;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an agent's key may be used for in its own vault. */
public enum Scope {
  /** List, get and totp. */
  VAULT_READ("vault:read"),
  /** Store, delete and backup codes. */
  VAULT_WRITE("vault:write"),
  /** Totp alone. */
  VAULT_TOTP("vault:totp"),
  /** List, use, access tokens, and asking for a deposit; no get. */
  VAULT_USE("vault:use");

  private static final List<Scope> ALL = List.of(values());

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** The spelling on the wire. */
  public String text() {
    return text;
  }

  /** The scope spelled so, if there is one. */
  static Optional<Scope> parse(String text) {
    for (Scope scope : ALL) {
      if (scope.text.equals(text)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }

  /**
   * The scopes of a request, in any order; naming one twice is naming it. Those that are none of
   * this vault's are passed over: clients of the same API ask for more than it has.
   */
  public static Set<Scope> known(Collection<String> texts) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    texts.forEach(text -> parse(text).ifPresent(scopes::add));
    return scopes;
  }

  /** The spellings, in the order of declaration. */
  public static List<String> texts(Set<Scope> scopes) {
    return Arrays.stream(values()).filter(scopes::contains).map(Scope::text).toList();
  }
}
