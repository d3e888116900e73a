package io.agentvault.wire;

import java.util.List;
import java.util.stream.Stream;

/** The table of the control plane: what each call answers, and when. */
final class IdentityRows {
  private static final String TOO_LARGE = "{'ignored':'" + "x".repeat(1_100_000) + "'}";

  private static final String UNKNOWN = "0".repeat(26);

  private IdentityRows() {}

  static Stream<Row> all() {
    return Stream.of(create(), list(), get(), update(), rotate(), revoke(), strangers())
        .flatMap(List::stream);
  }

  private static List<Row> create() {
    return List.of(
        Row.of("createIdentity", 201, "without a body", w -> create(w)),
        Row.of("createIdentity", 201, "an empty object", w -> create(w).body("{}")),
        Row.of(
            "createIdentity",
            201,
            "name and scopes",
            w -> create(w).body("{'name':'Ada \u2603','scopes':['vault:read','vault:read']}")),
        Row.of(
            "createIdentity",
            201,
            "fields that other vaults know",
            w -> create(w).body("{'emailName':'ada','purpose':'SELLER','name':null}")),
        Row.of("createIdentity", 400, "a name of a number", w -> create(w).body("{'name':7}"))
            .says("name"),
        Row.of(
                "createIdentity",
                400,
                "a name of 129 characters",
                w -> create(w).body("{'name':'" + "n".repeat(129) + "'}"))
            .says("name"),
        Row.of(
            "createIdentity",
            201,
            "a scope of another vault",
            w -> create(w).body("{'scopes':['mail:read','vault:read']}")),
        Row.of("createIdentity", 400, "scopes of text", w -> create(w).body("{'scopes':'x'}"))
            .says("scopes"),
        Row.of("createIdentity", 413, "over 1 MiB", w -> create(w).body(TOO_LARGE))
            .says("128 KiB"));
  }

  private static Call create(World world) {
    return Call.of("createIdentity", world.operator());
  }

  private static List<Row> list() {
    return List.of(
        Row.of("listIdentities", 200, "the tenant's", w -> list(w)),
        Row.of("listIdentities", 200, "a page of one", w -> list(w).with("limit", 1)),
        Row.of("listIdentities", 400, "limit of zero", w -> list(w).with("limit", 0)).says("limit"),
        Row.of("listIdentities", 400, "a made-up token", w -> list(w).with("pageToken", "aTE6"))
            .says("pageToken"));
  }

  private static Call list(World world) {
    world.newAgent("vault:read");
    return Call.of("listIdentities", world.operator());
  }

  private static List<Row> get() {
    return List.of(
        Row.of("getIdentity", 200, "one of its own", w -> onNew("getIdentity", w)),
        Row.of("getIdentity", 404, "one that never was", w -> on("getIdentity", w, UNKNOWN)),
        Row.of("getIdentity", 404, "no id at all", w -> on("getIdentity", w, "x")),
        Row.of("getIdentity", 400, "what stands in no path", w -> on("getIdentity", w, "a?b"))
            .httpOnly(),
        Row.of("logsOf", 200, "one of its own", w -> onNew("logsOf", w)),
        Row.of("logsOf", 200, "one that is revoked", w -> on("logsOf", w, revoked(w))),
        Row.of("logsOf", 400, "no records", w -> onNew("logsOf", w).with("limit", 0)).says("limit"),
        Row.of("logsOf", 404, "one that never was", w -> on("logsOf", w, UNKNOWN)),
        Row.of("logsOf", 404, "another tenant's", w -> foreign("logsOf", w)),
        Row.of("getIdentity", 404, "one that is revoked", w -> on("getIdentity", w, revoked(w))),
        Row.of("getIdentity", 404, "another tenant's", w -> foreign("getIdentity", w)));
  }

