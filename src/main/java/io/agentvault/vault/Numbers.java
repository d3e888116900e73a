package io.agentvault.vault;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.problem.BadRequest;
import java.math.BigDecimal;

/**
 * The numbers that may be stored: those that are written as they can be read again, by this vault
 * and by whoever puts back what it answered.
 */
final class Numbers {
  private static final int MOST_DIGITS = 800;
  private static final int MOST_SCALE = 9_999;

  private Numbers() {}

  /**
   * Holds every number in a tree to the limits.
   *
   * @throws BadRequest when one is over them
   */
  static void check(String field, JsonNode node) {
    if (node.isNumber()) {
      BigDecimal number = node.decimalValue();
      if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_SCALE) {
        throw new BadRequest(
            field,
            "must have numbers of at most %d digits and exponents within %d only"
                .formatted(MOST_DIGITS, MOST_SCALE));
      }
    }
    node.forEach(child -> check(field, child));
  }
}
