package io.agentvault.wire;

import java.util.List;
import java.util.stream.Stream;

/** The table of bad days: every call, with what stands behind the vault out of order. */
final class WeatherRows {
  /** Those of which a new agent's first call asks KMS. */
  private static final List<String> ASKS_KMS = List.of("store", "createIdentity", "createToken");

  private WeatherRows() {}

  static Stream<Row> all(OpenApiDocument document) {
    return document.tabled().stream()
        .filter(each -> !each.id().equals("signInToDeposit")) // nobody signs in: SignInIT
        .flatMap(each -> rows(each.id()).map(row -> each.isDirect() ? row : row.httpOnly()));
  }

  private static Stream<Row> rows(String operation) {
    Row down =
        Row.of(operation, 503, "storage is down", w -> EveryCallRows.some(operation, w))
            .says("storage")
            .when(Weather.STORAGE_DOWN);
    Row refused =
        Row.of(
                operation,
                500,
                "storage refuses what it is asked",
                w -> EveryCallRows.some(operation, w))
            .when(Weather.STORAGE_REFUSES);
    Row locked =
        Row.of(operation, 503, "the key service is down", w -> EveryCallRows.some(operation, w))
            .says("key service")
            .when(Weather.KEY_SERVICE_DOWN);
    return ASKS_KMS.contains(operation)
        ? Stream.of(down, refused, locked)
        : Stream.of(down, refused);
  }
}
