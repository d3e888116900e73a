package io.agentvault.lambda;

/** A function that can be put together before its first event comes. */
interface Preparable {
  /** Makes what every event needs; what fails is tried again by the first event. */
  void prepare();

  /** Whether it calls KMS, as all but one do; all of them call DynamoDB. */
  default boolean callsKms() {
    return true;
  }
}
