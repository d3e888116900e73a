package io.agentvault.local.keys;

import io.agentvault.local.host.Account;
import io.agentvault.local.host.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/**
 * One KMS key. A symmetric one encrypts with its newest material and decrypts with any it ever had;
 * one for signatures has its key pair as its only material.
 */
public final class KmsKey {
  static final String SYMMETRIC = "SYMMETRIC_DEFAULT";

  private static final SecureRandom RANDOM = new SecureRandom();

  /** What KMS says of a key's use: only an enabled one encrypts and decrypts. */
  public enum State {
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
  private final String spec;
  private final List<byte[]> versions;
  private volatile State state;
  private volatile boolean rotates;

  private KmsKey(
      UUID id,
      Instant created,
      String description,
      String spec,
      List<byte[]> versions,
      State state,
      boolean rotates) {
    this.id = id;
    this.created = created;
    this.description = description;
    this.spec = spec;
    this.versions = new ArrayList<>(versions);
    this.state = state;
    this.rotates = rotates;
  }

  /**
   * @param spec {@code SYMMETRIC_DEFAULT} or {@code ECC_NIST_P256}
   */
  static KmsKey create(String description, String spec) {
    return new KmsKey(
        UUID.randomUUID(),
        Instant.now(),
        description,
        spec,
        switch (spec) {
          case SYMMETRIC -> List.of(random(32));
          case KmsSignature.SPEC -> KmsSignature.newKeyPair();
          default -> throw new KmsFailure("ValidationException", "no such KeySpec here: " + spec);
        },
        State.ENABLED,
        false);
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  public String id() {
    return id.toString();
  }

  public String arn() {
    return "arn:aws:kms:%s:%s:key/%s".formatted(Account.REGION, Account.ID, id);
  }

  public State state() {
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
    if (signs()) {
      throw new KmsFailure("UnsupportedOperationException", arn() + " is an asymmetric key.");
    }
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

  private boolean signs() {
    return !spec.equals(SYMMETRIC);
  }

  private String usage() {
    return signs() ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT";
  }

  /** Fails unless the key is enabled and for this. */
  private void requireUse(boolean signature, String operation) {
    requireEnabled();
    if (signs() != signature) {
      throw new KmsFailure(
          "InvalidKeyUsageException",
          "%s key usage is %s which is not valid for %s.".formatted(arn(), usage(), operation));
    }
  }

  /** Of an elliptic curve over SHA-256, in DER. */
  synchronized byte[] sign(byte[] message, boolean digest) {
    requireUse(true, "Sign");
    return KmsSignature.sign(versions.getFirst(), message, digest);
  }

  /** As an X.509 SubjectPublicKeyInfo. */
  byte[] publicKey() {
    if (!signs()) {
      throw new KmsFailure("UnsupportedOperationException", arn() + " is a symmetric key.");
    }
    requireUse(true, "GetPublicKey");
    return versions.getLast().clone();
  }

  JsonArrayBuilder algorithms() {
    return Json.array().add(signs() ? KmsSignature.ALGORITHM : SYMMETRIC);
  }

  synchronized byte[] encrypt(byte[] plaintext, SortedMap<String, String> context) {
    requireUse(false, "Encrypt");
    int version = versions.size() - 1;
    return KmsCiphertext.seal(id, version, versions.get(version), plaintext, context);
  }

  synchronized byte[] decrypt(byte[] blob, SortedMap<String, String> context) {
    requireUse(false, "Decrypt");
    int version = KmsCiphertext.versionOf(blob);
    if (version < 0 || version >= versions.size()) {
      throw KmsCiphertext.invalid();
    }
    return KmsCiphertext.open(versions.get(version), blob, context);
  }

  JsonObject metadata() {
    return Json.object()
        .add("AWSAccountId", Account.ID)
        .add("KeyId", id())
        .add("Arn", arn())
        .add("CreationDate", created.getEpochSecond())
        .add("Enabled", state == State.ENABLED)
        .add("Description", description)
        .add("KeyUsage", usage())
        .add("KeyState", state.wire())
        .add("Origin", "AWS_KMS")
        .add("KeyManager", "CUSTOMER")
        .add("CustomerMasterKeySpec", spec)
        .add("KeySpec", spec)
        .add(signs() ? "SigningAlgorithms" : "EncryptionAlgorithms", algorithms())
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
        .add("spec", spec)
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
        persistent.getString("spec", SYMMETRIC),
        persistent.getJsonArray("versions").getValuesAs(JsonString.class).stream()
            .map(version -> Base64.getDecoder().decode(version.getString()))
            .toList(),
        State.valueOf(persistent.getString("state")),
        persistent.getBoolean("rotates"));
  }
}
