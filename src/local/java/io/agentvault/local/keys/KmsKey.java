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

/** One symmetric KMS key: encrypts with its newest material, decrypts with any it ever had. */
public final class KmsKey {
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
    int version = versions.size() - 1;
    return KmsCiphertext.seal(id, version, versions.get(version), plaintext, context);
  }

  synchronized byte[] decrypt(byte[] blob, SortedMap<String, String> context) {
    requireEnabled();
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
        persistent.getJsonArray("versions").getValuesAs(JsonString.class).stream()
            .map(version -> Base64.getDecoder().decode(version.getString()))
            .toList(),
        State.valueOf(persistent.getString("state")),
        persistent.getBoolean("rotates"));
  }
}
