package io.agentvault.vault;

import io.agentvault.problem.BadRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a credential is, and the fields its data must have; further fields are kept as they are. */
public enum CredentialType {
  LOGIN(List.of("username", "password")),
  API_KEY(List.of("key"), List.of("clientId", "secret")),
  OAUTH(List.of("accessToken"), List.of("refreshToken"), List.of("tokenUrl", "grant")),
  TOTP(List.of("secret"), List.of("otpauth")),
  SSH_KEY(List.of("privateKey")),
  DATABASE(List.of("connectionString"), List.of("host", "username", "password")),
  SMTP(List.of("host", "username", "password")),
  AWS(List.of("accessKeyId", "secretAccessKey")),
  CERTIFICATE(List.of("certificate")),
  CARD(List.of("cardholder", "number", "expMonth", "expYear", "cvc")),
  SHIPPING_ADDRESS(List.of("name", "line1", "city", "state", "postcode", "country")),
  CUSTOM(List.of());

  private final List<List<String>> alternatives;

  @SafeVarargs
  CredentialType(List<String>... alternatives) {
    this.alternatives = List.of(alternatives);
  }

  /**
   * The type spelled so.
   *
   * @throws BadRequest when there is none
   */
  public static CredentialType parse(String text) {
    return Arrays.stream(values())
        .filter(type -> type.name().equals(text))
        .findFirst()
        .orElseThrow(() -> new BadRequest("type", "must be one of " + Arrays.toString(values())));
  }

  /**
   * Holds a credential to this type's rule; a field may stand among its data or its metadata.
   *
   * @throws BadRequest naming the field that is missing, or the alternatives
   */
  void check(Data data, Optional<Data> metadata) {
    Predicate<String> isThere =
        field -> data.hasValue(field) || metadata.filter(each -> each.hasValue(field)).isPresent();
    if (alternatives.stream().anyMatch(fields -> fields.stream().allMatch(isThere))) {
      return;
    }
    if (alternatives.size() == 1) {
      String missing = alternatives.getFirst().stream().filter(isThere.negate()).findFirst().get();
      throw new BadRequest("data." + missing, "must be a non-empty string for type " + name());
    }
    throw new BadRequest(
        "data",
        "must have "
            + alternatives.stream()
                .map(fields -> String.join(" and ", fields))
                .collect(Collectors.joining(", or "))
            + " as non-empty strings for type "
            + name());
  }
}
