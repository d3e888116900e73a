package io.agentvault.wire;

import java.util.List;
import java.util.stream.Stream;

/**
 * The table of the broker, and of what operators ask humans for: what each call answers, and when.
 */
final class BrokerRows {
  private static final String API_KEY = "{'type':'API_KEY','data':{'key':'an-example-key'}";
  private static final String UNKNOWN = "0".repeat(26);
  private static final String WISH = "{'label':'LABEL','use':{'allow':[{'host':'a.example'}]}}";

  private BrokerRows() {}

  static Stream<Row> all() {
    return Stream.of(
            use(), refusedUse(), token(), ask(), pending(), page(), operators(), checkpoints())
        .flatMap(List::stream);
  }

  /** A credential that may be used at a host. */
  static String usable(World world, String host) {
    return world.stored(API_KEY + ",'use':{'allow':[{'host':'" + host + "'}]}}");
  }

  private static Call use(World world, String label, String url) {
    return Call.of("use", world.agent().key(), label).body("{'method':'GET','url':'" + url + "'}");
  }

  private static Call useOfOurs(World world) {
    String place = world.upstream().place();
    return use(world, usable(world, place), "http://" + place + "/ok");
  }

  private static List<Row> use() {
    return List.of(
        Row.of("use", 200, "what the policy allows", BrokerRows::useOfOurs),
        Row.of(
            "use",
            200,
            "with headers, query and body",
            w ->
                useOfOurs(w)
                    .body(
                        "{'method':'POST','url':'http://"
                            + w.upstream().place()
                            + "/ok','headers':{'X-A':['1','2']},'query':{'q':'1'},'body':'x'}")),
        Row.of(
                "use",
                502,
                "a host of this machine",
                w -> use(w, usable(w, "127.0.0.1"), "https://127.0.0.1/"))
            .says("loopback"),
        Row.of("use", 413, "over 4 MiB", w -> large(w)).says("4 MiB"));
  }

  private static Call large(World world) {
    return useOfOurs(world).body("{'method':'POST','body':'" + "x".repeat((4 << 20) + 9) + "'}");
  }

  private static List<Row> refusedUse() {
    return List.of(
        Row.of("use", 400, "no method", w -> useOfOurs(w).body("{'url':'https://a.example'}"))
            .says("method"),
        Row.of("use", 400, "in the clear", w -> use(w, usable(w, "a.example"), "http://a.example"))
            .says("https"),
        Row.of("use", 401, "no key", w -> useOfOurs(w).by(new Caller.Nobody())),
        Row.of("use", 403, "vault:write alone", w -> useOfOurs(w).by(w.writeOnly()))
            .says("vault:use"),
        Row.of("use", 403, "another host", w -> use(w, usable(w, "a.example"), "https://b.example"))
            .says("host"),
        Row.of("use", 403, "no policy", w -> use(w, w.stored(World.API_KEY), "https://a.example"))
            .says("policy"),
        Row.of("use", 404, "no such label", w -> use(w, w.freshLabel(), "https://a.example")),
        Row.of(
            "use",
            409,
            "an access token that can't be renewed",
            w ->
                use(
                    w,
                    oauth(w, "/invalid-grant", ",'use':{'allow':[{'host':'a.example'}]}"),
                    "https://a.example")),
        Row.of(
            "use",
            410,
            "expired",
            w ->
                use(
                    w,
                    w.expired(API_KEY + ",'use':{'allow':[{'host':'a.example'}]}}"),
                    "https://a.example")));
  }

  /** An OAUTH credential whose tokens come from that path of the upstream. */
  private static String oauth(World world, String path, String more) {
    return world.stored(
        "{'type':'OAUTH','data':{'tokenUrl':'http://"
            + world.upstream().place()
            + path
            + "','clientId':'c','clientSecret':'a-secret','refreshToken':'an-example-token'}"
            + more
            + "}");
  }

