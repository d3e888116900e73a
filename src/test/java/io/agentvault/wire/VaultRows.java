package io.agentvault.wire;

import static io.agentvault.wire.World.API_KEY;
import static io.agentvault.wire.World.SEED;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The table of the data plane: what each call answers, and when. */
final class VaultRows {
  /** Well-formed, and of no credential. */
  private static final String NO_ETAG = "\"00000000-0000-4000-8000-000000000000.1\"";

  private static final String TOTP = "{'type':'TOTP','data':{'secret':'" + SEED + "'}}";
  private static final String HOTP =
      "{'type':'TOTP','data':{'otpauth':'otpauth://hotp/a?secret=" + SEED + "&counter=0'}}";
  private static final String STEAM = "{'type':'TOTP','data':{'otpauth':'steam://" + SEED + "'}}";
  private static final String BACKUP_CODES =
      "{'type':'LOGIN','data':{'username':'ada','password':'x','backupCodes':['one','two']}}";

  private VaultRows() {}

  static Stream<Row> all() {
    return Stream.of(
            whoami(), list(), get(), store(), delete(), totp(), backup(), createToken(), logs())
        .flatMap(List::stream);
  }

  private static List<Row> whoami() {
    return List.of(
        Row.of("whoami", 200, "any agent", w -> Call.of("whoami", w.agent().key())),
        Row.of("whoami", 200, "one scope is enough", w -> Call.of("whoami", w.totpOnly())),
        Row.of("whoami", 401, "no key", w -> Call.of("whoami", new Caller.Nobody())));
  }

  private static List<Row> logs() {
    return List.of(
        Row.of("logs", 200, "any agent", w -> Call.of("logs", w.totpOnly())),
        Row.of("logs", 400, "no records", w -> Call.of("logs", w.agent().key()).with("limit", 0))
            .says("limit"),
        Row.of("logs", 401, "no key", w -> Call.of("logs", new Caller.Nobody())),
        Row.of("logStats", 200, "any agent", w -> Call.of("logStats", w.totpOnly())),
        Row.of("logStats", 401, "no key", w -> Call.of("logStats", new Caller.Nobody())));
  }

  private static List<Row> createToken() {
    return List.of(
        Row.of("createToken", 201, "all that its maker may", w -> createToken(w, "{}")),
        Row.of(
            "createToken",
            201,
            "less",
            w ->
                createToken(
                    w, "{'labels':['github','aws-*'],'scopes':['vault:read'],'expiresIn':1}")),
        Row.of("createToken", 400, "no label", w -> createToken(w, "{'labels':[]}")).says("labels"),
        Row.of("createToken", 400, "a star within", w -> createToken(w, "{'labels':['a*b']}"))
            .says("labels"),
        Row.of("createToken", 400, "over a day", w -> createToken(w, "{'expiresIn':86401}"))
            .says("expiresIn"),
        Row.of("createToken", 401, "no key", w -> Call.of("createToken", new Caller.Nobody())),
        Row.of(
                "createToken",
                403,
                "a scope that its maker lacks",
                w -> createToken(w, "{'scopes':['vault:read']}").by(w.totpOnly()))
            .says("vault:read"));
  }

  private static Call createToken(World world, String body) {
    return Call.of("createToken", world.agent().key()).body(body);
  }

  private static List<Row> list() {
    return List.of(
        Row.of("list", 200, "the whole vault", w -> list(w)),
        Row.of("list", 200, "a page of one", w -> list(w).with("limit", 1)),
        Row.of("list", 400, "limit of zero", w -> list(w).with("limit", 0)).says("limit"),
        Row.of("list", 400, "limit over 1,000", w -> list(w).with("limit", 1001)).says("limit"),
        Row.of("list", 400, "limit that is no number", w -> list(w).with("limit", "ten"))
            .says("limit"),
        Row.of("list", 400, "limit of no whole number", w -> list(w).with("limit", "1.5"))
            .says("limit"),
        Row.of("list", 400, "a made-up token", w -> list(w).with("pageToken", "bDE6YQ=x"))
            .says("pageToken"),
        Row.of("list", 401, "no key", w -> Call.of("list", new Caller.Nobody())),
        Row.of("list", 403, "vault:totp alone", w -> Call.of("list", w.totpOnly()))
            .says("vault:read"),
        Row.of("list", 403, "vault:write alone", w -> Call.of("list", w.writeOnly()))
            .says("vault:read"));
  }

  private static Call list(World world) {
    world.stored(API_KEY);
    return Call.of("list", world.agent().key());
  }

