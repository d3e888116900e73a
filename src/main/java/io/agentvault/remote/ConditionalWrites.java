package io.agentvault.remote;

import static io.agentvault.remote.Transactions.STORAGE;

import io.agentvault.problem.Unavailable;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Writes of one item on a condition. One that a transaction on the same item was in the way of
 * changed nothing and is tried again; one whose condition failed is an answer.
 *
 * @param backoff how long; when it is until the deadline, throttles are tried again too
 */
public record ConditionalWrites(Backoff backoff) {

  /**
   * The call's result, or what {@code otherwise} makes of the item that failed its condition.
   *
   * @param call sends one request that carries the given configuration, safe to repeat
   * @throws Unavailable when the deadline or the budget came first, or the store failed
   */
  public <T> T write(
      Deadline deadline,
      Function<AwsRequestOverrideConfiguration, T> call,
      Function<Map<String, AttributeValue>, T> otherwise) {
    for (int failures = 1; ; failures++) {
      Optional<T> decided =
          RemoteCalls.call(STORAGE, deadline, limits -> tryOnce(call, otherwise, limits));
      if (decided.isPresent()) {
        return decided.get();
      }
      if (!backoff.before(failures, deadline)) {
        throw new Unavailable(STORAGE, 1);
      }
    }
  }

  /** Empty when nothing was decided. */
  private <T> Optional<T> tryOnce(
      Function<AwsRequestOverrideConfiguration, T> call,
      Function<Map<String, AttributeValue>, T> otherwise,
      AwsRequestOverrideConfiguration limits) {
    try {
      return Optional.of(call.apply(limits));
    } catch (ConditionalCheckFailedException e) {
      return Optional.of(otherwise.apply(e.item()));
    } catch (TransactionConflictException e) {
      return Optional.empty(); // a store's transaction was checking this very item
    } catch (DynamoDbException e) {
      if (backoff.isUntilDeadline() && e.isThrottlingException()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
