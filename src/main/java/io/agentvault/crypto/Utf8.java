package io.agentvault.crypto;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** UTF-8 that refuses what {@link String#getBytes} silently replaces by a question mark. */
final class Utf8 {
  private Utf8() {}

  /**
   * The bytes of {@code text}; no further copy of them is left behind.
   *
   * @throws IllegalArgumentException if it has a lone surrogate; the message does not quote it
   */
  static byte[] encode(String text) {
    byte[] plain = text.getBytes(StandardCharsets.US_ASCII);
    if (!hasQuestionMark(plain)) {
      return plain;
    }
    Arrays.fill(plain, (byte) 0);
    return encodeStrictly(text);
  }

  /** Which is what stands for all that is not ASCII. */
  private static boolean hasQuestionMark(byte[] plain) {
    for (byte each : plain) {
      if (each == '?') {
        return true;
      }
    }
    return false;
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
