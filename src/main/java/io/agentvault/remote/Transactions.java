package io.agentvault.remote;

import io.agentvault.problem.Unavailable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
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
   * Writes all of {@code items} or none.
   *
   * @return the indexes of the items whose conditions failed; empty when all was written
   * @throws Unavailable when the deadline came first or the store refused
   */
  public Set<Integer> write(List<TransactWriteItem> items, Deadline deadline) {
    for (int failures = 1; ; failures++) {
      Optional<Set<Integer>> decided =
          RemoteCalls.call(STORAGE, deadline, limits -> tryOnce(items, limits));
      if (decided.isPresent()) {
        return decided.get();
      }
      if (!backoff.before(failures, deadline)) {
        throw new Unavailable(STORAGE, 1);
      }
    }
  }

  private Optional<Set<Integer>> tryOnce(
      List<TransactWriteItem> items, AwsRequestOverrideConfiguration limits) {
    try {
      client.transactWriteItems(
          request -> request.transactItems(items).overrideConfiguration(limits));
      return Optional.of(Set.of());
    } catch (TransactionCanceledException e) {
      return Optional.of(failedConditions(e.cancellationReasons())).filter(set -> !set.isEmpty());
    } catch (TransactionInProgressException e) {
      return Optional.empty(); // our own first try, whose answer was lost, is still being decided
    }
  }

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
