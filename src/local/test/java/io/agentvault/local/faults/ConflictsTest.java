package io.agentvault.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConflictsTest {
  private static final String STORE =
      """
      {"ClientRequestToken":"%s","TransactItems":[
       {"ConditionCheck":{"TableName":"t","Key":{"pk":{"S":"a"},"sk":{"S":"IDENTITY"}}}},
       {"Put":{"TableName":"t","Item":{"pk":{"S":"a"},"sk":{"S":"%s"},"more":{"S":"x"}}}}]}
      """;

  private final Conflicts conflicts = new Conflicts();

  private static Call call(String operation, String body) throws IOException {
    String text =
        "POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB_20120810.%s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(operation, body.length(), body);
    HttpMessage message =
        HttpMessage.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
            .orElseThrow();
    return new Call(1, "dynamodb", message, false);
  }

  private static Call store(String token, String label) throws IOException {
    return call("TransactWriteItems", STORE.formatted(token, label));
  }

  private static Call single(String sk) throws IOException {
    return call(
        "UpdateItem",
        "{\"TableName\":\"t\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"%s\"}}}".formatted(sk));
  }

  private String refusal(Call call) {
    return conflicts.judge(call).refusal().map(Fault.Answer::body).orElse("");
  }

  @Test
  void theLaterOfTwoTransactionsIsCanceledAlsoOverAConditionCheck() throws IOException {
    Conflicts.Verdict first = conflicts.judge(store("1", "x"));
    assertThat(first.refusal()).isEmpty();
    assertThat(refusal(store("2", "y")))
        .contains(
            "TransactionCanceledException",
            "[{\"Code\":\"TransactionConflict\",\"Message\":\"Transaction is ongoing for the item\"},"
                + "{\"Code\":\"None\"}]");
    first.end().run();
    assertThat(refusal(store("2", "y"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"IDENTITY, TransactionConflictException", "x, TransactionConflictException", "z, ''"})
  void aSingleWriteConflictsWithATransactionOnItsItemOnly(String sk, String exception)
      throws IOException {
    assertThat(refusal(store("1", "x"))).isEmpty();
    assertThat(refusal(single(sk)))
        .contains(exception)
        .hasSizeLessThan(exception.isEmpty() ? 1 : 999);
  }

  @Test
  void singleWritesTakeTurnsAndReadsAreNotTouched() throws IOException {
    assertThat(refusal(single("x"))).isEmpty();
    assertThat(refusal(single("x"))).isEmpty();
    assertThat(refusal(store("1", "x"))).contains("TransactionConflict");
    assertThat(refusal(call("GetItem", "{}"))).isEmpty();
  }

  @Test
  void aTransactionRepeatedWhileUnderWayIsToldSo() throws IOException {
    assertThat(refusal(store("1", "x"))).isEmpty();
    assertThat(refusal(store("1", "x"))).contains("TransactionInProgressException");
  }
}
