package io.agentvault.identity;

import io.agentvault.problem.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jose4j.http.Get;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/** Where the public keys of operator tokens come from. Neither source is touched before use. */
public final class OperatorKeySet {
  private static final Duration CACHED_FOR = Duration.ofMinutes(10);
  private static final Duration NO_REFRESH_WITHIN = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int RETRY_AFTER_SECONDS = 5;

  private OperatorKeySet() {}

  /**
   * Keys given as JWKS JSON.
   *
   * @throws IllegalArgumentException when it is not a JWKS of public keys; never quotes it
   */
  public static VerificationKeyResolver inline(String jwks) {
    try {
      List<JsonWebKey> keys = new JsonWebKeySet(jwks).getJsonWebKeys();
      if (keys.isEmpty() || !keys.stream().allMatch(OperatorKeySet::isPublic)) {
        throw new IllegalArgumentException("the operator JWKS must hold public keys only");
      }
      return new JwksVerificationKeyResolver(keys);
    } catch (JoseException | ClassCastException e) {
      throw new IllegalArgumentException("the operator JWKS is not a JSON Web Key Set");
    }
  }

  private static boolean isPublic(JsonWebKey key) {
    return key instanceof PublicJsonWebKey pair && pair.getPrivateKey() == null;
  }

  /**
   * Keys published at an address, fetched at the first token and kept for ten minutes; an unknown
   * key id fetches them again, at most twice a minute.
   *
   * @throws IllegalArgumentException when it is not an https address, or http on this very machine
   */
  public static VerificationKeyResolver published(String address) {
    URI uri = URI.create(address);
    boolean loopback = "localhost".equals(uri.getHost()) || "127.0.0.1".equals(uri.getHost());
    if (!"https".equals(uri.getScheme()) && !("http".equals(uri.getScheme()) && loopback)) {
      throw new IllegalArgumentException("the operator JWKS URL must be https");
    }
    Get get = new Get();
    get.setConnectTimeout((int) TIMEOUT.toMillis());
    get.setReadTimeout((int) TIMEOUT.toMillis());
    get.setRetries(1);
    HttpsJwks keys = new HttpsJwks(address);
    keys.setSimpleHttpGet(get);
    keys.setDefaultCacheDuration(CACHED_FOR.toSeconds());
    keys.setRefreshReprieveThreshold(NO_REFRESH_WITHIN.toMillis());
    keys.setRetainCacheOnErrorDuration(CACHED_FOR.toSeconds());
    return orUnavailable(new HttpsJwksVerificationKeyResolver(keys));
  }

  /** Keys that could not be had say nothing about a token; an unknown key id has no cause. */
  private static VerificationKeyResolver orUnavailable(VerificationKeyResolver keys) {
    return (signature, nesting) -> {
      try {
        return keys.resolveKey(signature, nesting);
      } catch (UnresolvableKeyException e) {
        if (e.getCause() instanceof IOException || e.getCause() instanceof JoseException) {
          throw new Unavailable("operator key set", RETRY_AFTER_SECONDS);
        }
        throw e;
      }
    };
  }
}
