package io.agentvault.vault;

import io.agentvault.problem.BadRequest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which hosts a use may reach: one exact name, or all names with one label before a fixed rest
 * ({@code *.example.com}, which needs two labels at least), at one port.
 *
 * @param wildcard whether one label stands before {@code name}
 * @param name lower-case ASCII, without a dot at its end; or an IPv4 address as four numbers
 * @param port 1 to 65535; 443 unless the pattern says otherwise
 */
public record HostPattern(boolean wildcard, String name, int port) {
  /** The port of HTTPS. */
  public static final int HTTPS = 443;

  private static final int LONGEST = 253;
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern GRAMMAR =
      Pattern.compile("(\\*\\.)?(" + LABEL + "(?:\\." + LABEL + ")*)(?::([1-9][0-9]{0,4}))?");
  private static final Pattern NUMBERS =
      Pattern.compile("(?:0x[0-9a-f]*|[0-9]+)(?:\\.(?:0x[0-9a-f]*|[0-9]+))*");
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");

  /**
   * The pattern that {@code text} spells, in any case.
   *
   * @param field what to call it in an error
   * @throws BadRequest when it spells none
   */
  public static HostPattern parse(String field, String text) {
    Matcher matcher = GRAMMAR.matcher(text.toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      boolean wildcard = matcher.group(1) != null;
      String name = matcher.group(2);
      int port = matcher.group(3) == null ? HTTPS : Integer.parseInt(matcher.group(3));
      if (name.length() <= LONGEST
          && port <= 65_535
          && (!wildcard || name.contains("."))
          && isNameOrAddress(name, wildcard)) {
        return new HostPattern(wildcard, name, port);
      }
    }
    throw new BadRequest(
        field,
        "must be a host name such as api.example.com, or *.example.com for one label, with :port if"
            + " it is not 443");
  }

  /** A name that a resolver may read as a number is an address in disguise. */
  private static boolean isNameOrAddress(String name, boolean wildcard) {
    boolean endsInNumber = NUMBERS.matcher(name.substring(name.lastIndexOf('.') + 1)).matches();
    return !endsInNumber || (!wildcard && IPV4.matcher(name).matches());
  }

  /**
   * Whether a call may go there.
   *
   * @param host lower-case, without a dot at its end
   */
  public boolean matches(String host, int atPort) {
    return port == atPort && (wildcard ? hasOneLabelBefore(host) : name.equals(host));
  }

  private boolean hasOneLabelBefore(String host) {
    int dot = host.indexOf('.');
    return dot > 0 && host.substring(dot + 1).equals(name);
  }

  /** Whether every host of {@code other} is one of this. */
  boolean covers(HostPattern other) {
    return equals(other) || (!other.wildcard && matches(other.name, other.port));
  }

  /** As it is written: the port only if it is not 443. */
  public String text() {
    return (wildcard ? "*." : "") + name + (port == HTTPS ? "" : ":" + port);
  }
}
