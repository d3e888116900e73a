package io.agentvault.mcp;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * From which web pages a browser may call: our own, and those that the deployment names. Programs
 * send no {@code Origin}. On a loopback address the {@code Host} is looked at too, because there a
 * page can give itself our address by DNS.
 *
 * @param allowed origins besides our own, such as {@code https://console.example.com}
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#security--endpoint">
 *     Streamable HTTP, security</a>
 */
public record Origins(Set<String> allowed) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  public Origins {
    allowed = Set.copyOf(allowed);
  }

  /** Whether the request comes from where it may. */
  boolean allow(Incoming http) {
    return http.header("origin").map(origin -> isOurs(origin, http)).orElse(true)
        && (!isLocal(http) || http.header("host").map(Origins::isLoopback).orElse(true));
  }

  private boolean isOurs(String origin, Incoming http) {
    Optional<String> host = host(origin);
    return allowed.contains(origin)
        || (host.isPresent()
            && http.domain()
                .map(Origins::withoutPort)
                .filter(
                    ours ->
                        ours.equals(host.get())
                            || (LOOPBACK.contains(ours) && LOOPBACK.contains(host.get())))
                .isPresent());
  }

  private static boolean isLocal(Incoming http) {
    return http.domain().filter(Origins::isLoopback).isPresent();
  }

  private static boolean isLoopback(String host) {
    return LOOPBACK.contains(withoutPort(host));
  }

  private static String withoutPort(String host) {
    return host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
  }

  private static Optional<String> host(String origin) {
    try {
      return Optional.ofNullable(new URI(origin).getHost())
          .map(text -> text.toLowerCase(Locale.ROOT));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
