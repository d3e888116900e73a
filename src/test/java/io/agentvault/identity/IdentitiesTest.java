package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.identity.Caller.Operator;
import io.agentvault.identity.Identities.Change;
import io.agentvault.identity.Identities.Created;
import io.agentvault.identity.Identities.Rotated;
import io.agentvault.identity.IdentityItem.Summary;
import io.agentvault.identity.IdentityStore.Position;
import io.agentvault.identity.table.Faults;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.Internal;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.vault.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

class IdentitiesTest {
  private static final Change NOTHING = new Change(Optional.empty(), Set.of(), Set.of());

  private final World world = new World();
  private final Identities identities = world.identities;
  private final Operator stranger = OperatorTokens.trusted("globex");

  @Test
  void aNewIdentityIsStoredWithTheVerifierOfTheKeyThatWasShown() {
    Created created =
        identities.create(
            world.operator, Optional.of("bot"), Set.of(Scope.VAULT_READ), world.deadline());
    Identity found = identities.get(world.operator, created.identity().id(), world.deadline());

    assertThat(found.name()).contains("bot");
    assertThat(found.tenant()).isEqualTo("acme");
    assertThat(found.scopes()).containsExactly(Scope.VAULT_READ);
    assertThat(found.createdAt()).isEqualTo(world.clock.instant());
    assertThat(found.revision()).isEqualTo(1);
    assertThat(found.previous()).isEmpty();
    assertThat(found.wrappedDataKey().bytes())
        .isNotEmpty()
        .isEqualTo(created.identity().wrappedDataKey().bytes());
    assertThat(opens(created.key())).isTrue();
    assertThat(created.key().claimedId()).isEqualTo(found.id());
  }

  @Test
  void aNewIdentityCostsOneWriteAndOneDataKeyBoundToItsTenantAndItself() {
    var deadline = world.deadline();
    Created created = identities.create(world.operator, Optional.empty(), Set.of(), deadline);

    assertThat(world.table.operations()).containsExactly("transactWriteItems");
    assertThat(world.keys.mints()).isEqualTo(1);
    assertThat(world.keys.unwraps()).isZero();
    assertThat(deadline.roundTrips().calls("storage")).isEqualTo(1);
    assertThat(created.identity().keyContext().tenant()).isEqualTo("acme");
    assertThat(created.identity().keyContext().identity())
        .isEqualTo(created.identity().id().text());
  }

  @Test
  void everyIdentityHasItsOwnIdKeyAndDataKey() {
    Created one = create("one");
    Created other = create("other");

    assertThat(one.identity().id()).isNotEqualTo(other.identity().id());
    assertThat(one.key().text()).isNotEqualTo(other.key().text());
    assertThat(one.identity().wrappedDataKey().bytes())
        .isNotEqualTo(other.identity().wrappedDataKey().bytes());
  }

  @Test
  void whenNoDataKeyCanBeHadNothingIsStored() {
    world.keys.down(true);

    assertThatThrownBy(() -> create("bot")).isInstanceOf(Unavailable.class);
    assertThat(world.table.items()).isEmpty();
  }

  @Test
  void anIdentityWhoseAnswerWasLostIsMadeOnce() {
    world.table.loseAnswer(1, Faults.inProgress());
    Created created = create("bot");

    assertThat(world.table.items()).as("the identity and its usage").hasSize(2);
    assertThat(opens(created.key())).isTrue();
  }

  @Test
  void aRepetitionDoesNotBringBackWhatWasRevoked() {
    Created created = create("bot");
    revoke(created);
    var before = world.table.items();

    assertThatThrownBy(
            () ->
                world.store.create(
                    created.identity(), world.record(created.identity().id()), world.deadline()))
        .isInstanceOf(Conflict.class);
    assertThat(world.table.items()).isEqualTo(before);
    assertThat(opens(created.key())).isFalse();
  }

  @Test
  void anIdThatIsTakenByAnotherIdentityIsAConflictAndNotOverwritten() {
    Created created = create("bot");
    var before = world.table.items();
    Identity forged =
        withKey(created.identity(), AgentKey.mint(created.identity().id(), World.seeded(8)));

    assertThatThrownBy(
            () -> world.store.create(forged, world.record(forged.id()), world.deadline()))
        .isInstanceOf(Conflict.class);
    assertThat(world.table.items()).isEqualTo(before);
  }

  private static Identity withKey(Identity identity, AgentKey key) {
    return new Identity(
        identity.id(),
        identity.tenant(),
        identity.name(),
        identity.scopes(),
        KeyVerifier.of(key),
        identity.previous(),
        identity.wrappedDataKey(),
        identity.depositors(),
        identity.createdAt(),
        identity.revision());
  }

