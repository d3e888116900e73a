package io.agentvault.crypto;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Where sealed bytes belong. They open with the binding they were sealed with and with no other, so
 * they are dead when moved to another vault, another label, another credential of the same label,
 * or another part of the same credential.
 *
 * @param agentId the identity whose vault it is
 * @param label the credential's name in that vault
 * @param credentialId the credential itself; a new one after a delete, kept by an update
 * @param part what of the credential is sealed
 */
public record Binding(String agentId, String label, String credentialId, Part part) {
  /** Envelope 1.2: what is written. */
  static final byte VERSION = 2;

  /** Envelope 1.2 and 6: what the release before wrote. */
  static final byte VERSION_WITHOUT_PART = 1;

  /** What is sealed of a credential, each under a seal of its own. */
  public enum Part {
    /** Its secrets, and what is enforced on their use. */
    DATA,
    /** What may be known about it without its secrets. */
    METADATA,
    /** The access token that the vault fetched with it. */
    ACCESS
  }

  /** Whether the seals of {@code version} know this binding's part. Envelope 6.2. */
  boolean existsIn(byte version) {
    return version == VERSION || (version == VERSION_WITHOUT_PART && part == Part.DATA);
  }

  /**
   * Envelope 2.1 and 2.2: the version, then each part behind its length. Different bindings have
   * different encodings.
   *
   * @throws IllegalArgumentException if a part has a lone surrogate (Envelope 2.3)
   */
  byte[] encoded(byte version) {
    byte[][] parts =
        version == VERSION_WITHOUT_PART
            ? new byte[][] {Utf8.encode(agentId), Utf8.encode(label), Utf8.encode(credentialId)}
            : new byte[][] {
              Utf8.encode(agentId),
              Utf8.encode(label),
              Utf8.encode(credentialId),
              Utf8.encode(part.name().toLowerCase(Locale.ROOT))
            };
    int length = 1;
    for (byte[] each : parts) {
      length += Integer.BYTES + each.length;
    }
    ByteBuffer encoded = ByteBuffer.allocate(length).put(version);
    for (byte[] each : parts) {
      encoded.putInt(each.length).put(each);
    }
    return encoded.array();
  }
}
