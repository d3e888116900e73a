package io.agentvault.crypto;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** UTF-8 that refuses what {@link String#getBytes} silently replaces by a question mark. */
final class Utf8 {
  private static final char MOST_ASCII = 0x7f;

  private Utf8() {}

  /**
   * The bytes of {@code text}; no further copy of them is left behind.
   *
   * @throws IllegalArgumentException if it has a lone surrogate; the message does not quote it
   */
  static byte[] encode(String text) {
    byte[] plain = new byte[text.length()];
    for (int i = 0; i < plain.length; i++) {
      char unit = text.charAt(i);
      if (unit > MOST_ASCII) {
        Arrays.fill(plain, (byte) 0);
        return encodeStrictly(text);
      }
      plain[i] = (byte) unit;
    }
    return plain;
  }

  private static byte[] encodeStrictly(String text) {
    CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    // At most 3 bytes for one char, so the buffer never overflows.
    byte[] room = new byte[Math.multiplyExact(3, text.length())];
    ByteBuffer encoded = ByteBuffer.wrap(room);
    try {
      if (encoder.encode(CharBuffer.wrap(text), encoded, true).isError()) {
        throw new IllegalArgumentException("text with a lone surrogate has no UTF-8 encoding");
      }
      return Arrays.copyOf(room, encoded.position());
    } finally {
      Arrays.fill(room, (byte) 0);
    }
  }
}
