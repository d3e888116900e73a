package io.agentvault.wire;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/**
 * A line of the contract's table.
 *
 * @param operation the operationId
 * @param status the answer
 * @param claim when it is answered
 * @param arrange makes it so, and says what to ask
 * @param ways how it can be asked
 * @param says what the error's message must contain
 * @param weather how the services behind the vault are doing
 */
record Row(
    String operation,
    int status,
    String claim,
    Function<World, Call> arrange,
    Set<Way> ways,
    String says,
    Weather weather) {

  static Row of(String operation, int status, String claim, Function<World, Call> arrange) {
    return new Row(operation, status, claim, arrange, EnumSet.allOf(Way.class), "", Weather.FAIR);
  }

  /** Over HTTP only: a direct invocation has no place for it. */
  Row httpOnly() {
    return new Row(operation, status, claim, arrange, EnumSet.of(Way.HTTP), says, weather);
  }

  Row directOnly() {
    return new Row(operation, status, claim, arrange, EnumSet.of(Way.DIRECT), says, weather);
  }

  /** Its message contains these words. */
  Row says(String words) {
    return new Row(operation, status, claim, arrange, ways, words, weather);
  }

  Row when(Weather other) {
    return new Row(operation, status, claim, arrange, ways, says, other);
  }

  @Override
  public String toString() {
    return operation + " " + status + ": " + claim;
  }
}
