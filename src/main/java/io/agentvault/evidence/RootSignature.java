package io.agentvault.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentvault.remote.Attributes;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A root's signature (Evidence §4.3) as it stands in a checkpoint's item: its key's id and its 64
 * bytes only, because what it signs stands beside it. So the item of one record stays within the
 * kilobyte that DynamoDB counts in.
 */
final class RootSignature {
  private static final String KEY_ID = "kid";
  private static final String SIGNATURE = "signature";
  private static final String WHOLE = "signed";
  private static final Pattern HEADER =
      Pattern.compile(
          Pattern.quote("{\"alg\":\"ES256\",\"kid\":\"")
              + "([A-Za-z0-9-]{1,64})"
              + Pattern.quote("\",\"typ\":\"" + Scribe.TYPE + "\"}"));

  private RootSignature() {}

  /** What is signed. */
  static String payload(String root, int size, Instant at) {
    return "{\"root\":\""
        + root
        + "\",\"size\":"
        + size
        + ",\"at\":\""
        + RecordKey.time(at)
        + "\"}";
  }

  /** In parts if it can be put together again, else whole. */
  static Map<String, AttributeValue> write(String signed, String payload) {
    String[] parts = signed.split("\\.", -1);
    Optional<String> keyId = keyId(parts[0]);
    if (keyId.isPresent() && parts.length == 3) {
      byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
      if (signed.equals(together(keyId.get(), payload, signature))) {
        return Map.of(KEY_ID, Attributes.text(keyId.get()), SIGNATURE, Attributes.bytes(signature));
      }
    }
    return Map.of(WHOLE, Attributes.text(signed));
  }

  static String read(Attributes item, String payload, String what) {
    return item.optionalText(WHOLE)
        .orElseGet(() -> together(item.text(KEY_ID, what), payload, item.bytes(SIGNATURE, what)));
  }

  private static Optional<String> keyId(String header) {
    try {
      Matcher matcher = HEADER.matcher(new String(Base64.getUrlDecoder().decode(header), UTF_8));
      return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String together(String keyId, String payload, byte[] signature) {
    String header = "{\"alg\":\"ES256\",\"kid\":\"" + keyId + "\",\"typ\":\"" + Scribe.TYPE + "\"}";
    return encoded(header.getBytes(UTF_8))
        + "."
        + encoded(payload.getBytes(UTF_8))
        + "."
        + encoded(signature);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
