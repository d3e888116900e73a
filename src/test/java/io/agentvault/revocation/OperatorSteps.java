package io.agentvault.revocation;

import static io.agentvault.revocation.World.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.revocation.Api.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.arbitraries.SetArbitrary;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.Transformer;

/** What operators do: each step is one call, checked against what the world must answer. */
final class OperatorSteps {
  /** The template's default of point-in-time recovery. */
  private static final Duration RECOVERY = Duration.ofDays(7);

  private static final int LONGEST_GRACE_SECONDS = 86_400;

  private OperatorSteps() {}

  /** Which operator calls about which identity, its own tenant's or another's. */
  record Pick(int operator, int identity) {
    World.Operator operator(World world) {
      return world.operator(operator);
    }

    ExpectedIdentity identity(World world) {
      return world.identity(identity);
    }

    String path(World world) {
      return Api.identity(identity(world).id);
    }

    /** Whether the operator can see such an identity, as it is or by its receipt. */
    boolean isOwn(World world) {
      return identity(world).tenant.equals(operator(world).tenant());
    }

    boolean isThere(World world) {
      return isOwn(world) && identity(world).receipt().isEmpty();
    }
  }

  private static Arbitrary<Pick> picks() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3), Arbitraries.integers().between(0, 11))
        .as(Pick::new);
  }

  private static SetArbitrary<String> scopes() {
    return Arbitraries.of("vault:read", "vault:totp", "vault:write").set().ofMaxSize(3);
  }

  private static Arbitrary<Optional<String>> names() {
    return Arbitraries.of("one", "Zwei", "\u4e09").optional(0.7);
  }

  private static Transformer<World> step(String what, Pick pick, BiConsumer<World, Pick> does) {
    return Transformer.mutate(
        what + " " + pick,
        world -> {
          world.step();
          does.accept(world, pick);
        });
  }

  static Action.Independent<World> create() {
    return () ->
        Combinators.combine(picks(), names(), scopes().optional(0.3))
            .as(
                (picked, name, scopes) ->
                    step(
                        "create " + name + " with " + scopes,
                        picked,
                        (world, pick) -> {
                          if (!world.isFull()) {
                            world.create(pick.operator(world), name, scopes);
                          }
                        }));
  }

  static Action.Independent<World> get() {
    return () -> picks().map(picked -> step("get identity", picked, OperatorSteps::get));
  }

  private static void get(World world, Pick pick) {
    Reply reply = world.api.get(pick.operator(world).token(), pick.path(world));
    if (pick.isThere(world)) {
      assertThat(reply.status()).isEqualTo(200);
      ObjectNode expected = pick.identity(world).whole();
      expected.putArray("depositors");
      assertThat(ExpectedIdentity.withoutCounts(reply.body())).isEqualTo(expected);
    } else {
      assertRefused(reply, 404, "not_found");
    }
  }

  static Action.Independent<World> list() {
    return () ->
        Combinators.combine(picks(), Arbitraries.integers().between(0, 3))
            .as(
                (picked, limit) ->
                    step(
                        "list identities by " + limit,
                        picked,
                        (world, pick) -> list(world, pick, limit)));
  }

  /** Lists page by page; a limit of 0 leaves it to the vault. */
  private static void list(World world, Pick pick, int limit) {
    List<JsonNode> found = new ArrayList<>();
    String query = limit == 0 ? "?" : "?limit=" + limit;
    for (Optional<String> token = Optional.of(""); token.isPresent(); ) {
      Reply reply =
          world.api.get(pick.operator(world).token(), Api.IDENTITIES + query + token.get());
      assertThat(reply.status()).isEqualTo(200);
      JsonNode page = reply.body().get("identities");
      assertThat(reply.body().get("count").asInt()).isEqualTo(page.size());
      page.forEach(each -> found.add(ExpectedIdentity.withoutCounts(each)));
      token =
          Optional.ofNullable(reply.body().get("nextPageToken"))
              .map(next -> "&pageToken=" + next.asText());
    }
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            world.identities.stream()
                .filter(each -> each.tenant.equals(pick.operator(world).tenant()))
                .filter(each -> each.receipt().isEmpty())
                .map(ExpectedIdentity::whole)
                .toList());
    assertThat(found).extracting(each -> each.get("createdAt").asText()).isSorted();
  }

  static Action.Independent<World> update() {
    Arbitrary<Optional<Optional<String>>> names = names().optional(0.5);
    return () ->
        Combinators.combine(picks(), names, scopes(), scopes().ofMaxSize(1))
            .as(
                (picked, name, add, remove) ->
                    step(
                        "update name " + name + " add " + add + " remove " + remove,
                        picked,
                        (world, pick) -> update(world, pick, name, add, remove)));
  }

  private static void update(
      World world,
      Pick pick,
      Optional<Optional<String>> name,
      Set<String> add,
      Set<String> remove) {
    ObjectNode body = Api.object();
    name.ifPresent(text -> body.put("name", text.orElse(null)));
    if (!add.isEmpty()) {
      body.set("addScopes", Api.JSON.valueToTree(add));
    }
    if (!remove.isEmpty()) {
      body.set("removeScopes", Api.JSON.valueToTree(remove));
    }
    Reply reply = world.api.patch(pick.operator(world).token(), pick.path(world), body);
    if (pick.isThere(world)) {
      assertThat(reply.status()).isEqualTo(200);
      pick.identity(world).updated(name, add, remove);
      assertThat(reply.body()).isEqualTo(pick.identity(world).summary());
    } else {
      assertRefused(reply, 404, "not_found");
    }
  }

  static Action.Independent<World> rotate() {
    return () ->
        Combinators.combine(picks(), Arbitraries.of(0, LONGEST_GRACE_SECONDS))
            .as(
                (picked, grace) ->
                    step(
                        "rotate with grace " + grace,
                        picked,
                        (world, pick) -> rotate(world, pick, grace)));
  }

  private static void rotate(World world, Pick pick, int grace) {
    Instant from = Window.now();
    Reply reply = world.api.rotate(pick.operator(world).token(), pick.identity(world).id, grace);
    if (!pick.isThere(world)) {
      assertRefused(reply, 404, "not_found");
      return;
    }
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("identityId", "rawKey", "apiKeyPrefix", "previousKeyValidUntil");
    JsonNode until = reply.body().get("previousKeyValidUntil");
    if (grace == 0) {
      assertThat(until.isNull()).isTrue();
    } else {
      Window.since(from).plus(Duration.ofSeconds(grace)).assertIn(until);
    }
    pick.identity(world).rotated(reply.body().get("rawKey").asText(), grace > 0);
  }

  static Action.Independent<World> revoke() {
    return () -> picks().map(picked -> step("revoke", picked, OperatorSteps::revoke));
  }

  private static void revoke(World world, Pick pick) {
    ExpectedIdentity identity = pick.identity(world);
    Instant from = Window.now();
    Reply reply = world.api.revoke(pick.operator(world).token(), identity.id);
    if (!pick.isOwn(world)) {
      assertRefused(reply, 404, "not_found");
      return;
    }
    assertThat(reply.status()).isEqualTo(200);
    if (identity.receipt().isPresent()) {
      assertThat(reply.body()).isEqualTo(identity.receipt().get());
      return;
    }
    Instant revokedAt = Window.since(from).assertIn(reply.body().get("revokedAt"));
    assertThat(Instant.parse(reply.body().get("recoverableUntil").asText()))
        .isEqualTo(revokedAt.plus(RECOVERY));
    ObjectNode expected = Api.object();
    expected.put("identityId", identity.id);
    expected.set("revokedAt", reply.body().get("revokedAt"));
    expected.put("keyDestroyed", true);
    expected.put("credentialsDestroyed", identity.credentials.size());
    expected.put("complete", true);
    expected.set("recoverableUntil", reply.body().get("recoverableUntil"));
    expected.putNull("accessTokensValidUntil");
    expected.set("signed", reply.body().get("signed"));
    assertThat(reply.body()).isEqualTo(expected);
    identity.revoked(reply.body());
  }
}