  private static List<Row> get() {
    return List.of(
        Row.of("get", 200, "one that was stored", w -> on("get", w, w.stored(API_KEY))),
        Row.of("get", 400, "a label of 129 characters", w -> on("get", w, "x".repeat(129)))
            .says("label"),
        Row.of("get", 400, "a label that ends in a space", w -> on("get", w, "x ")).says("label"),
        Row.of("get", 400, "a label with a percent sign", w -> on("get", w, "a%62")).says("label"),
        Row.of("get", 401, "no key", w -> on("get", w, "x").by(new Caller.Nobody())),
        Row.of("get", 403, "vault:totp alone", w -> on("get", w, "x").by(w.totpOnly()))
            .says("vault:read"),
        Row.of("get", 404, "no such label", w -> on("get", w, w.freshLabel())),
        Row.of(
            "get",
            404,
            "another agent's label",
            w -> on("get", w, w.stored(API_KEY)).by(w.newAgent("vault:read").key())),
        Row.of("get", 410, "expired", w -> on("get", w, w.expired(API_KEY))));
  }

  private static List<Row> store() {
    return List.of(
        Row.of("store", 200, "a free label", w -> store(w, w.freshLabel())),
        Row.of("store", 200, "over an old one", w -> store(w, w.stored(API_KEY))),
        Row.of(
            "store", 200, "If-None-Match, free", w -> store(w, w.freshLabel(), "ifNoneMatch", "*")),
        Row.of("store", 200, "If-Match, current", w -> ifCurrent(w, label -> store(w, label))),
        Row.of(
            "store", 409, "If-Match, weak", w -> store(w, w.stored(API_KEY), "ifMatch", "W/\"x\"")),
        Row.of(
                "store",
                400,
                "If-Match, a bare revision",
                w -> store(w, w.stored(API_KEY), "ifMatch", "\"1\""))
            .says("If-Match"),
        Row.of(
            "store",
            200,
            "If-None-Match, expired",
            w -> store(w, w.expired(API_KEY), "ifNoneMatch", "*")),
        Row.of("store", 200, "If-Match *, there", w -> store(w, w.stored(API_KEY), "ifMatch", "*")),
        Row.of(
            "store",
            409,
            "If-None-Match, taken",
            w -> store(w, w.stored(API_KEY), "ifNoneMatch", "*")),
        Row.of(
            "store", 409, "If-Match, stale", w -> store(w, w.stored(API_KEY), "ifMatch", NO_ETAG)),
        Row.of("store", 409, "If-Match, absent", w -> store(w, w.freshLabel(), "ifMatch", NO_ETAG)),
        Row.of("store", 409, "If-Match *, absent", w -> store(w, w.freshLabel(), "ifMatch", "*")),
        Row.of("store", 400, "If-Match unquoted", w -> store(w, w.freshLabel(), "ifMatch", "1"))
            .says("If-Match"),
        Row.of(
                "store",
                400,
                "If-None-Match with a revision",
                w -> store(w, w.freshLabel(), "ifNoneMatch", "\"1\""))
            .says("If-None-Match"),
        Row.of(
                "store",
                400,
                "both conditions",
                w -> store(w, w.freshLabel(), "ifMatch", "\"1\"").with("ifNoneMatch", "*"))
            .says("If-Match"),
        Row.of("store", 400, "a label with a space first", w -> store(w, " x")).says("label"),
        Row.of("store", 401, "no key", w -> store(w, "x").by(new Caller.Nobody())),
        Row.of("store", 403, "vault:read alone", w -> store(w, "x").by(w.readOnly()))
            .says("vault:write"),
        Row.of("store", 413, "4 KiB and more of metadata", w -> store(w, "x").body(metadata(4090)))
            .says("metadata"),
        Row.of("store", 413, "64 KiB and more", w -> store(w, "x").body(custom(64 * 1024)))
            .says("64 KiB"),
        Row.of("store", 413, "over 1 MiB", w -> store(w, "x").body(custom(1_100_000)))
            .says("128 KiB"));
  }

  private static Call ifCurrent(World world, Function<String, Call> call) {
    String label = world.stored(API_KEY);
    return call.apply(label).with("ifMatch", world.etag(label));
  }

  private static Call store(World world, String label) {
    return on("store", world, label).body(API_KEY);
  }

  private static Call store(World world, String label, String condition, String value) {
    return store(world, label).with(condition, value);
  }

  private static String metadata(int characters) {
    return "{'type':'CUSTOM','data':{},'metadata':{'note':'" + "m".repeat(characters) + "'}}";
  }

  private static String custom(int characters) {
    return "{'type':'CUSTOM','data':{'note':'" + "d".repeat(characters) + "'}}";
  }

