package io.agentvault.vault;

import io.agentvault.problem.BadRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * With what an OAUTH credential that has a {@code tokenUrl} gets its access tokens: a refresh token
 * (RFC 6749 §6) or the client's own credentials (§4.4). Its fields stand in data or metadata.
 */
public final class TokenGrant {
  private static final String TOKEN_URL = "tokenUrl";
  private static final String GRANT = "grant";
  private static final String CLIENT_AUTH = "clientAuth";

  private final Content content;
  private final Kind kind;
  private final ClientAuth clientAuth;

  private TokenGrant(Content content, Kind kind, ClientAuth clientAuth) {
    this.content = content;
    this.kind = kind;
    this.clientAuth = clientAuth;
  }

  /** What is presented for a token. */
  public enum Kind {
    REFRESH_TOKEN,
    CLIENT_CREDENTIALS;

    /** The {@code grant_type}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How the client proves itself (RFC 6749 §2.3, RFC 7523 §2.2). */
  public enum ClientAuth {
    BASIC,
    POST,
    NONE,
    PRIVATE_KEY_JWT;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The grant in {@code content}; none where it has none, or not all that it needs. */
  static Optional<TokenGrant> of(Content content) {
    return find(content).filter(TokenGrant::isComplete);
  }

  private static Optional<TokenGrant> find(Content content) {
    return content.type() == CredentialType.OAUTH && content.value(TOKEN_URL).isPresent()
        ? Optional.of(
            new TokenGrant(
                content,
                kind(content),
                choice(ClientAuth.values(), ClientAuth::text, content, CLIENT_AUTH)
                    .orElse(ClientAuth.BASIC)))
        : Optional.empty();
  }

  private static Kind kind(Content content) {
    return choice(Kind.values(), Kind::text, content, GRANT).orElse(Kind.REFRESH_TOKEN);
  }

  /**
   * Holds an OAUTH credential that has a {@code tokenUrl} to what may stand there. What is missing
   * for a token is said when one is asked for.
   *
   * @throws BadRequest naming the field that is not one of those there are
   */
  static void check(Content content) {
    Optional<TokenGrant> found = find(content);
    if (found.isEmpty()) {
      return;
    }
    String url = found.get().tokenUrl().toLowerCase(Locale.ROOT);
    if (!url.startsWith("https://") && !url.startsWith("http://127.0.0.1:")) {
      throw new BadRequest("data." + TOKEN_URL, "must begin with https://");
    }
  }

  private boolean isComplete() {
    boolean authenticates =
        switch (clientAuth) {
          case BASIC, POST -> field("clientSecret").isPresent();
          case PRIVATE_KEY_JWT -> field("clientKey").isPresent();
          case NONE -> true;
        };
    return authenticates
        && field("clientId").isPresent()
        && (kind == Kind.CLIENT_CREDENTIALS || field("refreshToken").isPresent());
  }

  private static <T> Optional<T> choice(
      T[] all, java.util.function.Function<T, String> text, Content content, String field) {
    Optional<String> said = content.value(field);
    if (said.isEmpty()) {
      return Optional.empty();
    }
    List<String> texts = Arrays.stream(all).map(text).toList();
    return Optional.of(
        Arrays.stream(all)
            .filter(each -> text.apply(each).equals(said.get()))
            .findFirst()
            .orElseThrow(() -> new BadRequest("data." + field, "must be one of " + texts)));
  }

  /** Where tokens are had. */
  public String tokenUrl() {
    return content.value(TOKEN_URL).orElseThrow();
  }

  public Kind kind() {
    return kind;
  }

  public ClientAuth clientAuth() {
    return clientAuth;
  }

  public String clientId() {
    return content.value("clientId").orElseThrow();
  }

  /** Any of its further fields, secrets included, by the name that the contract gives it. */
  public Optional<String> field(String name) {
    return content.value(name);
  }

  /** The refresh token that was stored with the credential; later ones are kept apart. */
  Optional<String> storedRefreshToken() {
    return kind == Kind.REFRESH_TOKEN ? field("refreshToken") : Optional.empty();
  }

  /**
   * What a kept refresh token belongs to: another one stored, another client or another server, and
   * what was kept is void.
   */
  String origin() {
    return hashOf(TOKEN_URL, "clientId", GRANT, "refreshToken");
  }

  /** What a kept access token belongs to. */
  String wish() {
    return hashOf(TOKEN_URL, "clientId", GRANT, "refreshToken", "scope", "audience", "resource");
  }

  private String hashOf(String... fields) {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      for (String name : fields) {
        byte[] value = field(name).orElse("").getBytes(StandardCharsets.UTF_8);
        hash.update((value.length + ":").getBytes(StandardCharsets.UTF_8));
        hash.update(value);
      }
      return HexFormat.of().formatHex(hash.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "TokenGrant[redacted]";
  }
}
