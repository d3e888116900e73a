package io.agentvault.broker;

import io.agentvault.problem.BadRequest;
import io.agentvault.vault.HostPattern;
import java.util.Locale;

/**
 * Where a call goes, in a form that every reader takes for the same place. What could be read in
 * two ways is refused, not repaired.
 *
 * @param isHttps whether TLS is spoken; without, only to an upstream of this very machine
 * @param host lower-case ASCII, or an IPv4 address as four numbers
 * @param port 1 to 65535
 * @param path in normal form, see {@link UrlPath}
 * @param query as it was sent, without its question mark; empty when there is none
 */
record Target(boolean isHttps, String host, int port, String path, String query) {
  private static final int LONGEST = 8_192;
  private static final int HTTP = 80;
  private static final String FIELD = "url";

  /**
   * The target that {@code url} names.
   *
   * @throws BadRequest when it is not one plain http or https URL
   */
  static Target parse(String url) {
    if (url.length() > LONGEST || !url.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new BadRequest(
          FIELD, "must be at most " + LONGEST + " printable ASCII characters without spaces");
    }
    String lower = url.toLowerCase(Locale.ROOT);
    boolean isHttps = lower.startsWith("https://");
    if (!isHttps && !lower.startsWith("http://")) {
      throw new BadRequest(FIELD, "must begin with https://");
    }
    String rest = url.substring(url.indexOf("://") + 3);
    if (rest.indexOf('#') >= 0 || rest.indexOf('\\') >= 0) {
      throw new BadRequest(FIELD, "must have no fragment and no backslash");
    }
    int question = rest.indexOf('?');
    String query = question < 0 ? "" : rest.substring(question + 1);
    String beforeQuery = question < 0 ? rest : rest.substring(0, question);
    int slash = beforeQuery.indexOf('/');
    String authority = slash < 0 ? beforeQuery : beforeQuery.substring(0, slash);
    HostPattern host = host(authority);
    return new Target(
        isHttps,
        host.name(),
        !isHttps && !authority.contains(":") ? HTTP : host.port(),
        UrlPath.normal(slash < 0 ? "/" : beforeQuery.substring(slash)),
        query);
  }

  private static HostPattern host(String authority) {
    if (authority.indexOf('@') >= 0) {
      throw new BadRequest(FIELD, "must have no user name in it");
    }
    HostPattern host = HostPattern.parse("url's host", authority);
    if (host.wildcard()) {
      throw new BadRequest(FIELD, "must name one host");
    }
    return host;
  }

  /** The same place, with another query. */
  Target withQuery(String other) {
    return new Target(isHttps, host, port, path, other);
  }

  /** What {@code Host} says: the port only where it is not the scheme's. */
  String authority() {
    return port == (isHttps ? HostPattern.HTTPS : HTTP) ? host : host + ":" + port;
  }

  /** Path and query as they are sent. */
  String pathAndQuery() {
    return query.isEmpty() ? path : path + "?" + query;
  }

  /** The whole URL. */
  String url() {
    return (isHttps ? "https://" : "http://") + authority() + pathAndQuery();
  }
}
