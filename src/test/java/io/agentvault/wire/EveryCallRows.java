package io.agentvault.wire;

import static io.agentvault.wire.World.SEED;

import java.util.Set;
import java.util.stream.Stream;

/** The table of what every call has in common. */
final class EveryCallRows {
  private static final String LOGIN =
      "{'type':'LOGIN','data':{'username':'ada','password':'x','totp':'"
          + SEED
          + "','backupCodes':['one']}}";
  private static final String TOO_LARGE = "{'ignored':'" + "x".repeat(128 * 1024) + "'}";
  private static final String TOO_DEEP = "{'ignored':" + "[".repeat(16) + "]".repeat(16) + "}";

  private static final Set<String> TAKES_NO_LABEL =
      Set.of("list", "whoami", "createToken", "logs", "logStats");

  private EveryCallRows() {}

  static Stream<Row> all(OpenApiDocument document) {
    return document.tabled().stream()
        .map(OpenApiDocument.Operation::id)
        .flatMap(
            operation ->
                Stream.of(
                    Row.of(operation, 413, "over 128 KiB", w -> some(operation, w).body(TOO_LARGE))
                        .says("128 KiB"),
                    Row.of(
                            operation,
                            400,
                            "nested too deep",
                            w -> some(operation, w).body(TOO_DEEP))
                        .says("16")
                        .directOnly()));
  }

  /** A call in good form, by an agent whose data key no instance has unwrapped yet. */
  static Call some(String operation, World world) {
    if (operation.equals("createIdentity") || operation.equals("listIdentities")) {
      return Call.of(operation, world.operator());
    }
    World.Agent agent = world.newAgent("vault:read", "vault:write");
    if (operation.endsWith("Identity")
        || operation.equals("rotateKey")
        || operation.equals("logsOf")) {
      Call call = Call.of(operation, world.operator()).with("identityId", agent.id());
      return operation.equals("updateIdentity") ? call.body("{'name':'Bea'}") : call;
    }
    if (TAKES_NO_LABEL.contains(operation)) {
      return Call.of(operation, agent.key());
    }
    Call call = Call.of(operation, agent.key(), "x");
    return operation.equals("store") ? call.body(LOGIN) : call;
  }
}
