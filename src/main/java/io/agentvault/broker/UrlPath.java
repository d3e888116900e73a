package io.agentvault.broker;

import io.agentvault.problem.BadRequest;
import java.util.HexFormat;

/**
 * A path in normal form: characters that need no encoding are plain, all others are encoded with
 * capital digits. A path that a second normalisation, or a lenient server, would read differently
 * is refused: dot segments and empty ones, an encoded slash, backslash, percent sign or control
 * character, a semicolon.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2">RFC 3986, 6.2.2</a>
 */
final class UrlPath {
  private static final String FIELD = "url's path";
  private static final String PLAIN = "-._~";
  private static final String SUB_DELIMITERS = "!$&'()*+,=:@";

  private UrlPath() {}

  /**
   * The normal form of {@code path}, which begins with a slash.
   *
   * @throws BadRequest when it could be read in two ways
   */
  static String normal(String path) {
    StringBuilder normal = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%') {
        append(normal, octet(path, i));
        i += 2;
      } else if (c == '/' || isUnreserved(c) || SUB_DELIMITERS.indexOf(c) >= 0) {
        normal.append(c);
      } else {
        throw new BadRequest(FIELD, "must hold no characters that need encoding, and no semicolon");
      }
    }
    checkSegments(normal.toString());
    return normal.toString();
  }

  private static int octet(String path, int at) {
    if (at + 2 < path.length()
        && HexFormat.isHexDigit(path.charAt(at + 1))
        && HexFormat.isHexDigit(path.charAt(at + 2))) {
      return HexFormat.fromHexDigits(path, at + 1, at + 3);
    }
    throw new BadRequest(FIELD, "must have two hexadecimal digits behind every percent sign");
  }

  private static void append(StringBuilder normal, int octet) {
    if (octet < ' ' || octet == 0x7f || octet == '/' || octet == '\\' || octet == '%') {
      throw new BadRequest(
          FIELD, "must hold no encoded slash, backslash, percent sign or control character");
    }
    if (octet == ';') {
      throw new BadRequest(FIELD, "must hold no semicolon");
    }
    if (octet < 0x80 && isUnreserved((char) octet)) {
      normal.append((char) octet);
    } else {
      normal.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) octet));
    }
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || PLAIN.indexOf(c) >= 0;
  }

  private static void checkSegments(String path) {
    String[] segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      boolean emptyInside = segments[i].isEmpty() && i < segments.length - 1;
      if (emptyInside || segments[i].equals(".") || segments[i].equals("..")) {
        throw new BadRequest(FIELD, "must hold no dot segments and no empty ones");
      }
    }
  }
}
