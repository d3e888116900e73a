package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.vault.Precondition;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a call answers when it succeeds.
 *
 * @param status 200 or 201
 * @param body a JSON object, always
 * @param revision the credential's, for the {@code ETag}
 */
record Answer(int status, ObjectNode body, OptionalLong revision) {
  static Answer ok(ObjectNode body) {
    return new Answer(200, body, OptionalLong.empty());
  }

  static Answer ok(ObjectNode body, long revision) {
    return new Answer(200, body, OptionalLong.of(revision));
  }

  static Answer created(ObjectNode body) {
    return new Answer(201, body, OptionalLong.empty());
  }

  Optional<String> etag() {
    return revision.isPresent()
        ? Optional.of(Precondition.Etag.of(revision.getAsLong()))
        : Optional.empty();
  }
}
