package io.agentvault.vault;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a secret is put into a call; a field is one of the credential's data or metadata. */
public sealed interface Injection {
  /** {@code Authorization: Bearer} and the field. */
  record Bearer(String field) implements Injection {}

  /** HTTP's Basic authentication (RFC 7617). */
  record Basic(Part username, Part password) implements Injection {}

  /**
   * A header.
   *
   * @param name as it is sent
   * @param prefix what stands before the field, such as {@code token } with its space
   */
  record Header(String name, String field, Optional<String> prefix) implements Injection {}

  /** A parameter of the query. */
  record Query(String name, String field) implements Injection {}

  /** AWS Signature Version 4 with the fields accessKeyId, secretAccessKey, sessionToken. */
  record AwsSigV4(String service, String region) implements Injection {}

  /** Half of a Basic authentication. */
  sealed interface Part {
    /** A field of the credential. */
    record Field(String name) implements Part {}

    /** A fixed text, which is no secret. */
    record Literal(String text) implements Part {}
  }

  /** The fields that must be there for it. */
  default List<String> fields() {
    return switch (this) {
      case Bearer(String field) -> List.of(field);
      case Basic(Part username, Part password) ->
          Stream.of(username, password)
              .filter(Part.Field.class::isInstance)
              .map(part -> ((Part.Field) part).name())
              .toList();
      case Header(String name, String field, Optional<String> prefix) -> List.of(field);
      case Query(String name, String field) -> List.of(field);
      case AwsSigV4 signature -> List.of("accessKeyId", "secretAccessKey");
    };
  }

  /** What is meant where a policy does not say; empty where it must. */
  static Optional<Injection> ofType(CredentialType type) {
    return switch (type) {
      case API_KEY -> Optional.of(new Bearer("key"));
      case LOGIN -> Optional.of(new Basic(new Part.Field("username"), new Part.Field("password")));
      case OAUTH -> Optional.of(new Bearer("accessToken"));
      case AWS, TOTP, SSH_KEY, DATABASE, SMTP, CERTIFICATE, CARD, SHIPPING_ADDRESS, CUSTOM ->
          Optional.empty();
    };
  }
}
