package io.agentvault.totp;

import io.agentvault.problem.BadRequest;
import java.util.Locale;

/** The hash under the HMAC (RFC 6238, section 1.2). The constant's name is the wire's name. */
public enum Algorithm {
  SHA1("HmacSHA1"),
  SHA256("HmacSHA256"),
  SHA512("HmacSHA512");

  private final String macName;

  Algorithm(String macName) {
    this.macName = macName;
  }

  /** The name that the Java security providers know it by. */
  String macName() {
    return macName;
  }

  /**
   * Reads a name in any case, with or without separators and the HMAC prefix: {@code sha1}, {@code
   * SHA-256}, {@code HMAC-SHA-512}, {@code HmacSHA1}.
   *
   * @param field what to call the value in an error
   * @throws BadRequest if it is none of the three
   */
  static Algorithm parse(String field, String text) {
    String bare = text.toUpperCase(Locale.ROOT).replace("-", "").replace("_", "").replace(" ", "");
    return switch (bare) {
      case "SHA1", "HMACSHA1" -> SHA1;
      case "SHA256", "HMACSHA256" -> SHA256;
      case "SHA512", "HMACSHA512" -> SHA512;
      default -> throw new BadRequest(field, "must be SHA1, SHA256 or SHA512");
    };
  }
}
