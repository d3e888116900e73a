package io.agentvault.crypto;

import io.agentvault.problem.Internal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The two forms of a P-256 signature: KMS answers DER (a SEQUENCE of two INTEGERs, RFC 3279
 * §2.2.3), a JWS holds both numbers one after the other, 32 bytes each (RFC 7518 §3.4).
 */
final class EcdsaSignature {
  private static final int BYTES_EACH = 32;
  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;

  private EcdsaSignature() {}

  /**
   * @throws Internal when it is no such signature
   */
  static byte[] concatenated(byte[] der) {
    if (der.length < 8 || der[0] != SEQUENCE || der[1] != der.length - 2) {
      throw malformed();
    }
    byte[] both = new byte[2 * BYTES_EACH];
    int second = number(der, 2, both, 0);
    if (number(der, second, both, BYTES_EACH) != der.length) {
      throw malformed();
    }
    return both;
  }

  private static int number(byte[] der, int at, byte[] into, int place) {
    if (at + 2 > der.length || der[at] != INTEGER) {
      throw malformed();
    }
    int end = at + 2 + der[at + 1];
    if (der[at + 1] < 1 || end > der.length) {
      throw malformed();
    }
    byte[] fixed = fixed(new BigInteger(Arrays.copyOfRange(der, at + 2, end)));
    System.arraycopy(fixed, 0, into, place, BYTES_EACH);
    return end;
  }

  /** A number as exactly 32 bytes, big-endian. */
  static byte[] fixed(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int sign = bytes.length > BYTES_EACH ? bytes.length - BYTES_EACH : 0;
    if (number.signum() < 0 || sign > 1) {
      throw malformed();
    }
    byte[] fixed = new byte[BYTES_EACH];
    int length = bytes.length - sign;
    System.arraycopy(bytes, sign, fixed, BYTES_EACH - length, length);
    return fixed;
  }

  private static Internal malformed() {
    return new Internal("the key service answered with a malformed signature");
  }
}
