package io.agentvault.revocation;

import static io.agentvault.revocation.World.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.revocation.Api.Reply;
import io.agentvault.revocation.ExpectedIdentity.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.Transformer;

/** What agents do: each step is one call, checked against what the world must answer. */
final class AgentSteps {
  private static final int LABELS = 4;

  private AgentSteps() {}

  /** Who calls, with which key, about which label. */
  record Pick(int agent, Key key, String label) {
    private static final int LIVING = 10;

    ExpectedIdentity identity(World world) {
      return agent < LIVING ? world.living(agent) : world.identity(agent);
    }

    String text(World world) {
      return identity(world).key(key);
    }

    Optional<ExpectedCredential> credential(World world) {
      return Optional.ofNullable(identity(world).credentials.get(label));
    }

    String path() {
      return Api.vault(label.replace(" ", "%20"));
    }
  }

  /** What is assumed of a label that is stored or deleted. */
  enum Condition {
    NONE,
    ABSENT,
    PRESENT,
    SAME_REVISION,
    OTHER_REVISION;

    Map<String, String> headers(Optional<ExpectedCredential> credential) {
      return switch (this) {
        case NONE -> Map.of();
        case ABSENT -> Map.of("If-None-Match", "*");
        case PRESENT -> Map.of("If-Match", "*");
        case SAME_REVISION -> Map.of("If-Match", tag(credential, 0));
        case OTHER_REVISION -> Map.of("If-Match", tag(credential, 1));
      };
    }

    private static String tag(Optional<ExpectedCredential> credential, int later) {
      return credential
          .map(each -> each.etag(later))
          .orElse("\"00000000-0000-4000-8000-000000000000.1\"");
    }

    boolean holds(Optional<ExpectedCredential> credential) {
      return switch (this) {
        case NONE -> true;
        case ABSENT -> credential.isEmpty();
        case PRESENT, SAME_REVISION -> credential.isPresent();
        case OTHER_REVISION -> false;
      };
    }
  }

