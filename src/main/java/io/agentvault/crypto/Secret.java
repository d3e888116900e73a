package io.agentvault.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that must not be seen: a key, or a credential's content. They leave through {@link
 * #expose()} and no other way, so a search for that name finds every place that handles them. It
 * prints as redacted, has no serialised form, and compares in constant time.
 *
 * <p>What {@link #close()} can't do: it overwrites this one array. Copies that the garbage
 * collector left behind when it moved the array, that a cipher or key object of the JDK made for
 * itself, or that stand in a {@link String} the secret came from, stay in memory until it is
 * reused. Wiping shortens the time a secret can be found in a memory dump; it does not end it.
 *
 * <p>Not safe for one thread to close while another uses it; {@link DataKeys} shows how to share.
 */
public final class Secret implements AutoCloseable {
  private final byte[] bytes;
  private volatile boolean wiped;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes {@code bytes} over without a copy: from here on they belong to the secret. */
  public static Secret of(byte[] bytes) {
    return new Secret(bytes);
  }

  /**
   * A secret from text, in UTF-8.
   *
   * @throws IllegalArgumentException if the text has a lone surrogate; the message quotes nothing
   */
  public static Secret ofUtf8(String text) {
    return new Secret(Utf8.encode(text));
  }

  /**
   * The bytes themselves, not a copy: they turn to zeros when the secret is closed.
   *
   * @throws IllegalStateException once closed, so that zeros are never used as a key
   */
  public byte[] expose() {
    if (wiped) {
      throw new IllegalStateException("the secret has been wiped");
    }
    return bytes;
  }

  /** The same bytes in an array of their own, to be closed on its own. */
  public Secret copy() {
    return new Secret(expose().clone());
  }

  /** The number of bytes. */
  public int length() {
    return bytes.length;
  }

  /** Overwrites the bytes with zeros; idempotent. */
  @Override
  public void close() {
    wiped = true;
    Arrays.fill(bytes, (byte) 0);
  }

  /** Equal bytes; takes the same time wherever they differ. A wiped secret equals only itself. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Secret that
            && !wiped
            && !that.wiped
            && MessageDigest.isEqual(bytes, that.bytes));
  }

  /** The same for all secrets: a hash of the bytes would tell of them. */
  @Override
  public int hashCode() {
    return Secret.class.hashCode();
  }

  @Override
  public String toString() {
    return "Secret[redacted]";
  }
}
