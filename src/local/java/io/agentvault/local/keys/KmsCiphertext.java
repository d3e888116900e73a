package io.agentvault.local.keys;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The local KMS's ciphertext: format (1 byte), key id (16), version of the key's material (4),
 * nonce (12), text sealed with AES-256-GCM. Associated data are the first three and the encryption
 * context, sorted and length-prefixed.
 */
final class KmsCiphertext {
  private static final byte FORMAT = 1;
  private static final int HEAD_BYTES = 1 + 16 + 4;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private KmsCiphertext() {}

  static byte[] seal(
      UUID key, int version, byte[] material, byte[] plaintext, SortedMap<String, String> context) {
    byte[] nonce = KmsKey.random(NONCE_BYTES);
    byte[] head =
        ByteBuffer.allocate(HEAD_BYTES)
            .put(FORMAT)
            .putLong(key.getMostSignificantBits())
            .putLong(key.getLeastSignificantBits())
            .putInt(version)
            .array();
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, material, nonce, head, context).doFinal(plaintext);
      return ByteBuffer.allocate(HEAD_BYTES + NONCE_BYTES + sealed.length)
          .put(head)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] open(byte[] material, byte[] blob, SortedMap<String, String> context) {
    ByteBuffer buffer = whole(blob);
    byte[] head = new byte[HEAD_BYTES];
    byte[] nonce = new byte[NONCE_BYTES];
    byte[] sealed = new byte[blob.length - HEAD_BYTES - NONCE_BYTES];
    buffer.get(head).get(nonce).get(sealed);
    try {
      return cipher(Cipher.DECRYPT_MODE, material, nonce, head, context).doFinal(sealed);
    } catch (AEADBadTagException e) {
      throw invalid();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The id of the key that a ciphertext names. */
  static String keyOf(byte[] blob) {
    ByteBuffer buffer = whole(blob).position(1);
    return new UUID(buffer.getLong(), buffer.getLong()).toString();
  }

  static int versionOf(byte[] blob) {
    return whole(blob).getInt(HEAD_BYTES - Integer.BYTES);
  }

  private static ByteBuffer whole(byte[] blob) {
    if (blob.length < HEAD_BYTES + NONCE_BYTES + TAG_BYTES || blob[0] != FORMAT) {
      throw invalid();
    }
    return ByteBuffer.wrap(blob);
  }

  static KmsFailure invalid() {
    return new KmsFailure("InvalidCiphertextException", "");
  }

  private static Cipher cipher(
      int mode, byte[] material, byte[] nonce, byte[] head, SortedMap<String, String> context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, new SecretKeySpec(material, "AES"), new GCMParameterSpec(TAG_BYTES * 8, nonce));
    cipher.updateAAD(head);
    cipher.updateAAD(canonical(context));
    return cipher;
  }

  private static byte[] canonical(SortedMap<String, String> context) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Map.Entry<String, String> pair : context.entrySet()) {
        for (String text : List.of(pair.getKey(), pair.getValue())) {
          byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
          out.writeInt(utf8.length);
          out.write(utf8);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
