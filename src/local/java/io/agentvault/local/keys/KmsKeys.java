package io.agentvault.local.keys;

import io.agentvault.local.host.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The keys of the local KMS by id, ARN or alias, kept in a file (mode 600) where one is given. */
public final class KmsKeys {
  private final Optional<Path> file;
  private final Map<String, KmsKey> keys = new ConcurrentHashMap<>();
  private final Map<String, String> aliases = new ConcurrentHashMap<>();

  KmsKeys(Optional<Path> file) {
    this.file = file;
    file.filter(Files::exists).ifPresent(this::load);
  }

  public KmsKey create(String description) {
    return create(description, KmsKey.SYMMETRIC);
  }

  KmsKey create(String description, String spec) {
    KmsKey key = KmsKey.create(description, spec);
    keys.put(key.id(), key);
    save();
    return key;
  }

  void alias(String alias, KmsKey key) {
    aliases.put(alias, key.id());
    save();
  }

  /** The key behind an alias, made on first use. */
  public KmsKey forAlias(String alias, String spec) {
    String id = aliases.get(alias);
    if (id != null) {
      return find(id);
    }
    KmsKey key = create(alias, spec);
    alias(alias, key);
    return key;
  }

  /** Fails as KMS does where there is no such key. */
  public KmsKey find(String idArnOrAlias) {
    String name = idArnOrAlias.replaceFirst("^arn:aws:kms:[^:]*:[^:]*:(key/)?", "");
    KmsKey key = keys.get(name.startsWith("alias/") ? aliases.getOrDefault(name, "") : name);
    if (key == null) {
      throw new KmsFailure("NotFoundException", "Key '" + idArnOrAlias + "' does not exist");
    }
    return key;
  }

  Optional<KmsKey> byId(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  private void load(Path from) {
    try {
      JsonObject root = Json.read(Files.readAllBytes(from));
      for (JsonObject key : root.getJsonArray("keys").getValuesAs(JsonObject.class)) {
        KmsKey loaded = KmsKey.of(key);
        keys.put(loaded.id(), loaded);
      }
      JsonObject named = root.getJsonObject("aliases");
      named.keySet().forEach(alias -> aliases.put(alias, named.getString(alias)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      // The cause is left out: a parser's message may quote key material.
      throw new IllegalStateException("not a key file of the local KMS: " + from);
    }
  }

  synchronized void save() {
    if (file.isEmpty()) {
      return;
    }
    JsonArrayBuilder all = Json.array();
    keys.values().forEach(key -> all.add(key.persistent()));
    JsonObjectBuilder named = Json.object();
    aliases.forEach(named::add);
    Path target = file.get();
    byte[] content = Json.bytes(Json.object().add("keys", all).add("aliases", named).build());
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
      // A temporary file has mode 600 from its first byte on.
      Path fresh = Files.createTempFile(target.toAbsolutePath().getParent(), "keys", ".tmp");
      Files.write(fresh, content);
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the local KMS's keys in " + target, e);
    }
  }
}
