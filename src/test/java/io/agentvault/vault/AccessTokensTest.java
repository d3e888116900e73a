package io.agentvault.vault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.DataKeys;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Receipt;
import io.agentvault.identity.table.Faults;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Reauthorize;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.problem.UpstreamTimeout;
import io.agentvault.remote.Attributes;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Precondition.None;
import io.agentvault.vault.TokenEndpoint.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class AccessTokensTest {
  private static final Label LABEL = Label.parse("google");
  private static final String GRANT =
      "'tokenUrl':'https://issuer.example/token','clientId':'c','clientSecret':'s'";
  private static final String DATA = "{" + GRANT + ",'refreshToken':'r0'}";

  /** Read, lease, and then. */
  private static final int AFTER_THE_ANSWER = 3;

  private final World world = new World();
  private final AgentKey key = world.agent();
  private final Server server = new Server();
  private final AccessTokens tokens = world.vaults.accessTokens().apply(server);

  /** What was unwrapped when the credential was there. */
  private final int stored;

  AccessTokensTest() {
    store(DATA);
    stored = world.keys.unwraps();
  }

  /** Rotates refresh tokens, and ends the grant when an old one comes again. */
  private static final class Server implements TokenEndpoint {
    final List<String> asked = new ArrayList<>();
    final Set<String> used = new HashSet<>();
    private Supplier<Optional<Answer>> before = Optional::empty;
    private boolean ended;

    /** What happens while the server thinks; an answer of its own, or none. */
    void meanwhile(Supplier<Optional<Answer>> happens) {
      before = happens;
    }

    @Override
    public Answer ask(TokenGrant grant, Optional<String> refreshToken, Deadline deadline) {
      String presented = refreshToken.orElse("");
      asked.add(presented);
      Supplier<Optional<Answer>> once = before;
      before = Optional::empty;
      if (ended || !presented.isEmpty() && !used.add(presented)) {
        ended = true;
        return new Answer.Refused("invalid_grant");
      }
      Answer issued =
          new Answer.Issued(
              "a" + asked.size(),
              "Bearer",
              Optional.of(3600L),
              Optional.empty(),
              Optional.of("r" + asked.size()));
      return once.get().orElse(issued);
    }
  }

  @Test
  void aTokenIsFetchedOnceAndHandedOutUntilAMinuteBeforeItsEnd() {
    AccessToken first = token();
    assertThat(first.text()).isEqualTo("a1");
    assertThat(first.expiresAt()).isEqualTo(world.clock.instant().plusSeconds(3600));
    world.clock.advance(Duration.ofSeconds(3539));
    assertThat(token()).isEqualTo(first);
    world.clock.advance(Duration.ofSeconds(1));
    assertThat(token().text()).isEqualTo("a2");
    assertThat(server.asked).containsExactly("r0", "r1");
    assertThat(world.records(key.claimedId()))
        .filteredOn(entry -> entry.action().equals("vault.token"))
        .hasSize(3);
  }

  @Test
  void aFreshTokenIsOneReadAndOneRecordAndARenewalOneTransactionMore() {
    world.table.reset();
    var _ = token();
    assertThat(world.table.operations())
        .containsExactly("batchGetItem", "transactWriteItems", "transactWriteItems");
    world.table.reset();
    var _ = token();
    assertThat(world.table.operations()).containsExactly("batchGetItem", "putItem");
  }

  @Test
  void aFreshTokenInAUseIsReadWithItsCredential() {
    store(DATA, "{'reveal':false,'allow':[{'host':'api.example'}]}");
    assertThatThrownBy(this::token).isInstanceOf(Forbidden.class);
    assertThat(ready()).contains("a1");
    world.table.reset();
    assertThat(ready()).contains("a1");
    assertThat(world.table.operations()).containsExactly("batchGetItem");
  }

  @Test
  void whoComesDuringARenewalGetsTheTokenBeforeItWhileThatWorks() {
    String first = token().text();
    world.clock.advance(Duration.ofSeconds(3550));
    List<String> others = new ArrayList<>();
    server.meanwhile(
        () -> {
          others.add(token().text());
          return Optional.empty();
        });
    assertThat(token().text()).isEqualTo("a2");
    assertThat(others).containsExactly(first);
    assertThat(server.asked).hasSize(2);
  }

  @Test
  void whoComesDuringAFirstRenewalWaitsFiveSecondsAndIsTurnedAway() {
    Instant begun = world.clock.instant();
    server.meanwhile(
        () -> {
          assertThatThrownBy(this::token).isInstanceOf(Unavailable.class);
          return Optional.empty();
        });
    assertThat(token().text()).isEqualTo("a1");
    assertThat(Duration.between(begun, world.clock.instant()))
        .isBetween(Renewal.PATIENCE, Renewal.PATIENCE.plusSeconds(1));
    assertThat(server.asked).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {3600, 20})
  void whoWaitsGetsTheTokenThatTheOtherStoredHoweverShortItLives(long seconds)
      throws InterruptedException, ExecutionException {
    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch stored = new CountDownLatch(1);
    world.duringWait.set(
        () -> {
          waits.countDown();
          await(stored);
        });
    List<Future<AccessToken>> others = new ArrayList<>();
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      server.meanwhile(
          () -> {
            others.add(thread.submit(this::token));
            await(waits);
            return Optional.of(lasting(seconds));
          });
      AccessToken first = token();
      stored.countDown();
      assertThat(others.getFirst().get()).isEqualTo(first);
    }
    assertThat(server.asked).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Answer lasting(long seconds) {
    return new Answer.Issued(
        "short", "Bearer", Optional.of(seconds), Optional.empty(), Optional.empty());
  }

  @Test
  void aRefusedGrantIsToldAgainWithoutAskingUntilAnotherIsStored() {
    server.used.add("r0");
    assertThatThrownBy(this::token)
        .isInstanceOf(Reauthorize.class)
        .hasMessageContaining("invalid_grant");
    assertThatThrownBy(this::token).isInstanceOf(Reauthorize.class);
    assertThat(server.asked).hasSize(1);

    server.ended = false;
    store("{" + GRANT + ",'refreshToken':'new'}");
    assertThat(token().text()).isEqualTo("a2");
  }

  @Test
  void aRefusedGrantIsTriedOnceMoreWhenItsCredentialIsStoredAnew() {
    String first = token().text();
    world.clock.advance(Duration.ofHours(2));
    server.meanwhile(() -> Optional.of(new Answer.Refused("invalid_grant"))); // of a wrong secret
    assertThatThrownBy(this::token).isInstanceOf(Reauthorize.class);

    server.used.clear();
    store(DATA.replace("'s'", "'another'"));
    assertThat(token().text()).isNotEqualTo(first);
    assertThat(server.asked).containsExactly("r0", "r1", "r1");
  }

  @Test
  void aLeaseIsLeftThoughSomebodyNotedMeanwhileWhatWasHandedOut() {
    store(DATA, "{'allow':[{'host':'api.example'}]}");
    assertThat(ready()).contains("a1"); // put in, not handed out
    world.clock.advance(Duration.ofSeconds(3550));
    server.meanwhile(
        () -> {
          assertThat(token().text()).isEqualTo("a1");
          throw new UpstreamTimeout("late");
        });
    assertThatThrownBy(this::token).isInstanceOf(UpstreamTimeout.class);
    assertThat(access()).doesNotContainKey("leaseId").containsKey("handedOutUntil");
  }

  @Test
  void withoutACacheOneCallUnwrapsTheKeyOnce() {
    AccessTokens uncached =
        world
            .vaults(new DataKeys(world.keys, world.clock, Duration.ZERO))
            .accessTokens()
            .apply(server);
    for (int call = 1; call <= 2; call++) { // to be renewed, and fresh
      var _ = uncached.token(key, LABEL, world.deadline());
      assertThat(world.keys.unwraps() - stored).isEqualTo(call);
    }
  }

  @Test
  void aServerThatDoesNotAnswerLeavesNoLease() {
    server.meanwhile(
        () -> {
          throw new UpstreamTimeout("late");
        });
    assertThatThrownBy(this::token).isInstanceOf(UpstreamTimeout.class);
    server.used.clear(); // it never saw the token
    assertThat(token().text()).isEqualTo("a2");
  }

  @Test
  void storageThatFailsAfterTheAnswerIsAskedUntilTheTokenIsStored() {
    world.table.reset();
    for (int call = AFTER_THE_ANSWER; call < AFTER_THE_ANSWER + 5; call++) {
      world.table.fail(call, Faults.outage());
    }
    assertThat(token().text()).isEqualTo("a1");
    assertThat(world.table.isPlayedOut()).isTrue();
    world.clock.advance(Duration.ofHours(2));
    assertThat(token().text()).isEqualTo("a2");
    assertThat(server.asked).containsExactly("r0", "r1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aWriteWhoseAnswerIsLostIsFoundWritten(int further) {
    world.table.reset();
    for (int call = AFTER_THE_ANSWER; call < AFTER_THE_ANSWER + further; call++) {
      world.table.fail(call, Faults.timeout());
    }
    world.table.loseAnswer(AFTER_THE_ANSWER + further, Faults.timeout());
    assertThat(token().text()).isEqualTo("a1");
    assertThat(world.table.isPlayedOut()).isTrue();
    assertThat(token().text()).isEqualTo("a1");
    assertThat(server.asked).containsExactly("r0");
    assertThat(revoke().sweep().accessTokensValidUntil()).isPresent();
  }

  @Test
  void aDeathAfterTheAnswerIsOneTryWithTheOldTokenAndThenReauthorize() {
    server.meanwhile(
        () -> {
          throw new OutOfMemoryError("the instance dies here");
        });
    assertThatThrownBy(this::token).isInstanceOf(OutOfMemoryError.class);
    assertThatThrownBy(this::token).isInstanceOf(Unavailable.class); // the lease holds

    world.clock.advance(Duration.ofSeconds(40));
    assertThatThrownBy(this::token).isInstanceOf(Reauthorize.class);
    assertThat(server.asked).containsExactly("r0", "r0");
  }

  @Test
  void aRevocationDuringARenewalLeavesNothingAndHandsOutNothing() {
    List<Receipt> receipts = new ArrayList<>();
    server.meanwhile(
        () -> {
          receipts.add(revoke());
          return Optional.empty();
        });
    assertThatThrownBy(this::token).isInstanceOf(Unauthorized.class);
    assertThat(world.partition(key.claimedId())).isEmpty();
    assertThat(receipts.getFirst().sweep().accessTokensValidUntil()).isEmpty();
  }

  @Test
  void aDeletionDuringARenewalEndsIt() {
    server.meanwhile(
        () -> {
          delete();
          return Optional.empty();
        });
    assertThatThrownBy(this::token).isInstanceOf(NotFound.class);
  }

  @Test
  void theReceiptSaysWhenTheLastTokenEndsEvenOfADeletedCredential() {
    Instant end = token().expiresAt();
    delete();
    assertThat(access())
        .containsOnlyKeys("pk", "sk", "credentialId", "revision", "handedOutUntil", "ttl");
    assertThat(revoke().sweep().accessTokensValidUntil()).contains(end);
    assertThat(world.partition(key.claimedId())).isEmpty();
  }

  @Test
  void aShorterTokenDoesNotHideThatALongerOneIsStillOut() {
    Instant end = token().expiresAt();
    store("{" + GRANT + ",'refreshToken':'r0','scope':'mail'}");
    server.meanwhile(() -> Optional.of(lasting(120)));
    assertThat(token().text()).isEqualTo("short");
    assertThat(revoke().sweep().accessTokensValidUntil()).contains(end);
  }

  @Test
  void whatWasOnlyPutIntoUsesWasNotHandedOut() {
    store(DATA, "{'reveal':false,'allow':[{'host':'api.example'}]}");
    assertThat(ready()).contains("a1");
    assertThat(revoke().sweep().accessTokensValidUntil()).isEmpty();
  }

  @Test
  void aCredentialStoredAnewKnowsNothingOfTheOneBefore() {
    Instant end = token().expiresAt();
    delete();
    server.used.clear();
    store(DATA);
    assertThat(token().text()).isEqualTo("a2");
    assertThat(server.asked).containsExactly("r0", "r0");
    assertThat(revoke().sweep().accessTokensValidUntil()).contains(end);
  }

  @Test
  void aStoreThatLeavesTheGrantLeavesTheRotatedRefreshToken() {
    var _ = token();
    store("{" + GRANT + ",'refreshToken':'r0','note':'x','scope':'mail'}");
    assertThat(token().text()).isEqualTo("a2"); // asked for with another scope
    assertThat(server.asked).containsExactly("r0", "r1");
  }

  @Test
  void aClientMayHaveATokenOfItsOwn() {
    store("{" + GRANT + ",'grant':'client_credentials'}");
    assertThat(token().text()).isEqualTo("a1");
    assertThat(server.asked).containsExactly("");
  }

  @Test
  void noTokenIsHadOfWhatHasNoTokenUrl() {
    store("{'accessToken':'fixed'}");
    assertThatThrownBy(this::token).isInstanceOf(BadRequest.class);
  }

  @Test
  void whatIsSealedCanNotBeReadInTheItem() {
    var _ = token();
    byte[] sealed = Attributes.of(access()).bytes("sealed", "access");
    assertThat(new String(sealed, ISO_8859_1)).doesNotContain("Bearer", "origin", "token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'clientSecret':'s','refreshToken':'r'",
        "'clientId':'c','clientSecret':'s','accessToken':'a'",
        "'clientId':'c','refreshToken':'r'",
        "'clientId':'c','refreshToken':'r','clientAuth':'private_key_jwt'"
      })
  void whatIsMissingForATokenIsSaidWhenOneIsAskedFor(String fields) {
    store("{'tokenUrl':'https://i.example/t'," + fields + "}");
    assertThatThrownBy(this::token).isInstanceOf(BadRequest.class);
    assertThat(server.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"refreshToken", "clientSecret", "clientKey"})
  void whatGetsTokensIsPutIntoNoCall(String field) {
    String use =
        "{'allow':[{'host':'api.example'}],'as':{'type':'bearer','field':'" + field + "'}}";
    assertThatThrownBy(() -> store(DATA, use))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("use.as must");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          'tokenUrl':'https://i.example/t','clientId':'c','refreshToken':'r','clientAuth':'magic'   | clientAuth
          'tokenUrl':'https://i.example/t','clientId':'c','clientSecret':'s','grant':'password'     | grant
          'tokenUrl':'http://i.example/t','clientId':'c','clientSecret':'s','refreshToken':'r'      | tokenUrl
          """)
  void whatATokenIsAskedForWithIsCheckedWhenItIsStored(String data, String field) {
    assertThatThrownBy(() -> Contents.of(CredentialType.OAUTH, "{" + data + "}"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("data." + field + " must");
  }

  private AccessToken token() {
    return tokens.token(key, LABEL, world.deadline());
  }

  private Optional<String> ready() {
    Usable usable = world.vault().usable(key, LABEL, world.deadline());
    return tokens.ready(usable, world.deadline()).field("accessToken");
  }

  private void store(String data) {
    store(data, "{}");
  }

  private void store(String data, String use) {
    Content content = Contents.of(CredentialType.OAUTH, data);
    Content under =
        use.equals("{}")
            ? content
            : content.with(UsePolicyCodec.parse(CredentialType.OAUTH, Contents.tree(use)));
    var _ = world.vault().store(key, LABEL, under, new None(), world.deadline());
  }

  private void delete() {
    world.vault().delete(key, LABEL, new None(), world.deadline());
  }

  private Receipt revoke() {
    return world.revocation.revoke(world.operator, key.claimedId(), world.deadline());
  }

  private Map<String, AttributeValue> access() {
    return world.partition(key.claimedId()).stream()
        .filter(AccessItem::isAccess)
        .findFirst()
        .orElseThrow();
  }
}