  @Test
  void aFaultOfTheStoreIsNeverReadAsAnAbsence() {
    Created created = create("bot");
    for (RuntimeException fault : List.of(Faults.timeout(), Faults.outage())) {
      world.table.fail(1, fault);
      assertThatThrownBy(() -> get(created)).isInstanceOf(Unavailable.class);
    }
    world.table.fail(1, Faults.refusal());
    assertThatThrownBy(() -> get(created))
        .isInstanceOf(Internal.class)
        .hasMessageNotContaining("canary");
  }

  @Test
  void anotherTenantsIdentityIsNotFoundWhateverIsAsked() {
    Created created = create("bot");
    AgentId id = created.identity().id();
    var before = world.table.items();

    assertNotFound(() -> identities.get(stranger, id, world.deadline()));
    assertNotFound(() -> identities.update(stranger, id, NOTHING, world.deadline()));
    assertNotFound(() -> identities.rotateKey(stranger, id, Duration.ZERO, world.deadline()));
    assertNotFound(() -> world.revocation.revoke(stranger, id, world.deadline()));
    assertThat(world.table.items()).isEqualTo(before);
    assertThat(opens(created.key())).isTrue();
  }

  @Test
  void anIdentityThatNeverWasIsTheSameNotFound() {
    AgentId id = AgentId.random(World.seeded(99));

    assertNotFound(() -> identities.get(world.operator, id, world.deadline()));
    assertNotFound(() -> identities.update(world.operator, id, NOTHING, world.deadline()));
    assertNotFound(() -> identities.rotateKey(world.operator, id, Duration.ZERO, world.deadline()));
    assertNotFound(() -> world.revocation.revoke(world.operator, id, world.deadline()));
    assertThat(world.table.items()).isEmpty();
  }

