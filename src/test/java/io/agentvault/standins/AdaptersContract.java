package io.agentvault.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.api.Json;
import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.FakeKeyService;
import io.agentvault.crypto.Randomness;
import io.agentvault.evidence.Counts;
import io.agentvault.evidence.Evidence;
import io.agentvault.evidence.Log;
import io.agentvault.evidence.Recorder;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Caller.Operator;
import io.agentvault.identity.DynamoDbIdentityStore;
import io.agentvault.identity.DynamoDbRemains;
import io.agentvault.identity.Identities;
import io.agentvault.identity.IdentityStore.Position;
import io.agentvault.identity.OperatorTokens;
import io.agentvault.identity.Receipt;
import io.agentvault.identity.Recovery;
import io.agentvault.identity.Revocation;
import io.agentvault.identity.Scope;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Content;
import io.agentvault.vault.CredentialType;
import io.agentvault.vault.Data;
import io.agentvault.vault.Label;
import io.agentvault.vault.OneTimeCodes;
import io.agentvault.vault.Precondition;
import io.agentvault.vault.Quota;
import io.agentvault.vault.Vaults;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The vault's own adapters and use cases, in this process, on the table of some server. */
abstract class AdaptersContract {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

  private final Operator operator = OperatorTokens.trusted("t-" + UUID.randomUUID());
  private final FakeKeyService keys = new FakeKeyService();
  private final Backoff backoff = new Backoff(() -> 0.5, Backoff.Pause.real());

  abstract DynamoDbClient client();

  /** The table's name; the same on every server. */
  String table() {
    return Servers.local().tableName();
  }

  @BeforeEach
  void createTable() {
    TableCopy.ensure(Servers.local().dynamo(), client(), table());
    TableCopy.ensure(Servers.local().dynamo(), client(), logTable());
  }

  private static String logTable() {
    return Servers.local().tableName("LogTable");
  }

  private Evidence evidence() {
    Log log = Log.onDynamoDb(client(), backoff, logTable(), Duration.ofDays(90), Json.MAPPER);
    return new Evidence(log, Recorder.durable(log), new Counts(client(), logTable()));
  }

  private static Deadline inTime() {
    return Deadline.after(Duration.ofSeconds(30), CLOCK);
  }

  private DynamoDbIdentityStore store() {
    return new DynamoDbIdentityStore(client(), backoff, table());
  }

  private Identities identities() {
    return new Identities(
        store(), keys, evidence().recorder(), Randomness.secure(), CLOCK, backoff);
  }

  private Revocation revocation() {
    return new Revocation(
        store(),
        new DynamoDbRemains(client(), backoff, table()),
        evidence().recorder(),
        CLOCK,
        Recovery.of(Duration.ofDays(7), ""),
        Optional.empty());
  }

  private Vaults vaults() {
    return Vaults.onDynamoDb(
        client(),
        table(),
        evidence(),
        backoff,
        new DataKeys(keys, CLOCK, Duration.ofMinutes(5)),
        Json.MAPPER,
        Randomness.secure(),
        CLOCK,
        new Quota(100, 1 << 20));
  }

  private Identities.Created created() {
    return identities().create(operator, Optional.of("n"), EnumSet.allOf(Scope.class), inTime());
  }

  private static Content content(String type, String field, String value) {
    ObjectNode data = Json.MAPPER.createObjectNode().put(field, value);
    data.putArray("backupCodes").add("one").add("two");
    return Content.checked(
        CredentialType.parse(type), Data.of(data), Optional.empty(), Optional.empty());
  }

  private static Precondition always() {
    return Precondition.parse(Optional.empty(), Optional.empty());
  }

