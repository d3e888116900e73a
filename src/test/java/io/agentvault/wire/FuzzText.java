package io.agentvault.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Texts out of a fuzzer's bytes. */
final class FuzzText {
  private static final int UTF_16_MARK = 0xFF;

  private FuzzText() {}

  /**
   * UTF-8, so that a seed file reads as it is used; after a first byte FF the rest is UTF-16, which
   * is the way to surrogates without a partner.
   */
  static String of(byte[] bytes) {
    if (bytes.length == 0 || Byte.toUnsignedInt(bytes[0]) != UTF_16_MARK) {
      return new String(bytes, UTF_8);
    }
    byte[] units = Arrays.copyOfRange(bytes, 1, bytes.length);
    char[] characters = new char[units.length / 2];
    for (int i = 0; i < characters.length; i++) {
      characters[i] = (char) (units[2 * i] << 8 | Byte.toUnsignedInt(units[2 * i + 1]));
    }
    return new String(characters);
  }
}
