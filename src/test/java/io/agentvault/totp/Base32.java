package io.agentvault.totp;

import java.math.BigInteger;

/** An encoder that shares nothing with the decoder under test: it counts in base 32. */
final class Base32 {
  private static final String SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private Base32() {}

  /** RFC 4648, section 6, without padding. */
  static String encode(byte[] bytes) {
    int symbols = (bytes.length * 8 + 4) / 5;
    BigInteger number = new BigInteger(1, bytes).shiftLeft(symbols * 5 - bytes.length * 8);
    var text = new StringBuilder();
    for (int i = symbols - 1; i >= 0; i--) {
      text.append(SYMBOLS.charAt(number.shiftRight(i * 5).intValue() & 31));
    }
    return text.toString();
  }
}
