package io.agentvault.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** SHA-256 as 64 lower-case hexadecimal digits. */
final class Hash {
  private static final int BYTES = 32;

  private Hash() {}

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  static boolean isHash(String text) {
    return HEX.matcher(text).matches();
  }

  static String of(String text) {
    return hex(bytes(text.getBytes(UTF_8)));
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Hashes one after the other, 32 bytes each. */
  static byte[] packed(List<String> hashes) {
    return HexFormat.of().parseHex(String.join("", hashes));
  }

  /** What was {@link #packed(List) packed}; of a rest under 32 bytes nothing. */
  static List<String> unpacked(byte[] hashes) {
    return IntStream.range(0, hashes.length / BYTES)
        .mapToObj(i -> HexFormat.of().formatHex(hashes, i * BYTES, (i + 1) * BYTES))
        .toList();
  }

  static byte[] bytes(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
