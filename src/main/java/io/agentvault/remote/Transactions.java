package io.agentvault.remote;

import io.agentvault.problem.Unavailable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * All-or-nothing writes. A transaction that lost against another one, or was throttled, changed
 * nothing and is tried again within the deadline; one whose condition failed is an answer.
 */
public final class Transactions {
  /** What DynamoDB is called in an error. */
  public static final String STORAGE = "storage";

  private static final String CONDITION_FAILED = "ConditionalCheckFailed";
  private static final Set<String> TRANSIENT =
      Set.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");

  private final DynamoDbClient client;
  private final Backoff backoff;

  public Transactions(DynamoDbClient client, Backoff backoff) {
    this.client = client;
    this.backoff = backoff;
  }

  /**
   * As {@link #Transactions}, for writes that nothing may turn away: conflicts and throttles are
   * met with another try until the deadline.
   */
  public static Transactions untilDeadline(DynamoDbClient client, Backoff backoff) {
    return new Transactions(client, backoff.untilDeadline());
  }

  /**
   * Writes all of {@code items} or none.
   *
   * @return the indexes of the items whose conditions failed; empty when all was written
   * @throws Unavailable when the deadline came first or the store refused
   */
  public Set<Integer> write(List<TransactWriteItem> items, Deadline deadline) {
    String token = newToken();
    for (int failures = 1; ; failures++) {
      String asked = token;
      Attempt attempt =
          RemoteCalls.call(STORAGE, deadline, limits -> tryOnce(items, asked, limits));
      switch (attempt) {
        case Decided(Set<Integer> failed) -> {
          return failed;
        }
        case Overtaken() -> token = newToken();
        case InProgress() -> {} // asked again by its token, it says how it was decided
      }
      if (!backoff.before(failures, deadline)) {
        throw new Unavailable(STORAGE, 1);
      }
    }
  }

  private Attempt tryOnce(
      List<TransactWriteItem> items, String token, AwsRequestOverrideConfiguration limits) {
    try {
      client.transactWriteItems(
          request ->
              request.transactItems(items).clientRequestToken(token).overrideConfiguration(limits));
      return new Decided(Set.of());
    } catch (TransactionCanceledException e) {
      Set<Integer> failed = failedConditions(e.cancellationReasons());
      return failed.isEmpty() ? new Overtaken() : new Decided(failed);
    } catch (TransactionInProgressException e) {
      return new InProgress(); // our own first try, whose answer was lost
    } catch (DynamoDbException e) {
      if (backoff.isUntilDeadline() && e.isThrottlingException()) {
        return new InProgress(); // perhaps only its last attempt was turned away
      }
      throw e;
    }
  }

  /** Tells a repetition from another transaction; no secret. */
  private static String newToken() {
    return UUID.randomUUID().toString();
  }

  /** How one try ended. */
  private sealed interface Attempt {}

  /** Written, or refused for the conditions at these indexes. */
  private record Decided(Set<Integer> failed) implements Attempt {}

  /** Lost against another transaction, or throttled: nothing was written. */
  private record Overtaken() implements Attempt {}

  /** Not decided yet. */
  private record InProgress() implements Attempt {}

  private static Set<Integer> failedConditions(List<CancellationReason> reasons) {
    Set<Integer> failed = new HashSet<>();
    for (int i = 0; i < reasons.size(); i++) {
      String code = reasons.get(i).code();
      if (CONDITION_FAILED.equals(code)) {
        failed.add(i);
      } else if (code != null && !"None".equals(code) && !TRANSIENT.contains(code)) {
        throw new Unavailable(STORAGE, 1);
      }
    }
    return failed;
  }
}