  private static Arbitrary<Pick> picks() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 11),
            Arbitraries.frequency(
                Tuple.of(20, Key.CURRENT),
                Tuple.of(3, Key.PREVIOUS),
                Tuple.of(2, Key.DEAD),
                Tuple.of(1, Key.CUT)),
            Arbitraries.frequency(
                Tuple.of(5, "a"), Tuple.of(2, "b"), Tuple.of(1, "c d"), Tuple.of(1, "~")))
        .as(Pick::new);
  }

  private static Arbitrary<Condition> conditions() {
    return Arbitraries.frequency(
        Tuple.of(8, Condition.NONE),
        Tuple.of(1, Condition.ABSENT),
        Tuple.of(1, Condition.PRESENT),
        Tuple.of(2, Condition.SAME_REVISION),
        Tuple.of(1, Condition.OTHER_REVISION));
  }

  private static Transformer<World> step(String what, Pick pick, BiConsumer<World, Pick> does) {
    return Transformer.mutate(
        what + " " + pick,
        world -> {
          world.step();
          does.accept(world, pick);
        });
  }

  /** Whether the call was refused for its key or for want of all these scopes, as it had to be. */
  private static boolean isRefused(World world, Pick pick, Reply reply, String... anyScope) {
    ExpectedIdentity identity = pick.identity(world);
    if (!identity.opens(pick.text(world))) {
      assertRefused(reply, 401, "unauthorized");
      return true;
    }
    if (anyScope.length > 0 && List.of(anyScope).stream().noneMatch(identity::has)) {
      assertRefused(reply, 403, "forbidden");
      assertThat(reply.body().get("message").asText()).contains(anyScope[0]);
      return true;
    }
    return false;
  }

  static Action.Independent<World> whoami() {
    return () -> picks().map(picked -> step("whoami", picked, AgentSteps::whoami));
  }

  private static void whoami(World world, Pick pick) {
    Reply reply = world.api.get(pick.text(world), "/v0/whoami");
    if (!isRefused(world, pick, reply)) {
      pick.identity(world).assertWhoami(reply.body());
    }
  }

  static Action.Independent<World> store() {
    return () ->
        Combinators.combine(picks(), Arbitraries.of(Sample.class), conditions())
            .as(
                (picked, sample, condition) ->
                    step(
                        "store " + sample + " if " + condition,
                        picked,
                        (world, pick) -> store(world, pick, sample, condition)));
  }

  private static void store(World world, Pick pick, Sample sample, Condition condition) {
    Optional<ExpectedCredential> before = pick.credential(world);
    Instant from = Window.now();
    Reply reply =
        world.api.send(
            "PUT",
            pick.path(),
            pick.text(world),
            Optional.of(sample.body()),
            condition.headers(before));
    if (sample.refusedField().isPresent() && pick.key() != Key.CUT) {
      assertRefused(reply, 400, "bad_request");
      assertThat(reply.body().get("message").asText()).contains(sample.refusedField().get());
      return;
    }
    if (isRefused(world, pick, reply, "vault:write")) {
      return;
    }
    if (!condition.holds(before)) {
      assertRefused(reply, 409, "conflict");
      return;
    }
    assertThat(reply.status()).isEqualTo(200);
    ExpectedCredential credential =
        pick.identity(world).credentials.computeIfAbsent(pick.label(), ExpectedCredential::new);
    credential.stored(sample, reply.body(), Window.since(from));
    assertThat(reply.etag()).contains(credential.etag(0));
  }

  static Action.Independent<World> get() {
    return () -> picks().map(picked -> step("get", picked, AgentSteps::get));
  }

  private static void get(World world, Pick pick) {
    Reply reply = world.api.get(pick.text(world), pick.path());
    if (isRefused(world, pick, reply, "vault:read")) {
      return;
    }
    Optional<ExpectedCredential> credential = pick.credential(world);
    if (credential.isEmpty()) {
      assertRefused(reply, 404, "not_found");
    } else {
      assertThat(reply.status()).isEqualTo(200);
      credential.get().assertRead(reply);
    }
  }

  static Action.Independent<World> list() {
    return () ->
        Combinators.combine(picks(), Arbitraries.integers().between(0, 3))
            .as(
                (picked, limit) ->
                    step("list by " + limit, picked, (world, pick) -> list(world, pick, limit)));
  }

  /** Lists page by page; a limit of 0 leaves it to the vault. */
  private static void list(World world, Pick pick, int limit) {
    List<JsonNode> found = new ArrayList<>();
    String query = limit == 0 ? "?" : "?limit=" + limit;
    for (Optional<String> token = Optional.of(""); token.isPresent(); ) {
      Reply reply = world.api.get(pick.text(world), "/v0/vault" + query + token.get());
      if (isRefused(world, pick, reply, "vault:read")) {
        return;
      }
      assertThat(reply.status()).isEqualTo(200);
      JsonNode page = reply.body().get("credentials");
      assertThat(reply.body().get("count").asInt()).isEqualTo(page.size());
      assertThat(page.size()).isLessThanOrEqualTo(limit == 0 ? LABELS : limit);
      page.forEach(found::add);
      token =
          Optional.ofNullable(reply.body().get("nextPageToken"))
              .map(next -> "&pageToken=" + next.asText());
    }
    List<ExpectedCredential> expected = List.copyOf(pick.identity(world).credentials.values());
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      expected.get(i).assertMetadata(found.get(i));
    }
  }

  static Action.Independent<World> delete() {
    return () ->
        Combinators.combine(picks(), conditions())
            .as(
                (picked, condition) ->
                    step(
                        "delete if " + condition,
                        picked,
                        (world, pick) -> delete(world, pick, condition)));
  }

  private static void delete(World world, Pick pick, Condition condition) {
    Optional<ExpectedCredential> before = pick.credential(world);
    Reply reply =
        world.api.send(
            "DELETE", pick.path(), pick.text(world), Optional.empty(), condition.headers(before));
    if (isRefused(world, pick, reply, "vault:write")) {
      return;
    }
    if (before.isEmpty()) {
      assertRefused(reply, 404, "not_found");
    } else if (!condition.holds(before)) {
      assertRefused(reply, 409, "conflict");
    } else {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body())
          .isEqualTo(Api.object().put("name", pick.label()).put("deleted", true));
      pick.identity(world).credentials.remove(pick.label());
    }
  }

  static Action.Independent<World> code() {
    return () ->
        Combinators.combine(picks(), Arbitraries.of(true, false))
            .as(
                (picked, unique) ->
                    step(
                        unique ? "unique code" : "code",
                        picked,
                        (world, pick) -> code(world, pick, unique)));
  }

  private static void code(World world, Pick pick, boolean unique) {
    Instant from = Window.now();
    Reply reply =
        world.api.get(pick.text(world), pick.path() + "/totp" + (unique ? "?unique=true" : ""));
    if (isRefused(world, pick, reply, "vault:totp", "vault:read")) {
      return;
    }
    Optional<ExpectedCredential> credential = pick.credential(world);
    if (credential.isEmpty()) {
      assertRefused(reply, 404, "not_found");
    } else if (credential.get().seed().isEmpty()) {
      assertRefused(reply, 400, "bad_request");
    } else {
      OneTimeSeed seed = credential.get().seed().get();
      if (seed.counter().isPresent()) {
        assertCounted(reply, seed, credential.get(), Window.since(from));
      } else {
        assertTimed(reply, seed, credential.get(), Window.since(from), unique);
      }
    }
  }

  private static void assertCounted(
      Reply reply, OneTimeSeed seed, ExpectedCredential credential, Window window) {
    assertThat(reply.status()).isEqualTo(200);
    assertCode(reply, seed, credential, window, credential.nextCounter());
    assertThat(reply.body().get("period").isNull()).isTrue();
    assertThat(reply.body().get("remaining").isNull()).isTrue();
    assertThat(reply.body().get("expiresAt").isNull()).isTrue();
  }

  private static void assertTimed(
      Reply reply, OneTimeSeed seed, ExpectedCredential credential, Window window, boolean unique) {
    long period = seed.periodSeconds();
    if (reply.status() == 409) {
      assertRefused(reply, 409, "conflict");
      assertThat(unique).isTrue();
      assertThat(credential.claimedStep().orElseThrow())
          .isGreaterThanOrEqualTo(window.from().getEpochSecond() / period);
      return;
    }
    assertThat(reply.status()).isEqualTo(200);
    Instant at = window.assertIn(reply.body().get("generatedAt"));
    long step = at.getEpochSecond() / period;
    Instant end = Instant.ofEpochSecond((step + 1) * period);
    assertCode(reply, seed, credential, window, step);
    assertThat(reply.body().get("period").asLong()).isEqualTo(period);
    assertThat(Instant.parse(reply.body().get("expiresAt").asText())).isEqualTo(end);
    // Whole seconds to the end, rounded whichever way the answer rounds.
    assertThat(Duration.ofSeconds(reply.body().get("remaining").asLong()))
        .isBetween(
            Duration.between(at, end).minusSeconds(1), Duration.between(at, end).plusSeconds(1));
    if (unique) {
      assertThat(step).isGreaterThan(credential.claimedStep().orElse(Long.MIN_VALUE));
      credential.claimed(step);
    }
  }

  private static void assertCode(
      Reply reply,
      OneTimeSeed seed,
      ExpectedCredential credential,
      Window window,
      long movingFactor) {
    assertThat(reply.body().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "code",
            "remaining",
            "backupCodesRemaining",
            "period",
            "digits",
            "algorithm",
            "generatedAt",
            "expiresAt");
    assertThat(reply.body().get("code").asText()).isEqualTo(seed.code(movingFactor));
    assertThat(reply.body().get("digits").asInt()).isEqualTo(seed.digits());
    assertThat(reply.body().get("algorithm").asText()).isEqualTo(seed.algorithm());
    assertThat(reply.body().get("backupCodesRemaining").asInt())
        .isEqualTo(credential.backupCodes());
    window.assertIn(reply.body().get("generatedAt"));
  }

  static Action.Independent<World> backupCode() {
    return () -> picks().map(picked -> step("backup code", picked, AgentSteps::backupCode));
  }

  private static void backupCode(World world, Pick pick) {
    Reply reply = world.api.post(pick.text(world), pick.path() + "/totp/backup", Api.object());
    if (isRefused(world, pick, reply, "vault:write")) {
      return;
    }
    Optional<ExpectedCredential> credential = pick.credential(world);
    if (credential.isEmpty()) {
      assertRefused(reply, 404, "not_found");
    } else if (credential.get().nextBackupCode().isEmpty()) {
      assertRefused(reply, 400, "bad_request");
    } else {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body())
          .isEqualTo(
              Api.object()
                  .put("code", credential.get().nextBackupCode().get())
                  .put("remaining", credential.get().backupCodes() - 1));
      credential.get().backupCodeUsed();
    }
  }
}
