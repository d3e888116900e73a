package io.agentvault.vault;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** What stands in the place of a value that is never read back, in an answer and in a store. */
final class Placeholder {
  /** What a caller may write for any stored value. */
  static final String ANY = "[write-only]";

  /** What stands for a seed. */
  static final String SEED = "[write-only; ask GET /v0/vault/{label}/totp for a code]";

  /** What stands for what the vault gets access tokens with. */
  static final String TOKEN = "[write-only; ask GET /v0/vault/{label}/token for an access token]";

  private static final Set<String> ALL = Set.of(ANY, SEED, TOKEN);

  private Placeholder() {}

  /** Whether the value stands for a stored one. */
  static boolean is(JsonNode value) {
    return value.isTextual() && ALL.contains(value.textValue());
  }

  /** Whether the text stands for a stored value. */
  static boolean is(String text) {
    return ALL.contains(text);
  }
}