  @Test
  void aListingShowsEveryIdentityOfTheTenantOnceOldestFirst() {
    List<AgentId> created = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      created.add(create("bot-" + i).identity().id());
      identities.create(stranger, Optional.empty(), Set.of(), world.deadline());
      world.clock.advance(Duration.ofSeconds(1));
    }
    for (int limit = 1; limit <= 8; limit++) {
      assertThat(listed(limit)).isEqualTo(created);
    }
  }

  @Test
  void identitiesOfTheSameSecondAreListedOldestFirst() {
    List<AgentId> created = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      created.add(create("bot-" + i).identity().id());
      world.clock.advance(Duration.ofMillis(250));
    }
    assertThat(listed(10)).isEqualTo(created);
  }

  @Test
  void aPageOfAListingIsOneReadOfAtMostTheLimit() {
    for (int i = 0; i < 3; i++) {
      create("bot");
      world.clock.advance(Duration.ofSeconds(1));
    }
    world.table.reset();
    IdentityStore.Page page =
        identities.list(world.operator, 2, Optional.empty(), world.deadline());

    assertThat(world.table.operations()).containsExactly("query");
    assertThat(page.identities()).hasSize(2);
    assertThat(page.next()).map(Position::id).contains(page.identities().getLast().id());
    assertThat(page.identities().getFirst().name()).contains("bot");
    assertThat(page.identities().getFirst().scopes()).isEqualTo(EnumSet.allOf(Scope.class));
  }

  @Test
  void aPositionOfAnotherTenantIsAPlaceInOnesOwnListing() {
    create("bot");
    world.clock.advance(Duration.ofSeconds(1));
    Identity foreign =
        identities.create(stranger, Optional.empty(), Set.of(), world.deadline()).identity();
    world.clock.advance(Duration.ofSeconds(1));
    AgentId later = create("later").identity().id();
    Position position = new Position(foreign.id(), foreign.createdAt());

    assertThat(
            identities
                .list(world.operator, 10, Optional.of(position), world.deadline())
                .identities())
        .extracting(Summary::id)
        .containsExactly(later);
  }

  @Test
  void anEmptyTenantsListingIsEmptyAndEnds() {
    IdentityStore.Page page =
        identities.list(world.operator, 2, Optional.empty(), world.deadline());

    assertThat(page.identities()).isEmpty();
    assertThat(page.next()).isEmpty();
  }

  @Test
  void anUpdateGrantsTakesAwayAndRenames() {
    Created created = create("bot");
    Identity changed =
        update(
            created,
            new Change(
                Optional.of(Optional.of("renamed")),
                Set.of(Scope.VAULT_READ, Scope.VAULT_TOTP),
                Set.of(Scope.VAULT_WRITE, Scope.VAULT_READ)));
    Identity found = get(created);

    assertThat(changed.scopes()).containsExactlyInAnyOrder(Scope.VAULT_TOTP, Scope.VAULT_USE);
    assertThat(found.scopes()).isEqualTo(changed.scopes());
    assertThat(found.name()).isEqualTo(changed.name()).contains("renamed");
    assertThat(found.revision()).isEqualTo(2);
    assertThat(opens(created.key())).isTrue();
  }

  @Test
  void anUpdateLeavesWhatItDoesNotMentionAndCanRemoveTheName() {
    Created created = create("bot");
    assertThat(update(created, NOTHING).name()).contains("bot");
    assertThat(get(created).scopes()).isEqualTo(EnumSet.allOf(Scope.class));

    update(created, new Change(Optional.of(Optional.empty()), Set.of(), Set.of()));
    assertThat(get(created).name()).isEmpty();

    update(created, new Change(Optional.empty(), Set.of(), EnumSet.allOf(Scope.class)));
    assertThat(get(created).scopes()).isEmpty();

    update(created, new Change(Optional.empty(), Set.of(Scope.VAULT_READ), Set.of()));
    assertThat(get(created).scopes()).containsExactly(Scope.VAULT_READ);
  }

  @Test
  void twoUpdatesAtOnceAreBothKept() {
    Created created = create("bot");
    world.table.before(
        2, () -> update(created, new Change(Optional.empty(), Set.of(), Set.of(Scope.VAULT_TOTP))));
    update(created, new Change(Optional.of(Optional.of("renamed")), Set.of(), Set.of()));

    assertThat(get(created).name()).contains("renamed");
    assertThat(get(created).scopes()).doesNotContain(Scope.VAULT_TOTP).hasSize(3);
    assertThat(get(created).revision()).isEqualTo(3);
    assertThat(world.waits).containsExactly(Duration.ofMillis(10));
  }

  @Test
  void anUpdateThatOthersKeepOvertakingIsAConflictInTheEnd() {
    Created created = create("bot");
    for (int call = 2; call < 400; call += 2) {
      world.table.before(call, () -> update(created, NOTHING));
    }

    assertThatThrownBy(
            () -> update(created, new Change(Optional.of(Optional.of("x")), Set.of(), Set.of())))
        .isInstanceOf(Conflict.class)
        .hasMessage("the identity is being changed by another operator");
    assertThat(get(created).name()).contains("bot");
  }

  @Test
  void anUpdateOvertakenByARevocationIsNotFoundAndBringsNothingBack() {
    Created created = create("bot");
    world.table.before(2, () -> revoke(created));

    assertNotFound(() -> update(created, NOTHING));
    assertThat(world.partition(created.identity().id())).isEmpty();
  }

  @Test
  void aRotatedKeyEndsAtOnce() {
    Created created = create("bot");
    Rotated rotated = rotate(created, Duration.ZERO);

    assertThat(rotated.previousUntil()).isEmpty();
    assertThat(opens(rotated.key())).isTrue();
    assertThat(opens(created.key())).isFalse();
    assertThat(get(created).revision()).isEqualTo(2);
  }

  @Test
  void aRotatedKeyEndsWhenItsGraceDoes() {
    Created created = create("bot");
    Rotated rotated = rotate(created, Duration.ofSeconds(60));

    assertThat(rotated.previousUntil()).contains(world.clock.instant().plusSeconds(60));
    assertThat(opens(created.key())).isTrue();
    world.clock.advance(Duration.ofSeconds(60).minusMillis(1));
    assertThat(opens(created.key())).isTrue();
    world.clock.advance(Duration.ofMillis(1));
    assertThat(opens(created.key())).isFalse();
    assertThat(opens(rotated.key())).isTrue();
  }

  @Test
  void twoRotationsLeaveExactlyOneOldKey() {
    Created created = create("bot");
    Rotated first = rotate(created, Duration.ofSeconds(60));
    Rotated second = rotate(created, Duration.ofSeconds(60));

    assertThat(opens(created.key())).isFalse();
    assertThat(opens(first.key())).isTrue();
    assertThat(opens(second.key())).isTrue();

    Rotated third = rotate(created, Duration.ZERO);
    assertThat(opens(first.key())).isFalse();
    assertThat(opens(second.key())).isFalse();
    assertThat(opens(third.key())).isTrue();
    assertThat(get(created).previous()).isEmpty();
  }

  @Test
  void aRotationRepeatedAfterALostAnswerKeepsTheOldKeyInItsGrace() {
    Created created = create("bot");
    AgentId id = created.identity().id();
    AgentKey next = AgentKey.mint(id, World.seeded(5));
    Optional<Instant> until = Optional.of(world.clock.instant().plusSeconds(60));
    world.table.loseAnswer(1, TransactionInProgressException.builder().statusCode(400).build());
    assertThat(
            world.store.rotate(
                id, "acme", KeyVerifier.of(next), until, world.record(id), world.deadline()))
        .isTrue();
    assertThat(world.table.isPlayedOut()).isTrue();

    assertThat(opens(created.key())).isTrue();
    assertThat(opens(next)).isTrue();
    assertThat(get(created).revision()).isEqualTo(2);
  }

  @Test
  void aRotationIsOneWriteAndTouchesNoDataKey() {
    Created created = create("bot");
    world.table.reset();
    rotate(created, Duration.ZERO);

    assertThat(world.table.operations()).containsExactly("transactWriteItems");
    assertThat(get(created).wrappedDataKey().bytes())
        .isEqualTo(created.identity().wrappedDataKey().bytes());
  }

  @Test
  void aWriteThatATransactionWasInTheWayOfIsTriedAgain() {
    world.table.fail(1, Faults.conflict());
    Created created = create("bot");
    world.table.reset();
    world.table.fail(1, Faults.conflict());
    Rotated rotated = rotate(created, Duration.ZERO);
    world.table.reset();
    world.table.fail(2, Faults.conflict());
    update(created, new Change(Optional.of(Optional.of("renamed")), Set.of(), Set.of()));

    assertThat(get(created).name()).contains("renamed");
    assertThat(get(created).revision()).isEqualTo(3);
    assertThat(opens(rotated.key())).isTrue();
    assertThat(world.waits).hasSize(3).containsOnly(Duration.ofMillis(10));
  }

  @Test
  void neitherConflictsNorThrottlesTurnARotationAwayBeforeItsDeadline() {
    Created created = create("bot");
    world.table.reset();
    for (int call = 1; call <= 90; call++) {
      world.table.fail(call, call % 2 == 0 ? Faults.conflict() : Faults.throttle());
    }
    Rotated rotated = rotate(created, Duration.ZERO);

    assertThat(opens(rotated.key())).isTrue();
    assertThat(opens(created.key())).isFalse();
  }

  @Test
  void aWriteThatTransactionsStayInTheWayOfIsUnavailable() {
    Created created = create("bot");
    world.table.reset();
    for (int call = 1; call < 400; call++) {
      world.table.fail(call, Faults.conflict());
    }
    assertThatThrownBy(() -> rotate(created, Duration.ZERO)).isInstanceOf(Unavailable.class);
    world.table.reset();

    assertThat(opens(created.key())).isTrue();
  }

  @Test
  void anItemThatNobodyOfUsWroteIsInternalAndNotAnAbsence() {
    Created created = create("bot");
    for (String attribute : List.of("tenant", "keyHash", "wrappedDataKey", "createdAt")) {
      var damaged = new java.util.HashMap<>(world.table.items().getFirst());
      damaged.remove(attribute);
      var whole = world.table.items().getFirst();
      world.table.plant(damaged);
      assertThatThrownBy(() -> get(created))
          .isInstanceOf(Internal.class)
          .hasMessage("a stored identity is malformed");
      world.table.plant(whole);
    }
  }

  @Test
  void aWrappedDataKeyNeverPrintsAndCannotBeChanged() {
    WrappedDataKey wrapped = new WrappedDataKey(new byte[] {1, 2, 3});
    wrapped.bytes()[0] = 9;

    assertThat(wrapped).hasToString("WrappedDataKey[3 bytes]");
    assertThat(wrapped.bytes()).containsExactly(1, 2, 3);
  }

  private Created create(String name) {
    return identities.create(
        world.operator, Optional.of(name), EnumSet.allOf(Scope.class), world.deadline());
  }

  private Identity get(Created created) {
    return identities.get(world.operator, created.identity().id(), world.deadline());
  }

  private Identity update(Created created, Change change) {
    return identities.update(world.operator, created.identity().id(), change, world.deadline());
  }

  private Rotated rotate(Created created, Duration grace) {
    return identities.rotateKey(world.operator, created.identity().id(), grace, world.deadline());
  }

  private void revoke(Created created) {
    world.revocation.revoke(world.operator, created.identity().id(), world.deadline());
  }

  private boolean opens(AgentKey key) {
    try {
      world.vault().whoami(key, world.deadline());
      return true;
    } catch (Unauthorized e) {
      return false;
    }
  }

  private List<AgentId> listed(int limit) {
    List<AgentId> ids = new ArrayList<>();
    Optional<Position> after = Optional.empty();
    do {
      IdentityStore.Page page = identities.list(world.operator, limit, after, world.deadline());
      assertThat(page.identities()).hasSizeLessThanOrEqualTo(limit);
      page.identities().forEach(each -> ids.add(each.id()));
      after = page.next();
    } while (after.isPresent());
    return ids;
  }

  private static void assertNotFound(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NotFound.class).hasMessage("no such identity");
  }
}
