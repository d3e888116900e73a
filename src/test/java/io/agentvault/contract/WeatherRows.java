package io.agentvault.contract;

import static io.agentvault.contract.World.SEED;

import java.util.List;
import java.util.stream.Stream;

/** The table of bad days: every call, with what stands behind the vault out of order. */
final class WeatherRows {
  /** Those of which a new agent's first call asks KMS. */
  private static final List<String> ASKS_KMS = List.of("store", "createIdentity");

  private static final String LOGIN =
      "{'type':'LOGIN','data':{'username':'ada','password':'x','totp':'"
          + SEED
          + "','backupCodes':['one']}}";

  private WeatherRows() {}

  static Stream<Row> all(OpenApiDocument document) {
    return document.operations().stream()
        .map(OpenApiDocument.Operation::id)
        .flatMap(WeatherRows::rows);
  }

  private static Stream<Row> rows(String operation) {
    Row down =
        Row.of(operation, 503, "storage is down", w -> some(operation, w))
            .says("storage")
            .when(Weather.STORAGE_DOWN);
    Row refused =
        Row.of(operation, 500, "storage refuses what it is asked", w -> some(operation, w))
            .when(Weather.STORAGE_REFUSES);
    Row locked =
        Row.of(operation, 503, "the key service is down", w -> some(operation, w))
            .says("key service")
            .when(Weather.KEY_SERVICE_DOWN);
    return ASKS_KMS.contains(operation)
        ? Stream.of(down, refused, locked)
        : Stream.of(down, refused);
  }

  /**
   * A call that would succeed on a better day, by an agent whose data key no instance has unwrapped
   * yet.
   */
  private static Call some(String operation, World world) {
    if (operation.equals("createIdentity") || operation.equals("listIdentities")) {
      return Call.of(operation, world.operator());
    }
    World.Agent agent = world.newAgent("vault:read", "vault:write");
    if (operation.endsWith("Identity") || operation.equals("rotateKey")) {
      Call call = Call.of(operation, world.operator()).with("identityId", agent.id());
      return operation.equals("updateIdentity") ? call.body("{'name':'Bea'}") : call;
    }
    if (operation.equals("list") || operation.equals("whoami")) {
      return Call.of(operation, agent.key());
    }
    Call call = Call.of(operation, agent.key(), "x");
    return operation.equals("store") ? call.body(LOGIN) : call;
  }
}
