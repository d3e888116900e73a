package io.agentvault.totp;

/**
 * The code of one counter value; it has no expiry, the counter has to be moved on.
 *
 * @param code as it is typed: leading zeros stay
 * @param counter the counter it was made from
 * @param digits the number of characters of {@code code}: 6 to 8
 * @param algorithm the hash under the HMAC
 */
public record CounterCode(String code, long counter, int digits, Algorithm algorithm) {

  /** Without the code: it is valid until a later one is used. */
  @Override
  public String toString() {
    return "CounterCode[counter=" + counter + "]";
  }
}
