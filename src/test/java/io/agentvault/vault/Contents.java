package io.agentvault.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/** Contents written as JSON, with single quotes for double ones. */
public final class Contents {
  /** RFC 6238's seed, 20 bytes of ASCII digits. */
  public static final String SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  private Contents() {}

  public static Content of(CredentialType type, String data) {
    return Content.checked(type, Data.of(tree(data)), Optional.empty(), Optional.empty());
  }

  public static Content custom(String data) {
    return of(CredentialType.CUSTOM, data);
  }

  public static Content withMetadata(String data, String metadata) {
    return Content.checked(
        CredentialType.CUSTOM,
        Data.of(tree(data)),
        Optional.of(Data.of(tree(metadata))),
        Optional.empty());
  }

  public static Content expiring(String data, Instant at) {
    return Content.checked(
        CredentialType.CUSTOM, Data.of(tree(data)), Optional.empty(), Optional.of(at));
  }

  public static ObjectNode tree(String json) {
    try {
      return (ObjectNode) Json.MAPPER.readTree(json.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
