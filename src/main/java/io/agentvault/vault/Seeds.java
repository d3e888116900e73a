package io.agentvault.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import io.agentvault.totp.Otp;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where in a credential's data the seed of its one-time codes stands: {@code secret} or {@code
 * otpauth} of type TOTP, and {@code totp} of any type, as text or as an object.
 */
final class Seeds {
  /** What stands in the place of a seed when a credential is read. */
  static final String PLACEHOLDER = "[write-only; ask GET /v0/vault/{label}/totp for a code]";

  private static final String TOTP = "totp";
  private static final List<String> SEED_FIELDS = List.of("otpauth", "secret");

  private Seeds() {}

  static boolean isPresent(Content content) {
    return content.type() == CredentialType.TOTP || content.data().has(TOTP);
  }

  static void check(Content content) {
    if (content.data().has(TOTP)) {
      inTotpField(content.data());
    }
    find(content);
  }

  /**
   * The settings found; those of type TOTP's own fields first.
   *
   * @throws BadRequest when there is a seed that breaks the rules of seeds
   */
  static Optional<Otp> find(Content content) {
    if (content.type() == CredentialType.TOTP) {
      return Optional.of(inObject("data", content.data()));
    }
    return content.data().has(TOTP) ? Optional.of(inTotpField(content.data())) : Optional.empty();
  }

  private static Otp inTotpField(Data data) {
    String field = "data." + TOTP;
    Optional<String> text = data.text(TOTP);
    if (text.isPresent()) {
      return Otp.parse(field, text.get());
    }
    return inObject(
        field,
        data.object(TOTP)
            .orElseThrow(
                () -> new BadRequest(field, "must be an otpauth URI, a base32 seed or an object")));
  }

  private static Otp inObject(String field, Data data) {
    Optional<String> uri = data.text("otpauth");
    if (uri.isPresent()) {
      return Otp.parse(field + ".otpauth", uri.get());
    }
    String secret =
        data.text("secret")
            .orElseThrow(() -> new BadRequest(field + ".secret", "must be a base32 seed"));
    if (secret.contains("://")) {
      return Otp.parse(field + ".secret", secret);
    }
    return Otp.of(
        field,
        secret,
        setting(field, "algorithm", data.has("algorithm"), data.text("algorithm")),
        setting(field, "digits", data.has("digits"), data.integer("digits")),
        setting(field, "period", data.has("period"), data.integer("period")));
  }

  private static <T> @Nullable T setting(
      String field, String name, boolean given, Optional<T> value) {
    if (given && value.isEmpty()) {
      throw new BadRequest(field + "." + name, "must be of the type that the contract gives it");
    }
    return value.orElse(null);
  }

  static Data withoutSeeds(Content content, List<String> alsoWithout) {
    ObjectNode tree = content.data().expose();
    tree.remove(alsoWithout);
    if (content.type() == CredentialType.TOTP) {
      hideSeeds(tree);
    }
    if (tree.get(TOTP) instanceof ObjectNode object) {
      hideSeeds(object);
    } else if (tree.hasNonNull(TOTP)) {
      tree.put(TOTP, PLACEHOLDER);
    }
    return Data.of(tree);
  }

  private static void hideSeeds(ObjectNode tree) {
    for (String field : SEED_FIELDS) {
      if (tree.hasNonNull(field)) {
        tree.put(field, PLACEHOLDER);
      }
    }
  }
}
