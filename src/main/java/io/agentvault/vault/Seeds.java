package io.agentvault.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import io.agentvault.totp.Otp;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where in a credential's data the seed of its one-time codes stands: {@code secret} or {@code
 * otpauth} of type TOTP, {@code totp} of any type, as text or as an object, and, where they parse
 * as one, {@code totpSecret} and {@code totp_secret} of any type and {@code secret} of a LOGIN,
 * which are names that guides to the same API use.
 */
final class Seeds {
  private static final String TOTP = "totp";
  private static final String SECRET = "secret";
  private static final List<String> SEED_FIELDS = List.of("otpauth", SECRET);
  private static final List<String> OTHER_NAMES = List.of("totpSecret", "totp_secret");
  private static final List<String> SCHEMES = List.of("otpauth://", "steam://");

  private Seeds() {}

  static boolean isPresent(Content content) {
    return content.type() == CredentialType.TOTP
        || content.data().has(TOTP)
        || otherwiseNamed(content).isPresent();
  }

  /** Holds what is sent to the rules; what a placeholder stands for was held to them before. */
  static void check(Content content) {
    if (content.data().has(TOTP)) {
      inTotpField(content.data());
    }
    find(content);
  }

  /**
   * The settings found; those of type TOTP's own fields first. Empty too while a placeholder stands
   * where the seed will.
   *
   * @throws BadRequest when there is a seed that breaks the rules of seeds
   */
  static Optional<Otp> find(Content content) {
    if (content.type() == CredentialType.TOTP) {
      return inObject("data", content.data());
    }
    return content.data().has(TOTP) ? inTotpField(content.data()) : otherwiseNamed(content);
  }

  private static Optional<Otp> otherwiseNamed(Content content) {
    return names(content.type()).stream()
        .flatMap(name -> content.data().text(name).flatMap(Seeds::parsed).stream())
        .findFirst();
  }

  private static List<String> names(CredentialType type) {
    return type == CredentialType.LOGIN
        ? List.of("totpSecret", "totp_secret", SECRET)
        : OTHER_NAMES;
  }

  private static Optional<Otp> parsed(String text) {
    try {
      return Optional.of(Otp.parse("", text));
    } catch (BadRequest e) {
      return Optional.empty(); // not a seed, and so what its name says otherwise
    }
  }

  private static Optional<Otp> inTotpField(Data data) {
    String field = "data." + TOTP;
    Optional<String> text = data.text(TOTP);
    if (text.isPresent()) {
      return parsed(field, text.get());
    }
    return inObject(
        field,
        data.object(TOTP)
            .orElseThrow(
                () -> new BadRequest(field, "must be an otpauth URI, a base32 seed or an object")));
  }

  private static Optional<Otp> parsed(String field, String text) {
    return Placeholder.is(text) ? Optional.empty() : Optional.of(Otp.parse(field, text));
  }

  private static Optional<Otp> inObject(String field, Data data) {
    Optional<String> uri = data.text("otpauth");
    if (uri.isPresent()) {
      return parsed(field + ".otpauth", uri.get());
    }
    String secret =
        data.text(SECRET)
            .orElseThrow(() -> new BadRequest(field + ".secret", "must be a base32 seed"));
    if (Placeholder.is(secret) || secret.contains("://")) {
      return parsed(field + ".secret", secret);
    }
    return Optional.of(
        Otp.of(
            field,
            secret,
            setting(field, "algorithm", data.has("algorithm"), data.text("algorithm")),
            setting(field, "digits", data.has("digits"), data.integer("digits")),
            setting(field, "period", data.has("period"), data.integer("period"))));
  }

  private static <T> @Nullable T setting(
      String field, String name, boolean given, Optional<T> value) {
    if (given && value.isEmpty()) {
      throw new BadRequest(field + "." + name, "must be of the type that the contract gives it");
    }
    return value.orElse(null);
  }

  /** Puts the placeholder in the place of every seed in data or metadata of this type. */
  static void hide(CredentialType type, ObjectNode tree) {
    if (type == CredentialType.TOTP) {
      SEED_FIELDS.forEach(field -> hideField(tree, field));
    }
    if (type == CredentialType.LOGIN && isSeed(tree.path(SECRET))) {
      hideField(tree, SECRET);
    }
    hideAnywhere(tree);
  }

  private static void hideAnywhere(JsonNode node) {
    if (node instanceof ObjectNode object) {
      if (object.get(TOTP) instanceof ObjectNode totp) {
        SEED_FIELDS.forEach(field -> hideField(totp, field));
      }
      object
          .properties()
          .forEach(
              each -> {
                boolean named =
                    (each.getKey().equals(TOTP) || OTHER_NAMES.contains(each.getKey()))
                        && isSeed(each.getValue());
                if (named || isUri(each.getValue())) {
                  hideField(object, each.getKey());
                } else {
                  hideAnywhere(each.getValue());
                }
              });
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (isUri(array.get(i))) {
          array.set(i, Placeholder.SEED);
        } else {
          hideAnywhere(array.get(i));
        }
      }
    }
  }

  private static boolean isSeed(JsonNode value) {
    return value.isTextual() && parsed(value.textValue()).isPresent();
  }

  private static boolean isUri(JsonNode value) {
    String text = value.isTextual() ? value.textValue().strip().toLowerCase(Locale.ROOT) : "";
    return SCHEMES.stream().anyMatch(text::startsWith);
  }

  private static void hideField(ObjectNode tree, String field) {
    if (tree.hasNonNull(field)) {
      tree.put(field, Placeholder.SEED);
    }
  }
}
