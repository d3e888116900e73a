package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentvault.broker.Header;
import io.agentvault.identity.Bearer;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Unauthorized;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The vault key that a client presents where it puts the upstream's key: an SDK can't be told of
 * another place.
 *
 * @param text the key
 * @param headers the lower-case names of all headers that hold it, none of which goes on
 */
record PresentedKey(String text, Set<String> headers) {
  /** Where a key may stand whatever the use policy says. */
  private static final Set<String> USUAL =
      Set.of("authorization", "x-api-key", "api-key", "x-goog-api-key", "private-token");

  /** Longer than any word, and generous in its alphabet: what looks like a key is taken for one. */
  private static final Pattern KEY =
      Pattern.compile("av[kt]_[0-9a-z]{16,}_[0-9a-z_.-]{16,}", Pattern.CASE_INSENSITIVE);

  private static final Pattern BASIC =
      Pattern.compile("basic +([A-Za-z0-9+/=_-]+)\\s*", Pattern.CASE_INSENSITIVE);

  PresentedKey {
    headers = Set.copyOf(headers);
  }

  /**
   * The key of a request: of a use over HTTP anywhere in its headers, else where it belongs.
   *
   * @throws Unauthorized when there is none
   * @throws BadRequest when there are two
   */
  static PresentedKey of(Request request) {
    boolean asUpstreams = request.route() == Route.USE || request.route() == Route.PROXY;
    if (asUpstreams && request.http().isPresent() && !request.isDirect()) {
      return in(request.http().get().headers());
    }
    return new PresentedKey(request.bearer().orElseThrow(Unauthorized::new), Set.of());
  }

  /**
   * The one key in the headers.
   *
   * @param headers by name
   * @throws Unauthorized when there is none
   * @throws BadRequest when there are two
   */
  static PresentedKey in(Map<String, String> headers) {
    Set<String> keys = new HashSet<>();
    Set<String> holders = new HashSet<>();
    headers.forEach(
        (name, value) -> {
          Matcher matcher = KEY.matcher(value + "\n" + basic(value));
          while (matcher.find()) {
            keys.add(matcher.group());
            holders.add(name.toLowerCase(Locale.ROOT));
          }
        });
    if (keys.size() > 1) {
      throw new BadRequest("headers", "must hold one vault key, not two different ones");
    }
    return new PresentedKey(keys.stream().findFirst().orElseThrow(Unauthorized::new), holders);
  }

  /** User name and password of Basic authentication, in either of which a key may stand. */
  private static String basic(String value) {
    Matcher matcher = BASIC.matcher(value);
    if (!matcher.matches()) {
      return "";
    }
    try {
      String encoded = matcher.group(1).replace('-', '+').replace('_', '/');
      return new String(Base64.getDecoder().decode(encoded), UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** What it proves itself with. */
  Bearer bearer() {
    return Bearer.parse(text);
  }

  /** The headers in which a key may stand only if the credential's policy sets them itself. */
  Set<String> unusualHeaders() {
    Set<String> unusual = new HashSet<>(headers);
    unusual.removeAll(USUAL);
    return unusual;
  }

  /**
   * Refuses what would carry a vault key to an upstream.
   *
   * @param field what it is
   * @param text as it was sent, encoded or not
   */
  static void refuseIn(String field, String text) {
    if (KEY.matcher(text).find() || KEY.matcher(decoded(text)).find()) {
      throw new BadRequest(field, "must not hold a vault key");
    }
  }

  /** As {@link #refuseIn(String, String)}, of a header that is asked for; Basic is decoded. */
  static void refuseIn(Header header) {
    refuseIn("headers", header.name() + "\n" + header.value() + "\n" + basic(header.value()));
  }

  /** As {@link #refuseIn(String, String)}, of a body. */
  static void refuseIn(byte[] body) {
    refuseIn("body", new String(body, StandardCharsets.ISO_8859_1));
  }

  private static String decoded(String text) {
    try {
      return text.indexOf('%') < 0 ? "" : URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text.replaceAll("%5[fF]", "_");
    }
  }

  @Override
  public String toString() {
    return "PresentedKey[redacted]";
  }
}
