package io.agentvault.local.faults;

import io.agentvault.local.host.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What may go wrong between a function and AWS, injected at the wire. */
public sealed interface Fault {
  /** Waits before the call goes on. */
  record Delay(Duration duration) implements Fault {}

  /** Runs something before the call goes on, such as killing the caller. */
  record Before(Consumer<Call> hook) implements Fault {}

  /** Runs something after the service has acted and before its answer goes back. */
  record After(Consumer<Call> hook) implements Fault {}

  /** The connection is reset, and the service never hears of the call. */
  record ResetBefore() implements Fault {}

  /** The service acts, and the connection is reset instead of its answer: a lost answer. */
  record ResetAfter() implements Fault {}

  /** The service acts, and the connection ends in the middle of its answer's body. */
  record HalfAnswer() implements Fault {}

  /** The service never hears of the call, and the caller never hears anything. */
  record Hang() implements Fault {}

  /** The service never hears of the call; the caller gets this answer. */
  record Answer(int status, String body) implements Fault {}

  /** Of a batch call, so many items at most are done; the rest come back as unprocessed. */
  record Unprocessed(int done) implements Fault {}

  static Fault delay(Duration duration) {
    return new Delay(duration);
  }

  static Fault before(Consumer<Call> hook) {
    return new Before(hook);
  }

  static Fault after(Consumer<Call> hook) {
    return new After(hook);
  }

  static Fault resetBefore() {
    return new ResetBefore();
  }

  static Fault resetAfter() {
    return new ResetAfter();
  }

  static Fault halfAnswer() {
    return new HalfAnswer();
  }

  static Fault hang() {
    return new Hang();
  }

  static Fault unprocessed(int done) {
    return new Unprocessed(done);
  }

  /** An HTTP error without AWS's error object, as a broken front end gives. */
  static Fault httpError(int status) {
    return new Answer(status, "{}");
  }

  /** "ThrottlingException", "ProvisionedThroughputExceededException", "InternalServerError". */
  static Fault dynamoError(String exception) {
    int status = exception.equals("InternalServerError") ? 500 : 400;
    return error(status, "com.amazonaws.dynamodb.v20120810#" + exception, "injected");
  }

  /** A cancelled transaction; one reason per action: "None", "ConditionalCheckFailed". */
  static Fault transactionCanceled(String... reasons) {
    return canceled(List.of(reasons), "injected");
  }

  static Answer dynamoAnswer(String exception, String message) {
    return error(400, "com.amazonaws.dynamodb.v20120810#" + exception, message);
  }

  /** A cancelled transaction, whose reasons but "None" have a message. */
  static Answer canceled(List<String> reasons, String message) {
    JsonArrayBuilder list = Json.array();
    for (String reason : reasons) {
      JsonObjectBuilder one = Json.object().add("Code", reason);
      list.add(reason.equals("None") ? one : one.add("Message", message));
    }
    return new Answer(
        400,
        Json.object()
            .add("__type", "com.amazonaws.dynamodb.v20120810#TransactionCanceledException")
            .add(
                "Message",
                "Transaction cancelled, please refer cancellation reasons for specific reasons ["
                    + String.join(", ", reasons)
                    + "]")
            .add("CancellationReasons", list)
            .build()
            .toString());
  }

  /** "DisabledException", "KMSInvalidStateException", "AccessDeniedException". */
  static Fault kmsError(String exception) {
    int status = exception.equals("KMSInternalException") ? 500 : 400;
    return error(status, exception, "injected");
  }

  private static Answer error(int status, String type, String message) {
    return new Answer(
        status, Json.object().add("__type", type).add("message", message).build().toString());
  }

  /** The answer's body in bytes. */
  static byte[] bytes(Answer answer) {
    return answer.body().getBytes(StandardCharsets.UTF_8);
  }
}
