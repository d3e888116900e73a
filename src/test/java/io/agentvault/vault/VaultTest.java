package io.agentvault.vault;

import static io.agentvault.vault.Contents.custom;
import static io.agentvault.vault.Contents.withMetadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Scope;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.Expired;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.PayloadTooLarge;
import io.agentvault.problem.Unauthorized;
import io.agentvault.vault.Precondition.Absent;
import io.agentvault.vault.Precondition.None;
import io.agentvault.vault.Precondition.Present;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VaultTest {
  private static final Label LABEL = Label.parse("my bank");

  private final World world = new World();
  private final Vault vault = world.vault();
  private final AgentKey key = world.agent();
  private final Instant start = world.clock.instant();

  @Test
  void whatIsStoredComesBackToTheDigit() {
    Content content = withMetadata("{'k':'grüße 🔑','n':1.00,'o':{'p':[1,null]}}", "{'site':'x'}");
    Credential stored = store(content);
    Credential found = get();

    assertThat(found).isEqualTo(stored);
    assertThat(found.data().expose().toString()).isEqualTo(content.data().expose().toString());
    assertThat(found.metadata()).isEqualTo(content.metadata());
    assertThat(found.type()).isEqualTo(CredentialType.CUSTOM);
    assertThat(found.label()).isEqualTo(LABEL);
    assertThat(found.hasTotp()).isFalse();
    assertThat(found.credentialId()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  }

  @Test
  void aFirstStoreIsRevisionOneAndNoRotation() {
    Credential stored = store(custom("{}"));

    assertThat(stored.revision()).isEqualTo(1);
    assertThat(stored.createdAt()).isEqualTo(stored.updatedAt()).isEqualTo(start);
    assertThat(stored.rotatedAt()).isEmpty();
    assertThat(stored.expiresAt()).isEmpty();
  }

  @Test
  void storingOverItKeepsIdAndCreationAndCountsTheRevision() {
    Credential first = store(custom("{'k':1}"));
    world.clock.advance(Duration.ofMinutes(1));
    Credential second = store(custom("{'k':2}"));

    assertThat(second.credentialId()).isEqualTo(first.credentialId());
    assertThat(second.createdAt()).isEqualTo(start);
    assertThat(second.updatedAt()).isEqualTo(start.plusSeconds(60));
    assertThat(second.revision()).isEqualTo(2);
    assertThat(get()).isEqualTo(second);
  }

  @Test
  void onlyOtherDataAreARotation() {
    store(withMetadata("{'k':1}", "{'m':1}"));
    world.clock.advance(Duration.ofMinutes(1));
    assertThat(store(withMetadata("{'k':1}", "{'m':2}")).rotatedAt()).isEmpty();

    world.clock.advance(Duration.ofMinutes(1));
    assertThat(store(custom("{'k':2}")).rotatedAt()).contains(start.plusSeconds(120));

    world.clock.advance(Duration.ofMinutes(1));
    Credential last = store(withMetadata("{'k':2}", "{'m':3}"));
    assertThat(last.rotatedAt()).contains(start.plusSeconds(120));
    assertThat(get().rotatedAt()).isEqualTo(last.rotatedAt());
  }

  @Test
  void timesAreCutToMilliseconds() {
    world.clock.advance(Duration.ofNanos(1_999_999));

    assertThat(store(custom("{}")).createdAt()).isEqualTo(start.plusMillis(1));
  }

  @Test
  void aDeletedCredentialIsNotFoundAndItsLabelStartsAnew() {
    Credential first = store(custom("{}"));
    delete(new None());
    assertNotFound(this::get);
    assertNotFound(() -> delete(new None()));

    Credential second = store(custom("{}"));
    assertThat(second.credentialId()).isNotEqualTo(first.credentialId());
    assertThat(second.revision()).isEqualTo(1);
  }

  @Test
  void anotherAgentsCredentialIsNotFoundWhateverIsAsked() {
    store(custom("{'k':'mine'}"));
    var before = world.partition(key.claimedId());
    AgentKey other = world.agent();

    assertNotFound(() -> vault.get(other, LABEL, world.deadline()));
    assertNotFound(() -> vault.delete(other, LABEL, new None(), world.deadline()));
    assertNotFound(
        () ->
            world
                .codes()
                .code(
                    other, LABEL, new OneTimeCodes.Wish(0, false, false, true), world.deadline()));
    assertNotFound(() -> world.codes().useBackupCode(other, LABEL, world.deadline()));
    assertThat(vault.list(other, 10, Optional.empty(), world.deadline()).credentials()).isEmpty();
    vault.store(other, LABEL, custom("{'k':'theirs'}"), new Absent(), world.deadline());
    vault.delete(other, LABEL, new None(), world.deadline());

    assertThat(world.partition(key.claimedId())).isEqualTo(before);
    assertThat(get().data().text("k")).contains("mine");
  }

  @Test
  void preconditionsDecideAStore() {
    assertConflict(() -> store(custom("{}"), new Present()));
    assertConflict(() -> store(custom("{}"), exactly(1)));
    assertThat(store(custom("{'k':1}"), new Absent()).revision()).isEqualTo(1);

    assertConflict(() -> store(custom("{'k':2}"), new Absent()));
    assertConflict(() -> store(custom("{'k':2}"), exactly(2)));
    assertThat(store(custom("{'k':2}"), exactly(1)).revision()).isEqualTo(2);
    assertThat(store(custom("{'k':3}"), new Present()).revision()).isEqualTo(3);
  }

  @Test
  void aTagFromBeforeADeleteDoesNotMatchTheLabelStoredAnew() {
    Precondition old = new Precondition.Exactly(store(custom("{}")).etag());
    delete(new None());
    store(custom("{}"));

    assertConflict(() -> store(custom("{}"), old));
    assertConflict(() -> delete(old));
  }

  @Test
  void anExpiredCredentialCountsAsAbsentForACreateAndIsAnotherOneThen() {
    Credential old = store(custom("{'k':1}"));
    store(Contents.expiring("{'k':2,'totp':'" + Contents.SEED + "'}", start.plusSeconds(60)));
    assertConflict(() -> store(custom("{}"), new Absent()));
    world.clock.advance(Duration.ofSeconds(60));

    Credential created = store(custom("{'k':3}"), new Absent());
    assertThat(created.revision()).isEqualTo(1);
    assertThat(created.credentialId()).isNotEqualTo(old.credentialId());
    assertThat(created.createdAt()).isEqualTo(world.clock.instant());
    assertThat(created.rotatedAt()).isEmpty();
    assertThat(get()).isEqualTo(created);
  }

  @Test
  void preconditionsDecideADelete() {
    store(custom("{}"));
    assertConflict(() -> delete(exactly(2)));
    assertConflict(() -> delete(new Absent()));
    assertThat(get().revision()).isEqualTo(1);

    delete(exactly(1));
    assertNotFound(this::get);
  }

  @Test
  void eachScopeOpensItsOwnCallsAndNoOthers() {
    AgentKey reader = world.agent(world.operator, Set.of(Scope.VAULT_READ));
    AgentKey writer = world.agent(world.operator, Set.of(Scope.VAULT_WRITE));
    AgentKey coder = world.agent(world.operator, Set.of(Scope.VAULT_TOTP));
    AgentKey nobody = world.agent(world.operator, Set.of());

    assertForbidden("vault:write", List.of(reader, coder, nobody), this::storeAs);
    assertForbidden("vault:write", List.of(reader, coder, nobody), this::deleteAs);
    assertForbidden("vault:write", List.of(reader, coder, nobody), this::backupAs);
    assertForbidden("vault:read", List.of(writer, coder, nobody), this::getAs);
    assertForbidden("vault:read", List.of(writer, coder, nobody), this::listAs);
    assertForbidden("vault:totp", List.of(writer, nobody), this::codeAs);
    storeAs(writer);
    listAs(reader);
    assertNotFound(() -> getAs(reader));
    assertNotFound(() -> codeAs(reader));
    assertNotFound(() -> codeAs(coder));
    assertThat(vault.whoami(nobody, world.deadline()).agent().limits().scopes()).isEmpty();
  }

  private interface Call {
    void as(AgentKey caller);
  }

  private static void assertForbidden(String scope, List<AgentKey> callers, Call call) {
    for (AgentKey caller : callers) {
      assertThatThrownBy(() -> call.as(caller))
          .isInstanceOf(Forbidden.class)
          .hasMessage("missing scope: " + scope);
    }
  }

  private void storeAs(AgentKey caller) {
    vault.store(caller, LABEL, custom("{}"), new None(), world.deadline());
  }

  private void deleteAs(AgentKey caller) {
    vault.delete(caller, LABEL, new None(), world.deadline());
  }

  private void getAs(AgentKey caller) {
    vault.get(caller, LABEL, world.deadline());
  }

  private void listAs(AgentKey caller) {
    vault.list(caller, 10, Optional.empty(), world.deadline());
  }

  private void codeAs(AgentKey caller) {
    world
        .codes()
        .code(caller, LABEL, new OneTimeCodes.Wish(0, false, false, true), world.deadline());
  }

  private void backupAs(AgentKey caller) {
    world.codes().useBackupCode(caller, LABEL, world.deadline());
  }

  @Test
  void garbageRotatedAndRevokedKeysAreOneAndTheSameUnauthorized() {
    AgentKey rotated = world.agent();
    AgentKey revoked = world.agent();
    world.identities.rotateKey(
        world.operator, rotated.claimedId(), Duration.ZERO, world.deadline());
    world.revocation.revoke(world.operator, revoked.claimedId(), world.deadline());

    for (AgentKey bad : List.of(rotated, revoked)) {
      for (Call call :
          List.<Call>of(
              this::storeAs,
              this::deleteAs,
              this::getAs,
              this::listAs,
              this::codeAs,
              this::backupAs,
              caller -> vault.whoami(caller, world.deadline()))) {
        assertThatThrownBy(() -> call.as(bad))
            .isInstanceOf(Unauthorized.class)
            .hasMessage(Unauthorized.MESSAGE);
      }
    }
  }

  @Test
  void anExpiryThatIsNotInTheFutureIsRefusedBeforeAnythingIsAsked() {
    for (Instant at : List.of(start, start.minusMillis(1), Instant.EPOCH)) {
      assertThatThrownBy(() -> store(Contents.expiring("{}", at)))
          .isInstanceOf(BadRequest.class)
          .hasMessage("expiresAt must be in the future");
    }
    assertThat(world.table.operations()).isEmpty();
  }

  @Test
  void anExpiredCredentialIsGoneFromTheVeryInstant() {
    Instant at = start.plusSeconds(60);
    store(Contents.expiring("{'totp':'" + Contents.SEED + "','backupCodes':['b']}", at));
    world.clock.advance(Duration.ofSeconds(60).minusMillis(1));
    assertThat(get().expiresAt()).contains(at);

    world.clock.advance(Duration.ofMillis(1));
    assertThatThrownBy(this::get).isInstanceOf(Expired.class);
    assertThatThrownBy(() -> codeAs(key)).isInstanceOf(Expired.class);
    assertThatThrownBy(() -> backupAs(key)).isInstanceOf(Expired.class);
    assertThat(list(10).credentials()).hasSize(1);
    assertThat(store(custom("{}")).revision()).isEqualTo(2);
    assertThat(get().expiresAt()).isEmpty();
  }

  @Test
  void theTableIsToldTheExpiryInSecondsAndToForgetIt() {
    store(Contents.expiring("{}", start.plusMillis(60_500)));
    assertThat(item("ttl").orElseThrow().n())
        .isEqualTo(Long.toString(start.plusSeconds(60).getEpochSecond()));

    store(custom("{}"));
    assertThat(item("ttl")).isEmpty();
  }

  @Test
  void aCredentialOverTheLimitsIsRefusedBeforeAnythingIsAsked() {
    assertThatThrownBy(() -> store(custom("{'k':'" + "x".repeat(65_536) + "'}")))
        .isInstanceOf(PayloadTooLarge.class);
    assertThat(world.table.operations()).isEmpty();
  }

  @Test
  void theTableShowsLabelsSizesAndTimesAndNothingElse() {
    store(
        Content.checked(
            CredentialType.LOGIN,
            Data.of(
                Contents.tree(
                    "{'username':'canary-user','password':'canary-word','backupCodes':['canary'],"
                        + "'totp':'"
                        + Contents.SEED
                        + "'}")),
            Optional.of(Data.of(Contents.tree("{'canary-name':'canary-value'}"))),
            Optional.of(start.plusSeconds(60))));

    assertThat(world.credentials(key.claimedId()).getFirst().keySet())
        .containsExactlyInAnyOrder(
            "pk",
            "sk",
            "id",
            "sealed",
            "sealedMetadata",
            "revision",
            "createdAt",
            "updatedAt",
            "ttl");
    for (var each : world.table.items()) {
      each.values().forEach(VaultTest::assertTellsNothing);
    }
  }

  private static void assertTellsNothing(
      software.amazon.awssdk.services.dynamodb.model.AttributeValue value) {
    String shown =
        value.b() == null
            ? value.toString()
            : new String(value.b().asByteArray(), java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(shown).doesNotContain("canary", Contents.SEED, "LOGIN", "avk_");
  }

  @Test
  void theSamePlaintextStoredTwiceIsSealedDifferently() {
    store(custom("{'k':1}"));
    byte[] first = item("sealed").orElseThrow().b().asByteArray();
    store(custom("{'k':1}"));

    assertThat(item("sealed").orElseThrow().b().asByteArray()).isNotEqualTo(first);
  }

  private Optional<software.amazon.awssdk.services.dynamodb.model.AttributeValue> item(
      String attribute) {
    return Optional.ofNullable(world.credentials(key.claimedId()).getFirst().get(attribute));
  }

  private Vault.Listing list(int limit) {
    return vault.list(key, limit, Optional.empty(), world.deadline());
  }

  private Credential store(Content content) {
    return store(content, new None());
  }

  private Credential store(Content content, Precondition precondition) {
    return vault.store(key, LABEL, content, precondition, world.deadline());
  }

  /** What an {@code If-Match} with that revision of the stored credential asks for. */
  private Precondition exactly(long revision) {
    String id =
        world.credentials(key.claimedId()).stream()
            .map(item -> CredentialItem.read(item).credentialId())
            .findFirst()
            .orElse("00000000-0000-4000-8000-000000000000");
    return new Precondition.Exactly(new Precondition.Etag(id, revision));
  }

  private Credential get() {
    return vault.get(key, LABEL, world.deadline());
  }

  private void delete(Precondition precondition) {
    vault.delete(key, LABEL, precondition, world.deadline());
  }

  private static void assertNotFound(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NotFound.class).hasMessage("no such credential");
  }

  private static void assertConflict(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(Conflict.class);
  }
}
