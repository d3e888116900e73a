package io.agentvault.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.host.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class BatchTest {
  private static Batch batch(String operation, int done, String request) {
    return Batch.of(request.getBytes(StandardCharsets.UTF_8), operation, done);
  }

  @Test
  void keysBeyondTheFirstComeBackUnprocessedWithTheirOptions() {
    Batch batch =
        batch(
            "BatchGetItem",
            1,
            "{\"RequestItems\":{\"t\":{\"ConsistentRead\":true,\"Keys\":[{\"k\":1},{\"k\":2}]}}}");
    assertThat(batch.forwarded())
        .hasToString("{\"RequestItems\":{\"t\":{\"ConsistentRead\":true,\"Keys\":[{\"k\":1}]}}}");
    assertThat(batch.answer(Json.read("{\"Responses\":{\"t\":[]}}")))
        .hasToString(
            "{\"Responses\":{\"t\":[]},"
                + "\"UnprocessedKeys\":{\"t\":{\"ConsistentRead\":true,\"Keys\":[{\"k\":2}]}}}");
  }

  @Test
  void writesBeyondTheFirstComeBackUnprocessed() {
    Batch batch =
        batch("BatchWriteItem", 1, "{\"RequestItems\":{\"t\":[{\"a\":1},{\"b\":2},{\"c\":3}]}}");
    assertThat(batch.forwarded()).hasToString("{\"RequestItems\":{\"t\":[{\"a\":1}]}}");
    assertThat(batch.answer(Json.read("{}")))
        .hasToString("{\"UnprocessedItems\":{\"t\":[{\"b\":2},{\"c\":3}]}}");
  }

  @Test
  void withNothingDoneNothingIsForwarded() {
    Batch batch = batch("BatchWriteItem", 0, "{\"RequestItems\":{\"t\":[{\"a\":1}]}}");
    assertThat(batch.nothingForwarded()).isTrue();
    assertThat(batch.answer(Json.read("{}")))
        .hasToString("{\"UnprocessedItems\":{\"t\":[{\"a\":1}]}}");
  }
}
