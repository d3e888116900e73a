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
    return document.tabled().stream().flatMap(EveryCallRows::rows);
  }

  private static Stream<Row> rows(OpenApiDocument.Operation operation) {
    String id = operation.id();
    Row large = Row.of(id, 413, "over 128 KiB", w -> some(id, w).body(TOO_LARGE)).says("128 KiB");
    Row deep =
        Row.of(id, 400, "nested too deep", w -> some(id, w).body(TOO_DEEP)).says("16").directOnly();
    if (id.equals("use")) {
      return Stream.of(deep); // its limit is another: BrokerRows
    }
    return operation.isDirect() ? Stream.of(large, deep) : Stream.of(large.httpOnly());
  }

  /** A call in good form, by an agent whose data key no instance has unwrapped yet. */
  static Call some(String operation, World world) {
    switch (operation) {
      case "requestDeposit" -> {
        return BrokerRows.wish(world);
      }
      case "requestDepositFor" -> {
        return BrokerRows.wishFor(world);
      }
      case "listDeposits", "withdrawDeposit" -> {
        return world.asked().by(operation);
      }
      case "withdrawDepositFor" -> {
        return world.asked().byOperator(operation);
      }
      case "lookAtDeposit" -> {
        return world.asked().byItsToken(operation);
      }
      case "signInToDeposit" -> {
        return world.asked().byItsToken(operation).body("{'code':'a','verifier':'b'}");
      }
      case "redeemDeposit" -> {
        return world.asked().redeeming("{'code':'CODE','data':{'key':'an-example'}}");
      }
      default -> {
        return someOther(operation, world);
      }
    }
  }

  private static Call someOther(String operation, World world) {
    if (operation.equals("createIdentity") || operation.equals("listIdentities")) {
      return Call.of(operation, world.operator());
    }
    World.Agent agent = world.newAgent("vault:read", "vault:write");
    if (operation.endsWith("Identity")
        || operation.equals("rotateKey")
        || operation.equals("listDepositsFor")
        || operation.equals("listCheckpoints")
        || operation.equals("logsOf")) {
      Call call = Call.of(operation, world.operator()).with("identityId", agent.id());
      return operation.equals("updateIdentity") ? call.body("{'name':'Bea'}") : call;
    }
    if (TAKES_NO_LABEL.contains(operation)) {
      return Call.of(operation, agent.key());
    }
    Call call = Call.of(operation, agent.key(), "x");
    return switch (operation) {
      case "store" -> call.body(LOGIN);
      case "use" -> call.body("{'method':'GET','url':'https://a.example'}");
      default -> call;
    };
  }
}
