package io.agentvault.localcloud;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One symmetric KMS key: AES-256-GCM under the newest version of its material, older versions kept
 * for decryption. A ciphertext is: format (1 byte), key id (16), version (4), nonce (12), sealed
 * text. Its associated data is the head and the encryption context, sorted and length-prefixed.
 */
final class KmsKey {
  static final int HEAD_BYTES = 1 + 16 + 4;
  private static final byte FORMAT = 1;
  private static final int NONCE_BYTES = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What KMS says of a key's use: only an enabled one encrypts and decrypts. */
  enum State {
    ENABLED("Enabled"),
    DISABLED("Disabled"),
    PENDING_DELETION("PendingDeletion");

    private final String wire;

    State(String wire) {
      this.wire = wire;
    }

    String wire() {
      return wire;
    }
  }

  private final UUID id;
  private final Instant created;
  private final String description;
  private final List<byte[]> versions;
  private volatile State state;
  private volatile boolean rotates;

  private KmsKey(
      UUID id,
      Instant created,
      String description,
      List<byte[]> versions,
      State state,
      boolean rotates) {
    this.id = id;
    this.created = created;
    this.description = description;
    this.versions = new ArrayList<>(versions);
    this.state = state;
    this.rotates = rotates;
  }

  static KmsKey create(String description) {
    return new KmsKey(
        UUID.randomUUID(), Instant.now(), description, List.of(random(32)), State.ENABLED, false);
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  String id() {
    return id.toString();
  }

  String arn() {
    return "arn:aws:kms:%s:%s:key/%s".formatted(Template.REGION, Template.ACCOUNT, id);
  }

  State state() {
    return state;
  }

  void state(State next) {
    state = next;
  }

  boolean rotates() {
    return rotates;
  }

  void rotates(boolean yes) {
    rotates = yes;
  }

  synchronized void rotate() {
    versions.add(random(32));
  }

  /** Fails unless the key may be used now. */
  void requireEnabled() {
    switch (state) {
      case ENABLED -> {}
      case DISABLED -> throw new KmsFailure("DisabledException", arn() + " is disabled.");
      case PENDING_DELETION ->
          throw new KmsFailure("KMSInvalidStateException", arn() + " is pending deletion.");
    }
  }

  synchronized byte[] encrypt(byte[] plaintext, SortedMap<String, String> context) {
    requireEnabled();
    byte[] nonce = random(NONCE_BYTES);
    byte[] head =
        ByteBuffer.allocate(HEAD_BYTES)
            .put(FORMAT)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .putInt(versions.size() - 1)
            .array();
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, versions.getLast(), nonce, head, context).doFinal(plaintext);
      return ByteBuffer.allocate(HEAD_BYTES + NONCE_BYTES + sealed.length)
          .put(head)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  synchronized byte[] decrypt(byte[] blob, SortedMap<String, String> context) {
    requireEnabled();
    ByteBuffer buffer = ByteBuffer.wrap(blob);
    byte[] head = new byte[HEAD_BYTES];
    byte[] nonce = new byte[NONCE_BYTES];
    if (blob.length < HEAD_BYTES + NONCE_BYTES + 16) {
      throw invalid();
    }
    buffer.get(head).get(nonce);
    byte[] sealed = new byte[buffer.remaining()];
    buffer.get(sealed);
    int version = ByteBuffer.wrap(head).getInt(HEAD_BYTES - 4);
    if (version < 0 || version >= versions.size()) {
      throw invalid();
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, versions.get(version), nonce, head, context)
          .doFinal(sealed);
    } catch (AEADBadTagException e) {
      throw invalid();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The id of the key that a ciphertext names. */
  static String idOf(byte[] blob) {
    if (blob.length < HEAD_BYTES || blob[0] != FORMAT) {
      throw invalid();
    }
    ByteBuffer buffer = ByteBuffer.wrap(blob, 1, 16);
    return new UUID(buffer.getLong(), buffer.getLong()).toString();
  }

  static KmsFailure invalid() {
    return new KmsFailure("InvalidCiphertextException", "");
  }

  private static Cipher cipher(
      int mode, byte[] key, byte[] nonce, byte[] head, SortedMap<String, String> context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
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

  JsonObject metadata() {
    return Json.object()
        .add("AWSAccountId", Template.ACCOUNT)
        .add("KeyId", id())
        .add("Arn", arn())
        .add("CreationDate", created.getEpochSecond())
        .add("Enabled", state == State.ENABLED)
        .add("Description", description)
        .add("KeyUsage", "ENCRYPT_DECRYPT")
        .add("KeyState", state.wire())
        .add("Origin", "AWS_KMS")
        .add("KeyManager", "CUSTOMER")
        .add("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT")
        .add("KeySpec", "SYMMETRIC_DEFAULT")
        .add("EncryptionAlgorithms", Json.array().add("SYMMETRIC_DEFAULT"))
        .add("MultiRegion", false)
        .build();
  }

  /** With the key material: for the file that keeps the keys, and for nothing else. */
  synchronized JsonObject persistent() {
    JsonArrayBuilder material = Json.array();
    versions.forEach(version -> material.add(Base64.getEncoder().encodeToString(version)));
    return Json.object()
        .add("id", id())
        .add("created", created.toString())
        .add("description", description)
        .add("state", state.name())
        .add("rotates", rotates)
        .add("versions", material)
        .build();
  }

  static KmsKey of(JsonObject persistent) {
    return new KmsKey(
        UUID.fromString(persistent.getString("id")),
        Instant.parse(persistent.getString("created")),
        persistent.getString("description"),
        persistent.getJsonArray("versions").getValuesAs(jakarta.json.JsonString.class).stream()
            .map(version -> Base64.getDecoder().decode(version.getString()))
            .toList(),
        State.valueOf(persistent.getString("state")),
        persistent.getBoolean("rotates"));
  }
}