  @Test
  void aCredentialLivesFromStoreToDelete() {
    AgentKey key = created().key();
    var vault = vaults().vault();
    Label label = Label.parse("a label");
    assertThat(
            vault.store(key, label, content("API_KEY", "key", "1"), always(), inTime()).revision())
        .isEqualTo(1);
    assertThat(
            vault.store(key, label, content("API_KEY", "key", "2"), always(), inTime()).revision())
        .isEqualTo(2);
    assertThat(vault.get(key, label, inTime()).data().expose().path("key").asText()).isEqualTo("2");
    assertThatThrownBy(
            () ->
                vault.store(
                    key,
                    label,
                    content("API_KEY", "key", "3"),
                    Precondition.parse(Optional.empty(), Optional.of("*")),
                    inTime()))
        .isInstanceOf(Conflict.class);
    vault.delete(key, label, always(), inTime());
    assertThatThrownBy(() -> vault.get(key, label, inTime())).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> vault.delete(key, label, always(), inTime()))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void oneTimeCodesAreHandedOutOnce() {
    AgentKey key = created().key();
    Label label = Label.parse("otp");
    String uri = "otpauth://hotp/x?secret=" + SEED + "&counter=1";
    vaults().vault().store(key, label, content("TOTP", "otpauth", uri), always(), inTime());
    var codes = vaults().oneTimeCodes();
    assertThat(
            codes.code(key, label, new OneTimeCodes.Wish(0, false, false, true), inTime()).code())
        .isNotEqualTo(
            codes.code(key, label, new OneTimeCodes.Wish(0, false, false, true), inTime()).code());
    assertThat(codes.useBackupCode(key, label, inTime()).code()).isEqualTo("one");
    assertThat(codes.useBackupCode(key, label, inTime()).remaining()).isZero();
    vaults().vault().store(key, label, content("TOTP", "secret", SEED), always(), inTime());
    codes.code(key, label, new OneTimeCodes.Wish(0, false, true, true), inTime());
  }

  @Test
  void aListingIsWholeAcrossItsPages() {
    AgentKey key = created().key();
    for (int i = 0; i < 7; i++) {
      vaults()
          .vault()
          .store(key, Label.parse("l" + i), content("API_KEY", "key", "k"), always(), inTime());
    }
    List<String> labels = new ArrayList<>();
    Optional<Label> after = Optional.empty();
    do {
      var page = vaults().vault().list(key, 3, after, inTime());
      page.credentials().forEach(each -> labels.add(each.label().text()));
      after = page.next();
    } while (after.isPresent());
    assertThat(labels).containsExactly("l0", "l1", "l2", "l3", "l4", "l5", "l6");
  }

  @Test
  void identitiesAreListedChangedAndRotated() {
    var one = created();
    created();
    created();
    Set<String> ids = new java.util.HashSet<>();
    Optional<Position> after = Optional.empty();
    do {
      var page = identities().list(operator, 2, after, inTime());
      page.identities().forEach(each -> assertThat(ids.add(each.id().text())).isTrue());
      after = page.next();
    } while (after.isPresent());
    assertThat(ids).hasSize(3);
    var change =
        new Identities.Change(
            Optional.of(Optional.empty()), Set.of(), EnumSet.of(Scope.VAULT_WRITE));
    var changed = identities().update(operator, one.identity().id(), change, inTime());
    assertThat(changed.scopes()).doesNotContain(Scope.VAULT_WRITE);
    var rotated =
        identities().rotateKey(operator, one.identity().id(), Duration.ofHours(1), inTime());
    for (AgentKey key : List.of(one.key(), rotated.key())) {
      assertThat(vaults().vault().whoami(key, inTime()).agent().identity().id())
          .isEqualTo(one.identity().id());
    }
    var last = identities().rotateKey(operator, one.identity().id(), Duration.ZERO, inTime());
    for (AgentKey key : List.of(one.key(), rotated.key())) {
      assertThatThrownBy(() -> vaults().vault().whoami(key, inTime()))
          .isInstanceOf(Unauthorized.class);
    }
    vaults().vault().whoami(last.key(), inTime());
  }

  @Test
  void aRevocationDestroysTheVaultAndSaysSoAgain() {
    var one = created();
    for (int i = 0; i < 30; i++) {
      vaults()
          .vault()
          .store(
              one.key(), Label.parse("l" + i), content("API_KEY", "key", "k"), always(), inTime());
    }
    Receipt receipt = revocation().revoke(operator, one.identity().id(), inTime());
    assertThat(receipt.complete()).isTrue();
    assertThat(receipt.credentialsDestroyed()).hasValue(30);
    assertThat(revocation().revoke(operator, one.identity().id(), inTime())).isEqualTo(receipt);
    assertThatThrownBy(() -> vaults().vault().whoami(one.key(), inTime()))
        .isInstanceOf(Unauthorized.class);
    assertThatThrownBy(
            () ->
                vaults()
                    .vault()
                    .store(
                        one.key(),
                        Label.parse("late"),
                        content("API_KEY", "key", "k"),
                        always(),
                        inTime()))
        .isInstanceOf(Unauthorized.class);
    revocation().finish(one.identity().id(), inTime());
  }
}
