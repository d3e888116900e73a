package io.agentvault.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.zip.CRC32;

/** An id and a key computed by an independent implementation, and the means to forge others. */
final class Vectors {
  /** Of the bytes f0 to ff. */
  static final String ID = "7gy7sf7x7nyvvzhyftzfyfvzqz";

  /** Of {@link #ID} and the bytes 00 to 1f. */
  static final String KEY =
      "avk_7gy7sf7x7nyvvzhyftzfyfvzqz_0001081g81860w40j2gb1g6gw3rg2491650n2rbhg68t3ce1t7gz2w94een";

  static final String KEY_SHA_256 =
      "e3fc1a4a9d7b81a664ba324b206424f9886db442ab71c0bec2dc4b2e8a69e315";

  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private Vectors() {}

  /** A text with the checksum of an agent key behind it. */
  static String checksummed(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(US_ASCII));
    StringBuilder checksum = new StringBuilder();
    for (int shift = 30; shift >= 0; shift -= 5) {
      checksum.append(ALPHABET.charAt((int) (crc.getValue() >>> shift) & 31));
    }
    return body + checksum;
  }
}
