package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** A secret's bytes as services write them. */
final class Renderings {
  private static final int GROUP_BYTES = 3;

  /** How many characters at the front of base64 depend on so many bytes before the secret. */
  private static final int[] MIXED_WITH_BEFORE = {0, 2, 3};

  private Renderings() {}

  static byte[] hexadecimal(byte[] secret) {
    return HexFormat.of().formatHex(secret).getBytes(ISO_8859_1);
  }

  /** What base64 of any text that holds the secret contains, for each place in a group of three. */
  static List<byte[]> base64(byte[] secret) {
    List<byte[]> rendered = new ArrayList<>();
    for (int before = 0; before < GROUP_BYTES; before++) {
      byte[] shifted = new byte[before + secret.length];
      System.arraycopy(secret, 0, shifted, before, secret.length);
      int certain = shifted.length * Byte.SIZE / 6;
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        rendered.add(
            Arrays.copyOfRange(encoder.encode(shifted), MIXED_WITH_BEFORE[before], certain));
      }
    }
    return rendered;
  }
}