  private static List<Row> update() {
    return List.of(
        Row.of("updateIdentity", 200, "its name", w -> update(w, "{'name':'Bea'}")),
        Row.of(
            "updateIdentity",
            200,
            "its scopes",
            w -> update(w, "{'addScopes':['vault:write'],'removeScopes':['vault:read']}")),
        Row.of("updateIdentity", 200, "nothing", w -> update(w, "{}")),
        Row.of("updateIdentity", 400, "a blank name", w -> update(w, "{'name':' '}")).says("name"),
        Row.of("updateIdentity", 400, "no list of scopes", w -> update(w, "{'addScopes':'x'}"))
            .says("addScopes"),
        Row.of("updateIdentity", 400, "scopes of null", w -> update(w, "{'addScopes':[null]}"))
            .says("addScopes"),
        Row.of(
            "updateIdentity",
            404,
            "one that never was",
            w -> on("updateIdentity", w, UNKNOWN).body("{}")),
        Row.of(
            "updateIdentity",
            404,
            "another tenant's",
            w -> foreign("updateIdentity", w).body("{}")),
        Row.of("updateIdentity", 409, "another operator is faster", w -> update(w, "{'name':'B'}"))
            .when(Weather.OTHERS_ARE_FASTER),
        Row.of("updateIdentity", 413, "over 1 MiB", w -> update(w, TOO_LARGE)).says("128 KiB"));
  }

  private static Call update(World world, String json) {
    return onNew("updateIdentity", world).body(json);
  }

  private static List<Row> rotate() {
    return List.of(
        Row.of("rotateKey", 200, "at once", w -> onNew("rotateKey", w)),
        Row.of("rotateKey", 200, "a grace", w -> rotate(w, "{'graceSeconds':86400}")),
        Row.of("rotateKey", 400, "too long a grace", w -> rotate(w, "{'graceSeconds':86401}"))
            .says("graceSeconds"),
        Row.of("rotateKey", 400, "a grace below 0", w -> rotate(w, "{'graceSeconds':-1}"))
            .says("graceSeconds"),
        Row.of("rotateKey", 400, "half a second", w -> rotate(w, "{'graceSeconds':0.5}"))
            .says("graceSeconds"),
        Row.of("rotateKey", 404, "one that never was", w -> on("rotateKey", w, UNKNOWN)),
        Row.of("rotateKey", 404, "another tenant's", w -> foreign("rotateKey", w)),
        Row.of("rotateKey", 413, "over 1 MiB", w -> rotate(w, TOO_LARGE)).says("128 KiB"));
  }

  private static Call rotate(World world, String json) {
    return onNew("rotateKey", world).body(json);
  }

  private static List<Row> revoke() {
    return List.of(
        Row.of("revokeIdentity", 200, "one of its own", w -> onNew("revokeIdentity", w)),
        Row.of("revokeIdentity", 200, "again", w -> on("revokeIdentity", w, revoked(w))),
        Row.of("revokeIdentity", 400, "what stands in no path", w -> on("revokeIdentity", w, "a?b"))
            .httpOnly(),
        Row.of("revokeIdentity", 404, "one that never was", w -> on("revokeIdentity", w, UNKNOWN)),
        Row.of("revokeIdentity", 404, "another tenant's", w -> foreign("revokeIdentity", w)));
  }

  /** A direct invocation carries no token: IAM lets a caller in, or not. */
  private static List<Row> strangers() {
    return Stream.of(
            "createIdentity",
            "listIdentities",
            "getIdentity",
            "updateIdentity",
            "rotateKey",
            "logsOf",
            "requestDepositFor",
            "listDepositsFor",
            "withdrawDepositFor",
            "listCheckpoints",
            "revokeIdentity")
        .flatMap(
            operation ->
                Stream.of(
                    Row.of(operation, 401, "no token", w -> any(operation, w, new Caller.Nobody())),
                    Row.of(
                        operation, 401, "an agent's key", w -> any(operation, w, w.agent().key())),
                    Row.of(operation, 403, "no operator", w -> any(operation, w, w.notAnOperator()))
                        .says("vault-operator")))
        .map(Row::httpOnly)
        .toList();
  }

  private static Call any(String operation, World world, Caller caller) {
    boolean onOne = world.document().operation(operation).path().contains("{id}");
    Call call = onOne ? on(operation, world, world.agent().id()) : Call.of(operation, caller);
    return (operation.equals("withdrawDepositFor") ? call.with("depositId", UNKNOWN) : call)
        .by(caller);
  }

  private static Call on(String operation, World world, String id) {
    return Call.of(operation, world.operator()).with("identityId", id);
  }

  private static Call onNew(String operation, World world) {
    return on(operation, world, world.newAgent("vault:read").id());
  }

  private static Call foreign(String operation, World world) {
    return onNew(operation, world).by(world.operator("another"));
  }

  private static String revoked(World world) {
    String id = world.newAgent("vault:read").id();
    world.succeed(Way.DIRECT, on("revokeIdentity", world, id));
    return id;
  }
}
