package io.agentvault.broker;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which headers go through, each way. What frames a message is made anew; what tells the upstream
 * of our caller, or would let it answer in slices, is not passed on; what an answer could do to our
 * own origin is not passed back.
 */
final class HeaderRules {
  /** Between one hop and the next (RFC 9110, 7.6.1), and what frames a message. */
  private static final Set<String> OF_THE_HOP =
      Set.of(
          "connection",
          "content-length",
          "host",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "expect");

  private static final Set<String> NOT_SENT =
      Set.of(
          "accept-encoding",
          "cookie",
          "cookie2",
          "forwarded",
          "if-range",
          "range",
          "via",
          "x-real-ip",
          "x-amz-cf-id",
          // they ask for another method or path than the one that the policy allowed
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "x-original-url",
          "x-rewrite-url");

  private static final List<String> NOT_SENT_PREFIXES =
      List.of("x-forwarded-", "x-amzn-", "sec-fetch-", "proxy-");

  private static final Set<String> NOT_ANSWERED =
      Set.of(
          "alt-svc",
          "authentication-info",
          "authorization",
          "clear-site-data",
          "content-encoding",
          "content-security-policy",
          "content-security-policy-report-only",
          "nel",
          "origin-trial",
          "permissions-policy",
          "public-key-pins",
          "refresh",
          "report-to",
          "reporting-endpoints",
          "service-worker-allowed",
          "set-cookie",
          "set-cookie2",
          "sourcemap",
          "speculation-rules",
          "strict-transport-security",
          "x-content-type-options",
          "x-sourcemap");

  private static final Pattern BEARER =
      Pattern.compile(
          "bearer(?:\\s(?!.*\\b(?:basic|digest|negotiate|ntlm)\\b).*)?", Pattern.CASE_INSENSITIVE);

  private static final List<String> NOT_ANSWERED_PREFIXES =
      List.of("access-control-", "cross-origin-", "proxy-", "vault-", "x-amzn-");

  private HeaderRules() {}

  /** What a caller's {@code Connection} says is for this hop alone (RFC 9110, 7.6.1). */
  static Set<String> namedByConnection(List<Header> headers) {
    return headers.stream()
        .filter(each -> each.key().equals("connection"))
        .flatMap(each -> Stream.of(each.value().split(",", -1)))
        .map(name -> name.strip().toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The name that CGI, and what came after it, takes a header for: underscores are dashes. */
  static String asCgiReads(String key) {
    return key.replace('_', '-');
  }

  /** Whether a caller's header goes to the upstream, by its lower-case name. */
  static boolean isSent(String key) {
    String name = asCgiReads(key);
    return !OF_THE_HOP.contains(name)
        && !NOT_SENT.contains(name)
        && NOT_SENT_PREFIXES.stream().noneMatch(name::startsWith);
  }

  /**
   * Whether an upstream's header goes to the caller. A challenge does that is of a bearer alone:
   * all others have a browser ask its user for a password, or send one by itself.
   */
  static boolean isAnswered(Header header) {
    String key = header.key();
    if (key.equals("www-authenticate")) {
      return BEARER.matcher(header.value()).matches();
    }
    return !OF_THE_HOP.contains(key)
        && !NOT_ANSWERED.contains(key)
        && NOT_ANSWERED_PREFIXES.stream().noneMatch(key::startsWith);
  }
}
