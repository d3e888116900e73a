package io.agentvault.threats;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An operation with what it starts from and what it leaves.
 *
 * @param function which one runs it
 * @param prepare brings the bench to where the operation starts
 * @param act the operation
 * @param done whether the table shows that it happened; a read is never done
 * @param again statuses that the same request may answer once the fault is over
 */
record Scenario(
    String name,
    String function,
    Consumer<Bench> prepare,
    Function<Bench, Reply> act,
    Predicate<Bench> done,
    Set<Integer> again) {
  private static final Predicate<Bench> READ = bench -> false;
  private static final Consumer<Bench> NOTHING = bench -> {};

  boolean reads() {
    return done == READ;
  }

  private static Scenario read(
      String name, String function, Consumer<Bench> prepare, Function<Bench, Reply> act) {
    return new Scenario(name, function, prepare, act, READ, Set.of(200));
  }

  private static Scenario vault(
      String name,
      String stored,
      Function<Bench, Reply> act,
      Predicate<Bench> done,
      Integer... again) {
    return new Scenario(
        name,
        "vault",
        stored.isEmpty() ? NOTHING : bench -> require(bench.store(stored)),
        act,
        done,
        Set.of(again));
  }

  private static Scenario identity(
      String name, Function<Bench, Reply> act, Predicate<Bench> done, Integer... again) {
    return new Scenario(name, "identity", NOTHING, act, done, Set.of(again));
  }

  private static void require(Reply reply) {
    if (!reply.succeeded()) {
      throw new AssertionError("cannot prepare: " + reply);
    }
  }

  /** Every operation, those that write from both of their starting points. */
  static List<Scenario> all() {
    return List.of(
        read("whoami", "vault", NOTHING, b -> b.gate.get("/v0/whoami", b.agent.key())),
        read("list", "vault", b -> require(b.store(Bench.LOGIN)), b -> b.vault("GET", "")),
        vault("store, new", "", b -> b.store(Bench.LOGIN), b -> b.revision("1"), 200),
        vault(
            "store, over", Bench.LOGIN, b -> b.store(Bench.OTHER_LOGIN), b -> b.revision("2"), 200),
        read("get", "vault", b -> require(b.store(Bench.LOGIN)), b -> b.vault("GET", "/login")),
        vault(
            "delete",
            Bench.LOGIN,
            b -> b.vault("DELETE", "/login"),
            b -> b.credential().isEmpty(),
            200,
            404),
        read(
            "totp", "vault", b -> require(b.store(Bench.TOTP)), b -> b.vault("GET", "/login/totp")),
        vault(
            "totp, unique",
            Bench.TOTP,
            b -> b.vault("GET", "/login/totp?unique=true"),
            b -> b.credential().containsKey("otpStep"),
            200,
            409),
        vault(
            "totp, counter",
            Bench.HOTP,
            b -> b.vault("POST", "/login/totp"),
            b -> Rows.number(b.credential(), "otpCounter").equals("6"),
            200),
        vault(
            "backup code",
            Bench.TOTP,
            b -> b.vault("POST", "/login/totp/backup"),
            b -> b.revision("2"),
            200),
        new Scenario(
            "identity, create",
            "identity",
            NOTHING,
            b ->
                b.gate.send(
                    "POST", "/v0/platform/identities", b.gate.operator(b.freshTenant), "{}"),
            b -> b.rows.identitiesOf(b.freshTenant) == 1,
            Set.of(201)),
        read("identity, list", "identity", NOTHING, b -> b.platform("GET", "", "")),
        read("identity, get", "identity", NOTHING, b -> b.platform("GET", "/" + b.agent.id(), "")),
        identity(
            "identity, update",
            b -> b.platform("PATCH", "/" + b.agent.id(), "{\"name\":\"new\"}"),
            b -> Rows.text(b.identity(), "name").equals("new"),
            200),
        identity(
            "identity, rotate key",
            b -> b.platform("POST", "/" + b.agent.id() + "/rotate-key", ""),
            b -> b.identityRevision("2"),
            200),
        new Scenario(
            "identity, revoke",
            "identity",
            b -> require(b.store(Bench.LOGIN)),
            b -> b.platform("DELETE", "/" + b.agent.id(), ""),
            b -> b.identity().isEmpty(),
            Set.of(200)),
        new Scenario(
            "identity, revoke again",
            "identity",
            b -> require(b.platform("DELETE", "/" + b.agent.id(), "")),
            b -> b.platform("DELETE", "/" + b.agent.id(), ""),
            READ,
            Set.of(200)),
        new Scenario(
            "reaper",
            "reaper",
            Scenario::revokedHalfWay,
            Scenario::reap,
            b -> b.credential().isEmpty(),
            Set.of(200)));
  }

  /** An identity that is gone with its receipt written, and a credential that is still there. */
  private static void revokedHalfWay(Bench bench) {
    require(bench.store(Bench.LOGIN));
    var left = bench.credential();
    require(bench.platform("DELETE", "/" + bench.agent.id(), ""));
    bench.rows.write(left);
  }

  /** A failed record is what 503 is to a caller: Lambda tries it again. */
  private static Reply reap(Bench bench) {
    Reply reply = bench.gate.direct("reaper", bench.removal());
    JsonNode failures = reply.json().path("batchItemFailures");
    return failures.isArray() && failures.isEmpty() ? reply : Reply.bare(503, reply.body());
  }
}
