package io.agentvault.revocation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What agents store in the model test: data of several types, and some that are refused. */
enum Sample {
  LOGIN(
      """
      {"type":"LOGIN","data":{"username":"ada","password":"p-1"},"metadata":{"site":"a.example"}}
      """),
  OTHER_PASSWORD(
      """
      {"type":"LOGIN","data":{"username":"ada","password":"p-2"}}
      """),
  EXPIRING(
      """
      {"type":"API_KEY","data":{"key":"k-1","more":{"deep":[1,"2",null]}},\
      "expiresAt":"2040-01-01T00:00:00.000Z"}
      """),
  SEED(
      """
      {"type":"TOTP","data":{"secret":"%s"}}
      """,
      OneTimeSeed.timed("SHA1", 6, 30)),
  LOGIN_OF_SAME_SEED(
      """
      {"type":"LOGIN","data":{"username":"ada","password":"p-1","totp":"%s"}}
      """,
      OneTimeSeed.timed("SHA1", 6, 30)),
  LONG_PERIOD(
      """
      {"type":"LOGIN","data":{"username":"ada","password":"p-3","backupCodes":["b-1","b-2","b-3"],\
      "totp":{"secret":"%s","algorithm":"SHA256","digits":8,"period":3600}}}
      """,
      OneTimeSeed.timed("SHA256", 8, 3600)),
  COUNTER(
      """
      {"type":"TOTP","data":{"otpauth":"otpauth://hotp/a?secret=%s&counter=7","backupCodes":["c-1"]}}
      """,
      OneTimeSeed.counted(7)),
  LOGIN_OF_SAME_COUNTER(
      """
      {"type":"LOGIN","data":{"username":"ada","password":"p-4",\
      "totp":"otpauth://hotp/b?secret=%s&counter=7"},"metadata":{}}
      """,
      OneTimeSeed.counted(7)),
  EMPTY(
      """
      {"type":"CUSTOM","data":{}}
      """),
  NO_PASSWORD(
      """
      {"type":"LOGIN","data":{"username":"ada"}}
      """,
      "data.password"),
  SHORT_SEED(
      """
      {"type":"TOTP","data":{"secret":"ABCDEFG"}}
      """,
      "data.secret"),
  PAST(
      """
      {"type":"CUSTOM","data":{},"expiresAt":"2020-01-01T00:00:00Z"}
      """,
      "expiresAt");

  private final String body;
  private final Optional<OneTimeSeed> seed;
  private final Optional<String> refusedField;

  Sample(String body) {
    this(body, Optional.empty(), Optional.empty());
  }

  Sample(String body, OneTimeSeed seed) {
    this(body.formatted(OneTimeSeed.BASE32), Optional.of(seed), Optional.empty());
  }

  Sample(String body, String refusedField) {
    this(body, Optional.empty(), Optional.of(refusedField));
  }

  Sample(String body, Optional<OneTimeSeed> seed, Optional<String> refusedField) {
    this.body = body;
    this.seed = seed;
    this.refusedField = refusedField;
  }

  /** The request to store it. */
  ObjectNode body() {
    return Api.json(body);
  }

  Optional<OneTimeSeed> seed() {
    return seed;
  }

  /** The field for which it is refused. */
  Optional<String> refusedField() {
    return refusedField;
  }
}
