package io.agentvault.local.keys;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Json;
import io.agentvault.local.host.Loopback;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A KMS endpoint (JSON 1.1) that truly encrypts and truly checks: context, key, state. It knows the
 * operations that this project uses, deploys or tests with.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html">KMS API</a>
 */
public final class LocalKms implements AutoCloseable {
  private static final int MAX_PLAINTEXT_BYTES = 4096;
  private static final String MEDIA_TYPE = "application/x-amz-json-1.1";

  private final KmsKeys keys;
  private final Loopback server;

  /**
   * @param file where keys are kept (mode 600); without one they die with this object
   */
  public LocalKms(Optional<Path> file) {
    this.keys = new KmsKeys(file);
    this.server = Loopback.start("kms", 0, this::handle);
  }

  public URI endpoint() {
    return URI.create(server.url());
  }

  public KmsKeys keys() {
    return keys;
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      Loopback.answer(exchange, 200, "text/plain", "healthy".getBytes(StandardCharsets.UTF_8));
      return;
    }
    String target =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target")).orElse("");
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
    try {
      JsonObject answer =
          call(target.replaceFirst("^TrentService\\.", ""), Json.read(body)).build();
      Loopback.answer(exchange, 200, MEDIA_TYPE, Json.bytes(answer));
    } catch (KmsFailure e) {
      fail(exchange, e);
    } catch (JsonException | ClassCastException | IllegalArgumentException e) {
      fail(
          exchange,
          new KmsFailure("SerializationException", "the request is not of this call's shape"));
    }
  }

  private static void fail(HttpExchange exchange, KmsFailure failure) throws IOException {
    JsonObjectBuilder error = Json.object().add("__type", failure.type());
    if (!failure.text().isEmpty()) {
      error.add("message", failure.text());
    }
    Loopback.answer(exchange, 400, MEDIA_TYPE, Json.bytes(error.build()));
  }

  private JsonObjectBuilder call(String operation, JsonObject request) {
    return switch (operation) {
      case "CreateKey" ->
          Json.object()
              .add(
                  "KeyMetadata",
                  keys.create(
                          request.getString("Description", ""),
                          request.getString("KeySpec", KmsKey.SYMMETRIC))
                      .metadata());
      case "DescribeKey" -> Json.object().add("KeyMetadata", key(request).metadata());
      case "CreateAlias" -> {
        keys.alias(request.getString("AliasName"), keys.find(request.getString("TargetKeyId")));
        yield Json.object();
      }
      case "Encrypt" -> encrypt(request);
      case "Decrypt" -> decrypt(request);
      case "GenerateDataKey" -> dataKey(request, true);
      case "GenerateDataKeyWithoutPlaintext" -> dataKey(request, false);
      case "Sign" -> sign(request);
      case "GetPublicKey" -> publicKey(request);
      default -> manage(operation, request);
    };
  }

  private JsonObjectBuilder manage(String operation, JsonObject request) {
    KmsKey key = key(request);
    JsonObjectBuilder answer = Json.object();
    switch (operation) {
      case "DisableKey" -> changeable(key).state(KmsKey.State.DISABLED);
      case "EnableKey" -> changeable(key).state(KmsKey.State.ENABLED);
      case "CancelKeyDeletion" -> {
        key.state(KmsKey.State.DISABLED);
        answer.add("KeyId", key.arn());
      }
      case "ScheduleKeyDeletion" -> {
        changeable(key).state(KmsKey.State.PENDING_DELETION);
        int days = request.getInt("PendingWindowInDays", 30);
        answer.add("KeyId", key.arn());
        answer.add("KeyState", key.state().wire());
        answer.add("PendingWindowInDays", days);
        answer.add("DeletionDate", Instant.now().plus(days, ChronoUnit.DAYS).getEpochSecond());
      }
      case "EnableKeyRotation" -> key.rotates(true);
      case "DisableKeyRotation" -> key.rotates(false);
      case "GetKeyRotationStatus" -> answer.add("KeyRotationEnabled", key.rotates());
      case "RotateKeyOnDemand" -> {
        key.requireEnabled();
        key.rotate();
        answer.add("KeyId", key.arn());
      }
      default -> throw new KmsFailure("UnknownOperationException", "");
    }
    keys.save();
    return answer;
  }

  private static KmsKey changeable(KmsKey key) {
    if (key.state() == KmsKey.State.PENDING_DELETION) {
      key.requireEnabled();
    }
    return key;
  }

  private KmsKey key(JsonObject request) {
    return keys.find(request.getString("KeyId"));
  }

  private JsonObjectBuilder encrypt(JsonObject request) {
    byte[] plaintext = Base64.getDecoder().decode(request.getString("Plaintext"));
    if (plaintext.length == 0 || plaintext.length > MAX_PLAINTEXT_BYTES) {
      throw new KmsFailure("ValidationException", "plaintext must have 1 to 4096 bytes");
    }
    KmsKey key = key(request);
    return Json.object()
        .add("CiphertextBlob", base64(key.encrypt(plaintext, context(request))))
        .add("KeyId", key.arn())
        .add("EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
  }

  private JsonObjectBuilder decrypt(JsonObject request) {
    byte[] blob = Base64.getDecoder().decode(request.getString("CiphertextBlob"));
    Optional<KmsKey> named =
        request.containsKey("KeyId") ? Optional.of(key(request)) : Optional.empty();
    KmsKey key = keys.byId(KmsCiphertext.keyOf(blob)).orElseThrow(KmsCiphertext::invalid);
    if (named.isPresent() && !named.get().id().equals(key.id())) {
      throw new KmsFailure(
          "IncorrectKeyException",
          "The key ID in the request does not identify a CMK that can perform this operation.");
    }
    return Json.object()
        .add("Plaintext", base64(key.decrypt(blob, context(request))))
        .add("KeyId", key.arn())
        .add("EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
  }

  private JsonObjectBuilder sign(JsonObject request) {
    KmsKey key = key(request);
    String algorithm = request.getString("SigningAlgorithm");
    if (!algorithm.equals(KmsSignature.ALGORITHM)) {
      throw new KmsFailure(
          "InvalidKeyUsageException", algorithm + " is incompatible with key spec of the key.");
    }
    byte[] message = Base64.getDecoder().decode(request.getString("Message"));
    boolean digest = request.getString("MessageType", "RAW").equals("DIGEST");
    return Json.object()
        .add("KeyId", key.arn())
        .add("Signature", base64(key.sign(message, digest)))
        .add("SigningAlgorithm", algorithm);
  }

  private JsonObjectBuilder publicKey(JsonObject request) {
    KmsKey key = key(request);
    return Json.object()
        .add("KeyId", key.arn())
        .add("PublicKey", base64(key.publicKey()))
        .add("KeySpec", KmsSignature.SPEC)
        .add("CustomerMasterKeySpec", KmsSignature.SPEC)
        .add("KeyUsage", "SIGN_VERIFY")
        .add("SigningAlgorithms", key.algorithms());
  }

  private JsonObjectBuilder dataKey(JsonObject request, boolean withPlaintext) {
    KmsKey key = key(request);
    byte[] plaintext = KmsKey.random(dataKeyBytes(request));
    JsonObjectBuilder answer =
        Json.object()
            .add("CiphertextBlob", base64(key.encrypt(plaintext, context(request))))
            .add("KeyId", key.arn());
    return withPlaintext ? answer.add("Plaintext", base64(plaintext)) : answer;
  }

  private static int dataKeyBytes(JsonObject request) {
    int bytes =
        switch (request.getString("KeySpec", "")) {
          case "AES_256" -> 32;
          case "AES_128" -> 16;
          default -> request.getInt("NumberOfBytes", 0);
        };
    if (bytes < 1 || bytes > 1024) {
      throw new KmsFailure(
          "ValidationException", "Please specify either number of bytes or key spec.");
    }
    return bytes;
  }

  private static SortedMap<String, String> context(JsonObject request) {
    SortedMap<String, String> context = new TreeMap<>();
    if (request.containsKey("EncryptionContext")) {
      JsonObject pairs = request.getJsonObject("EncryptionContext");
      pairs.keySet().forEach(name -> context.put(name, pairs.getString(name)));
    }
    return context;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.close();
  }
}
