package io.agentvault.crypto;

import io.agentvault.problem.Tampered;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals a credential under a data key and opens it again, as the numbered clauses of this package's
 * description say. It holds no key: that is lent to {@link #under}. Safe for use by several
 * threads.
 */
public final class Envelope {
  /** How much longer sealed bytes are than what they hold. */
  public static final int OVERHEAD_BYTES = 49;

  private static final int VERSION_BYTES = 1;
  private static final int SALT_BYTES = 32;
  private static final int KEY_BYTES = DataKeyUnwrapper.DATA_KEY_BYTES;
  private static final int HEADER_BYTES = VERSION_BYTES + SALT_BYTES;
  private static final byte[] NONCE = new byte[12];
  private static final String HMAC = "HmacSHA256";
  private static final byte[] FIRST_BLOCK = {1};
  private static final int TAG_BITS = 128;

  private final Randomness randomness;

  /** Whether these bytes say that the release before sealed them; only opening them proves it. */
  public static boolean isWithoutPart(byte[] sealed) {
    return sealed.length > 0 && sealed[0] == Binding.VERSION_WITHOUT_PART;
  }

  /**
   * @param randomness where the salts come from
   */
  public Envelope(Randomness randomness) {
    this.randomness = randomness;
  }

  /**
   * Seals and opens under {@code dataKey}, for as long as that is lent.
   *
   * @param dataKey the identity's, 32 bytes
   */
  public Keyed under(Secret dataKey) {
    try {
      return new Keyed(dataKey, Cipher.getInstance("AES/GCM/NoPadding"), Mac.getInstance(HMAC));
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  /**
   * The envelope with a data key in it. What the JDK looks up by its name is looked up once, and
   * its {@code KDF} would look up two more for each content key: for a listing, a quarter of the
   * work. Not safe for use by several threads.
   */
  public final class Keyed {
    private final Secret dataKey;
    private final Cipher cipher; // Envelope 4.1
    private final Mac hmac;

    private Keyed(Secret dataKey, Cipher cipher, Mac hmac) {
      this.dataKey = dataKey;
      this.cipher = cipher;
      this.hmac = hmac;
    }

    /**
     * Seals {@code plaintext}. The same plaintext sealed twice has nothing in common but its
     * length.
     *
     * @param plaintext stays the caller's, to be wiped by it
     * @return {@value #OVERHEAD_BYTES} bytes more than the plaintext
     */
    public byte[] seal(Binding binding, byte[] plaintext) {
      byte[] bound = binding.encoded(Binding.VERSION);
      byte[] salt = randomness.bytes(SALT_BYTES); // Envelope 3.2
      byte[] sealed = new byte[OVERHEAD_BYTES + plaintext.length];
      sealed[0] = Binding.VERSION; // Envelope 1.2
      System.arraycopy(salt, 0, sealed, VERSION_BYTES, SALT_BYTES);
      try {
        begin(Cipher.ENCRYPT_MODE, salt, bound);
        cipher.doFinal(plaintext, 0, plaintext.length, sealed, HEADER_BYTES);
        return sealed;
      } catch (GeneralSecurityException e) {
        throw missing(e);
      }
    }

    /**
     * Opens what {@link #seal} made, now or in the release before, with the same data key and the
     * same binding.
     *
     * @return the plaintext in an array of its own, to be wiped by the caller
     * @throws Tampered for any other bytes, of whatever length
     */
    public byte[] open(Binding binding, byte[] sealed) {
      // Envelope 1.1, 1.2, 6.2
      if (sealed.length < OVERHEAD_BYTES || !binding.existsIn(sealed[0])) {
        throw new Tampered();
      }
      byte[] bound = binding.encoded(sealed[0]);
      byte[] salt = Arrays.copyOfRange(sealed, VERSION_BYTES, HEADER_BYTES);
      try {
        begin(Cipher.DECRYPT_MODE, salt, bound);
        // Envelope 4.4: the JDK's GCM gives nothing out before doFinal has checked the tag.
        return cipher.doFinal(sealed, HEADER_BYTES, sealed.length - HEADER_BYTES);
      } catch (AEADBadTagException e) {
        throw new Tampered();
      } catch (GeneralSecurityException e) {
        throw missing(e);
      }
    }

    private void begin(int mode, byte[] salt, byte[] bound) throws GeneralSecurityException {
      // Envelope 4.2: the nonce is fixed because this key encrypts once and is then forgotten.
      cipher.init(mode, contentKey(salt, bound), new GCMParameterSpec(TAG_BITS, NONCE));
      cipher.updateAAD(bound); // Envelope 4.3
    }

    private SecretKey contentKey(byte[] salt, byte[] bound) throws GeneralSecurityException {
      // Envelope 3.1: anything else is a defect of ours, for the unwrapper lets no other key
      // through.
      if (dataKey.length() != KEY_BYTES) {
        throw new IllegalArgumentException("a data key must be " + KEY_BYTES + " bytes");
      }
      // Envelope 3.3, RFC 5869: what 2.2 extracts, 2.3 expands to its first block, which is a key.
      SecretKey pseudorandomKey = key(hmac(new SecretKeySpec(salt, HMAC), dataKey.expose()), HMAC);
      return key(hmac(pseudorandomKey, bound, FIRST_BLOCK), "AES");
    }

    /** Wipes the bytes, of which the JDK's key has a copy. */
    private static SecretKey key(byte[] bytes, String algorithm) {
      try {
        return new SecretKeySpec(bytes, algorithm);
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    }

    private byte[] hmac(SecretKey key, byte[]... message) throws GeneralSecurityException {
      hmac.init(key);
      for (byte[] part : message) {
        hmac.update(part);
      }
      return hmac.doFinal();
    }
  }

  private static IllegalStateException missing(GeneralSecurityException cause) {
    return new IllegalStateException("this JDK has no HmacSHA256 or AES-256-GCM", cause);
  }
}
