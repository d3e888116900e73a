package io.agentvault.crypto;

import java.nio.ByteBuffer;

/**
 * Where a credential belongs. Sealed bytes open with the binding they were sealed with and with no
 * other, so they are dead when moved to another vault, another label, or another credential of the
 * same label.
 *
 * @param agentId the identity whose vault it is
 * @param label the credential's name in that vault
 * @param credentialId the credential itself; a new one after a delete, kept by an update
 */
public record Binding(String agentId, String label, String credentialId) {
  // Envelope 2.1: the binding's first byte is the envelope's version.
  static final byte FORMAT_VERSION = 1;

  /**
   * Envelope 2.1 and 2.2: the version, then each part behind its length. Different bindings have
   * different encodings.
   *
   * @throws IllegalArgumentException if a part has a lone surrogate (Envelope 2.3)
   */
  byte[] encoded() {
    byte[] agent = Utf8.encode(agentId);
    byte[] name = Utf8.encode(label);
    byte[] credential = Utf8.encode(credentialId);
    return ByteBuffer.allocate(
            1 + 3 * Integer.BYTES + agent.length + name.length + credential.length)
        .put(FORMAT_VERSION)
        .putInt(agent.length)
        .put(agent)
        .putInt(name.length)
        .put(name)
        .putInt(credential.length)
        .put(credential)
        .array();
  }
}
