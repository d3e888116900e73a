package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.evidence.Checkpoint;
import io.agentvault.evidence.Checkpoints;
import java.util.Optional;

/** Checkpoints on the wire: what is hashed and signed stands in them as the text that it is. */
final class CheckpointFields {
  /** What fits into an answer of a function (6 MB), each with all keys that it can have. */
  private static final int MAXIMUM_PAGE = 200;

  private CheckpointFields() {}

  static int limit(Request request) {
    return request.integer("limit", 1, MAXIMUM_PAGE, MAXIMUM_PAGE);
  }

  static ObjectNode page(Checkpoints.Page page) {
    ObjectNode body = Bodies.object();
    ArrayNode checkpoints = body.putArray("checkpoints");
    page.checkpoints().forEach(each -> checkpoints.add(checkpoint(each)));
    body.put("count", checkpoints.size());
    page.next().ifPresent(place -> body.put("nextPageToken", PageToken.ofCheckpoint(place)));
    return body;
  }

  /** What can't be read is shown as one without a head, never left out: it is evidence too. */
  private static ObjectNode checkpoint(Optional<Checkpoint> read) {
    ObjectNode body = Bodies.object();
    ArrayNode records = body.putArray("records");
    body.putNull("head");
    body.putNull("path");
    body.putNull("root");
    body.putNull("signed");
    read.ifPresent(
        checkpoint -> {
          checkpoint.keys().forEach(records::add);
          body.put("head", checkpoint.head().text());
          ObjectNode path = body.putObject("path");
          path.put("index", checkpoint.path().index());
          path.put("size", checkpoint.path().size());
          ArrayNode hashes = path.putArray("hashes");
          checkpoint.path().hashes().forEach(hashes::add);
          body.put("root", checkpoint.root());
          body.put("signed", checkpoint.signed());
        });
    return body;
  }
}
