package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.vault.Precondition.Etag;
import java.util.Optional;

/**
 * What a call answers when it succeeds.
 *
 * @param status 200 or 201
 * @param body a JSON object, always
 * @param etag the credential's
 */
record Answer(int status, ObjectNode body, Optional<Etag> etag) {
  static Answer ok(ObjectNode body) {
    return new Answer(200, body, Optional.empty());
  }

  static Answer ok(ObjectNode body, Etag etag) {
    return new Answer(200, body, Optional.of(etag));
  }

  static Answer created(ObjectNode body) {
    return new Answer(201, body, Optional.empty());
  }
}