  private static Call token(World world, String label) {
    return Call.of("token", world.agent().key(), label);
  }

  private static List<Row> token() {
    return List.of(
        Row.of("token", 200, "a new one", w -> token(w, oauth(w, "/token", ""))),
        Row.of("token", 400, "of what has none", w -> token(w, w.stored(World.API_KEY))),
        Row.of("token", 401, "no key", w -> token(w, "x").by(new Caller.Nobody())),
        Row.of("token", 403, "vault:write alone", w -> token(w, "x").by(w.writeOnly()))
            .says("vault:use"),
        Row.of(
            "token",
            403,
            "for use alone",
            w ->
                token(
                    w,
                    oauth(w, "/token", ",'use':{'reveal':false,'allow':[{'host':'a.example'}]}"))),
        Row.of("token", 404, "no such label", w -> token(w, w.freshLabel())),
        Row.of("token", 409, "not to be renewed", w -> token(w, oauth(w, "/invalid-grant", ""))),
        Row.of("token", 410, "expired", w -> token(w, w.expired(World.API_KEY))),
        Row.of("token", 502, "no answer of a token's", w -> token(w, oauth(w, "/ok", ""))));
  }

  /** A wish by an agent of its own, so that no vault has too many. */
  static Call wish(World world) {
    return Call.of("requestDeposit", world.newAgent("vault:use", "vault:write").key())
        .body(WISH.replace("LABEL", world.freshLabel()));
  }

  private static List<Row> ask() {
    return List.of(
        Row.of("requestDeposit", 201, "for a free label", BrokerRows::wish),
        Row.of(
            "requestDeposit",
            201,
            "for a seed, without hosts",
            w -> wish(w).body("{'label':'x','type':'TOTP','reason':'why','expiresIn':60}")),
        Row.of("requestDeposit", 400, "no host", w -> wish(w).body("{'label':'x'}")).says("allow"),
        Row.of("requestDeposit", 400, "too long", w -> wish(w).body("{'label':'x','expiresIn':1}"))
            .says("expiresIn"),
        Row.of("requestDeposit", 401, "no key", w -> wish(w).by(new Caller.Nobody())),
        Row.of("requestDeposit", 403, "vault:totp alone", w -> wish(w).by(w.totpOnly()))
            .says("vault:use"),
        Row.of(
            "requestDeposit",
            404,
            "nothing to replace",
            w ->
                wish(w)
                    .body("{'label':'x','replace':true,'use':{'allow':[{'host':'a.example'}]}}")),
        Row.of(
            "requestDeposit",
            409,
            "a label that is taken",
            w -> wish(w).by(w.agent().key()).body(WISH.replace("LABEL", w.stored(World.API_KEY)))));
  }

  private static List<Row> pending() {
    return List.of(
        Row.of("listDeposits", 200, "one", w -> w.asked().by("listDeposits")),
        Row.of("listDeposits", 401, "no key", w -> Call.of("listDeposits", new Caller.Nobody())),
        Row.of("listDeposits", 403, "vault:totp alone", w -> Call.of("listDeposits", w.totpOnly()))
            .says("vault:use"),
        Row.of("withdrawDeposit", 200, "one", w -> w.asked().by("withdrawDeposit")),
        Row.of("withdrawDeposit", 400, "a query", w -> withdraw(w, UNKNOWN).with("stray", "1"))
            .httpOnly()
            .says("query"),
        Row.of("withdrawDeposit", 401, "no key", w -> withdraw(w, UNKNOWN).by(new Caller.Nobody())),
        Row.of("withdrawDeposit", 403, "vault:totp", w -> withdraw(w, UNKNOWN).by(w.totpOnly()))
            .says("vault:use"),
        Row.of("withdrawDeposit", 404, "one that never was", w -> withdraw(w, UNKNOWN)));
  }

  private static Call withdraw(World world, String id) {
    return Call.of("withdrawDeposit", world.agent().key()).with("depositId", id);
  }

