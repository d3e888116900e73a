package io.agentvault.identity;

import io.agentvault.problem.BadRequest;
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
   * The scopes of a request, in any order; naming one twice is naming it.
   *
   * @throws BadRequest when a text is not a scope
   */
  public static Set<Scope> parseAll(String field, Collection<String> texts) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String text : texts) {
      scopes.add(
          parse(text)
              .orElseThrow(
                  () ->
                      new BadRequest(
                          field, "must name only vault:read, vault:write and vault:totp")));
    }
    return scopes;
  }

  /** The spellings, in the order of declaration. */
  public static List<String> texts(Set<Scope> scopes) {
    return Arrays.stream(values()).filter(scopes::contains).map(Scope::text).toList();
  }
}
