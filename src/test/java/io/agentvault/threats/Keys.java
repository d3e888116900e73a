package io.agentvault.threats;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/** Agent keys that nobody minted: well-formed, and wrong. */
final class Keys {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What stands before the checksum: prefix, id, secret. */
  static final int BODY = 83;

  private Keys() {}

  /** A key of that identity with a secret of the guesser's. */
  static String madeUp(String id) {
    return withChecksum("avk_" + id + "_0" + characters(51));
  }

  /** An id that no identity has. */
  static String unknownId() {
    return "0" + characters(25);
  }

  /** A key body with the checksum that belongs to it. */
  static String withChecksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    StringBuilder text = new StringBuilder(body);
    for (int shift = 30; shift >= 0; shift -= 5) {
      text.append(ALPHABET.charAt((int) (crc.getValue() >> shift) & 31));
    }
    return text.toString();
  }

  private static String characters(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(ALPHABET.charAt(RANDOM.nextInt(32)));
    }
    return text.toString();
  }
}