  private static List<Row> page() {
    String taken = "{'code':'CODE','data':{'key':'an-example'}}";
    return Stream.of(
            Row.of("lookAtDeposit", 200, "one", w -> w.asked().byItsToken("lookAtDeposit")),
            Row.of(
                    "lookAtDeposit",
                    400,
                    "a query",
                    w -> w.asked().byItsToken("lookAtDeposit").with("stray", "1"))
                .says("query"),
            Row.of(
                "lookAtDeposit", 401, "another", w -> w.asked().spoilt("lookAtDeposit", UNKNOWN)),
            Row.of("lookAtDeposit", 409, "used", w -> w.redeemed().byItsToken("lookAtDeposit")),
            Row.of("redeemDeposit", 200, "with the code", w -> w.asked().redeeming(taken)),
            Row.of(
                    "redeemDeposit",
                    400,
                    "another code",
                    w -> w.asked().redeeming("{'code':'0000-0000','data':{'key':'an-example'}}"))
                .says("code"),
            Row.of("redeemDeposit", 400, "no data", w -> w.asked().redeeming("{'code':'CODE'}"))
                .says("data"),
            Row.of(
                "redeemDeposit",
                401,
                "another",
                w -> w.asked().spoilt("redeemDeposit", UNKNOWN).body("{'code':'x','data':{}}")),
            Row.of("redeemDeposit", 409, "again", w -> w.redeemed().redeeming(taken)),
            Row.of(
                "signInToDeposit",
                404,
                "where nobody signs in",
                w -> w.asked().byItsToken("signInToDeposit").body("{'code':'a','verifier':'b'}")))
        .map(Row::httpOnly)
        .toList();
  }

  private static Call onIdentity(String operation, World world) {
    return Call.of(operation, world.operator())
        .with("identityId", world.newAgent("vault:use").id());
  }

  /** An operator's wish. */
  static Call wishFor(World world) {
    return onIdentity("requestDepositFor", world).body("{'label':'x'}");
  }

  private static List<Row> operators() {
    String list = "listDepositsFor";
    String withdraw = "withdrawDepositFor";
    return List.of(
        Row.of("requestDepositFor", 201, "for one of its own", BrokerRows::wishFor),
        Row.of("requestDepositFor", 400, "no label", w -> wishFor(w).body("{}")).says("label"),
        Row.of("requestDepositFor", 404, "another's", w -> wishFor(w).by(w.operator("another"))),
        Row.of(
            "requestDepositFor",
            404,
            "nothing to replace",
            w -> wishFor(w).body("{'label':'x','replace':true}")),
        Row.of(
            "requestDepositFor",
            409,
            "a label that is taken",
            w ->
                wishFor(w)
                    .with("identityId", w.agent().id())
                    .body("{'label':'" + w.stored(World.API_KEY) + "'}")),
        Row.of(list, 200, "none", w -> onIdentity(list, w)),
        Row.of(list, 404, "another's", w -> onIdentity(list, w).by(w.operator("another"))),
        Row.of(
                list,
                400,
                "what stands in no path",
                w -> onIdentity(list, w).with("identityId", "a?b"))
            .httpOnly(),
        Row.of(withdraw, 200, "one", w -> w.asked().byOperator(withdraw)),
        Row.of(withdraw, 404, "none", w -> onIdentity(withdraw, w).with("depositId", UNKNOWN)),
        Row.of(withdraw, 400, "no id", w -> onIdentity(withdraw, w).with("depositId", "a?b"))
            .httpOnly());
  }

  private static List<Row> checkpoints() {
    String name = "listCheckpoints";
    return List.of(
        Row.of(name, 200, "one of its own", w -> onIdentity(name, w)),
        Row.of(name, 400, "none", w -> onIdentity(name, w).with("limit", 0)).says("limit"),
        Row.of(name, 404, "another's", w -> onIdentity(name, w).by(w.operator("another"))));
  }
}