  private static List<Row> delete() {
    return List.of(
        Row.of("delete", 200, "one that is there", w -> on("delete", w, w.stored(API_KEY))),
        Row.of("delete", 200, "one that expired", w -> on("delete", w, w.expired(API_KEY))),
        Row.of(
            "delete", 200, "If-Match, current", w -> ifCurrent(w, label -> on("delete", w, label))),
        Row.of(
            "delete",
            409,
            "If-Match, stale",
            w -> on("delete", w, w.stored(API_KEY)).with("ifMatch", NO_ETAG)),
        Row.of("delete", 400, "a label with a backslash", w -> on("delete", w, "a\\b"))
            .says("label"),
        Row.of("delete", 401, "no key", w -> on("delete", w, "x").by(new Caller.Nobody())),
        Row.of("delete", 403, "vault:read alone", w -> on("delete", w, "x").by(w.readOnly()))
            .says("vault:write"),
        Row.of("delete", 404, "no such label", w -> on("delete", w, w.freshLabel())));
  }

  private static List<Row> totp() {
    return List.of(
        Row.of("totp", 200, "time-based", w -> totp(w, TOTP)),
        Row.of("nextCode", 200, "counter-based", w -> nextCode(w, HOTP)),
        Row.of("nextCode", 200, "time-based", w -> nextCode(w, TOTP)),
        Row.of("nextCode", 400, "no seed", w -> nextCode(w, API_KEY)).says("totp"),
        Row.of("nextCode", 401, "no key", w -> on("nextCode", w, "x").by(new Caller.Nobody())),
        Row.of("nextCode", 403, "vault:write alone", w -> on("nextCode", w, "x").by(w.writeOnly()))
            .says("vault:totp"),
        Row.of("nextCode", 404, "no such label", w -> on("nextCode", w, w.freshLabel())),
        Row.of("nextCode", 409, "unique, a second time", w -> handedOut(w, "nextCode"))
            .says("second"),
        Row.of("nextCode", 410, "expired", w -> on("nextCode", w, w.expired(TOTP))),
        Row.of("totp", 200, "Steam", w -> totp(w, STEAM)),
        Row.of("totp", 200, "unique, the first time", w -> totp(w, TOTP).with("unique", true)),
        Row.of("totp", 200, "nothing to wait for", w -> totp(w, TOTP).with("minRemaining", 0)),
        Row.of("totp", 400, "no seed", w -> totp(w, API_KEY)).says("totp"),
        Row.of("totp", 400, "minRemaining of 16", w -> totp(w, TOTP).with("minRemaining", 16))
            .says("minRemaining"),
        Row.of("totp", 400, "minRemaining below 0", w -> totp(w, TOTP).with("minRemaining", -1))
            .says("minRemaining"),
        Row.of("totp", 400, "unique is maybe", w -> totp(w, TOTP).with("unique", "maybe"))
            .says("unique"),
        Row.of("totp", 401, "no key", w -> on("totp", w, "x").by(new Caller.Nobody())),
        Row.of("totp", 403, "vault:write alone", w -> on("totp", w, "x").by(w.writeOnly()))
            .says("vault:totp"),
        Row.of("totp", 404, "no such label", w -> on("totp", w, w.freshLabel())),
        Row.of("totp", 409, "unique, a second time", w -> handedOut(w, "totp")).says("second"),
        Row.of("totp", 410, "expired", w -> on("totp", w, w.expired(TOTP))));
  }

  private static Call nextCode(World world, String json) {
    return on("nextCode", world, world.stored(json));
  }

  private static Call totp(World world, String json) {
    return on("totp", world, world.stored(json));
  }

  /** A period of an hour, so that no two calls fall into different ones but once a day or so. */
  private static Call handedOut(World world, String operation) {
    String json = TOTP.replace("'}}", "','period':3600}}");
    Call call = on(operation, world, world.stored(json)).with("unique", true);
    world.succeed(Way.DIRECT, call);
    return call;
  }

  private static List<Row> backup() {
    return List.of(
        Row.of("useBackupCode", 200, "one is left", w -> backup(w, BACKUP_CODES)),
        Row.of("useBackupCode", 400, "there never was one", w -> backup(w, API_KEY)).says("backup"),
        Row.of("useBackupCode", 401, "no key", w -> backup(w, API_KEY).by(new Caller.Nobody())),
        Row.of("useBackupCode", 403, "vault:read", w -> backup(w, BACKUP_CODES).by(w.readOnly()))
            .says("vault:write"),
        Row.of("useBackupCode", 404, "no such label", w -> on("useBackupCode", w, w.freshLabel())),
        Row.of(
            "useBackupCode", 410, "expired", w -> on("useBackupCode", w, w.expired(BACKUP_CODES))));
  }

  private static Call backup(World world, String json) {
    return on("useBackupCode", world, world.stored(json));
  }

  private static Call on(String operation, World world, String label) {
    return Call.of(operation, world.agent().key(), label);
  }
}
