package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.api.Json;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.ChildTokens;
import io.agentvault.identity.DepositToken;
import io.agentvault.identity.Scope;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Attributes;
import io.agentvault.vault.Deposits.Asked;
import io.agentvault.vault.Deposits.Wish;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A human hands in what an agent may use and nobody reads back. */
class DepositsTest {
  private static final Label GITHUB = new Label("github");
  private static final String HOSTS = "{\"allow\":[{\"host\":\"api.github.com\"}]}";

  private final World world = new World();
  private final Deposits deposits = world.vaults.deposits();
  private final Redemptions redemptions = world.vaults.redemptions();
  private final AgentKey key = world.agent();

  private static Data data(String json) {
    try {
      return Data.of((ObjectNode) Json.MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Wish wish(Optional<CredentialType> type, String use, boolean replace) {
    return new Wish(
        GITHUB,
        type,
        Optional.of("To open pull requests."),
        use.isEmpty() ? Optional.empty() : Optional.of(data(use)),
        replace,
        Duration.ofMinutes(15));
  }

  private static Wish wish() {
    return wish(Optional.empty(), HOSTS, false);
  }

  private Asked asked() {
    return deposits.ask(key, wish(), world.deadline());
  }

  private void handIn(Asked asked, String code) {
    handIn(asked, code, "{\"key\":\"sk-canary-1\"}");
  }

  private void handIn(Asked asked, String code, String data) {
    redemptions.redeem(
        Visit.by(asked.token()), code, data(data), Optional.empty(), world.deadline());
  }

  private Map<String, AttributeValue> item(Asked asked) {
    return world.table.items().stream()
        .filter(each -> Attributes.of(each).text("sk", "item").endsWith("#" + asked.deposit().id()))
        .findFirst()
        .orElseThrow();
  }

  private Credential stored() {
    return (Credential)
        world
            .vaults
            .vault()
            .list(key, 10, Optional.empty(), world.deadline())
            .credentials()
            .getFirst();
  }

  @Test
  void whatIsHandedInIsStoredAndTheLinkSaysSoUntilItsTimeIsUp() {
    Asked asked = asked();
    handIn(asked, asked.code());
    assertThat(stored().label()).isEqualTo(GITHUB);
    assertThatThrownBy(() -> redemptions.look(Visit.by(asked.token()), world.deadline()))
        .isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> handIn(asked, asked.code())).isInstanceOf(Conflict.class);
    world.clock.advance(Duration.ofMinutes(16));
    assertThatThrownBy(() -> redemptions.look(Visit.by(asked.token()), world.deadline()))
        .isInstanceOf(Unauthorized.class);
  }

  @Test
  void whatAnAgentAsksForCanNeverBeRead() {
    Asked asked =
        deposits.ask(
            key,
            wish(Optional.empty(), HOSTS.replaceFirst("}$", ",\"reveal\":true}"), false),
            world.deadline());
    assertThat(asked.deposit().terms().use().reveal()).isFalse();
    handIn(asked, asked.code());
    assertThatThrownBy(() -> world.vaults.vault().get(key, GITHUB, world.deadline()))
        .isInstanceOf(Forbidden.class);
  }

  @Test
  void whatHasExpiredIsAskedForAnewByWhoMayOnlyUseAndKeepsItsHosts() {
    Content expiring =
        Contents.expiring("{'key':'sk-canary-0'}", world.clock.instant().plusSeconds(60))
            .with(
                UsePolicyCodec.parse(
                    CredentialType.CUSTOM,
                    Contents.tree(
                        "{'allow':[{'host':'api.github.com'}],'as':{'type':'bearer','field':'key'}}")));
    world.vault().store(key, GITHUB, expiring, new Precondition.None(), world.deadline());
    world.clock.advance(Duration.ofMinutes(2));
    var helper =
        world
            .vault()
            .createToken(
                key,
                new ChildTokens.Wish(
                    Optional.empty(), Optional.of(Set.of(Scope.VAULT_USE)), Optional.empty()),
                world.deadline())
            .token();
    Asked asked = deposits.ask(helper, wish(Optional.empty(), "", false), world.deadline());
    assertThat(asked.deposit().terms().use().allow())
        .isEqualTo(expiring.use().orElseThrow().allow());
    handIn(asked, asked.code());
    assertThat(stored().revision()).isEqualTo(2);
  }

  @Test
  void anAgentNamesTheHostsExceptForOneTimeCodes() {
    assertThatThrownBy(() -> deposits.ask(key, wish(Optional.empty(), "", false), world.deadline()))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("use.allow");
    Asked totp =
        deposits.ask(key, wish(Optional.of(CredentialType.TOTP), "", false), world.deadline());
    handIn(totp, totp.code(), "{\"secret\":\"JBSWY3DPEHPK3PXP\"}");
    assertThat(
            world
                .vaults
                .oneTimeCodes()
                .code(key, GITHUB, new OneTimeCodes.Wish(0, false, false, true), world.deadline())
                .code())
        .hasSize(6);
  }

  @Test
  void askingAgainShowsTheSameLinkAndCodeOnAnyInstance() {
    Asked first = asked();
    Asked again = asked();
    assertThat(again.token().text()).isEqualTo(first.token().text());
    assertThat(again.code()).isEqualTo(first.code()).matches("[0-9A-HJKMNP-TV-Z]{8}");
    Asked other =
        deposits.ask(
            key, wish(Optional.empty(), HOSTS.replace("api", "uploads"), false), world.deadline());
    assertThat(other.deposit().id()).isNotEqualTo(first.deposit().id());
    assertThat(other.code()).isNotEqualTo(first.code());
  }

  @Test
  void fiveWrongCodesEndIt() {
    Asked asked = asked();
    for (int left = 4; left > 0; left--) {
      assertThatThrownBy(() -> handIn(asked, "00000000"))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining(left == 1 ? "1 try is" : left + " tries are");
    }
    assertThatThrownBy(() -> handIn(asked, "00000000")).isInstanceOf(Unauthorized.class);
    assertThatThrownBy(() -> handIn(asked, asked.code())).isInstanceOf(Unauthorized.class);
    assertThat(asked().deposit().id()).isNotEqualTo(asked.deposit().id());
  }

  @Test
  void aCodeIsReadAsPeopleTypeIt() {
    Asked asked = asked();
    String typed =
        asked.code().substring(0, 4).toLowerCase(java.util.Locale.ROOT).replace('0', 'o')
            + " - "
            + asked.code().substring(4).replace('1', 'l');
    handIn(asked, typed);
    assertThat(stored().label()).isEqualTo(GITHUB);
  }

  @Test
  void unknownExpiredWithdrawnAndRevokedLinksAreOneAnswer() {
    Asked withdrawn = asked();
    deposits.withdraw(key, withdrawn.deposit().id(), world.deadline());
    Asked expired = asked();
    world.clock.advance(Duration.ofMinutes(15));
    Asked revoked = asked();
    DepositToken unknown = DepositToken.of(key.claimedId(), revoked.deposit().id(), new byte[32]);
    assertThatThrownBy(() -> redemptions.look(Visit.by(unknown), world.deadline()))
        .isInstanceOf(Unauthorized.class);
    world.revocation.revoke(world.operator, key.claimedId(), world.deadline());
    for (Asked asked : java.util.List.of(withdrawn, expired, revoked)) {
      assertThatThrownBy(() -> redemptions.look(Visit.by(asked.token()), world.deadline()))
          .isInstanceOf(Unauthorized.class);
      assertThatThrownBy(() -> handIn(asked, asked.code())).isInstanceOf(Unauthorized.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"use", "label", "type", "reason", "expiresAt", "code", "tokenHash"})
  void whatATableWriterChangesOfAnAgentsDepositDoesNotOpen(String attribute) {
    Asked asked = asked();
    var item = new HashMap<>(item(asked));
    AttributeValue other =
        switch (attribute) {
          case "use" ->
              AttributeValue.fromS(
                  Attributes.of(item).text("use", "deposit").replace("api.github", "evil"));
          case "label" -> AttributeValue.fromS("gitlab");
          case "type" -> AttributeValue.fromS("OAUTH");
          case "reason" -> AttributeValue.fromS("Just because.");
          case "expiresAt" -> AttributeValue.fromS("2999-01-01T00:00:00Z");
          default ->
              AttributeValue.fromB(
                  software.amazon.awssdk.core.SdkBytes.fromByteArray(new byte[32]));
        };
    item.put(attribute, other);
    world.table.plant(item);
    assertThatThrownBy(() -> redemptions.look(Visit.by(asked.token()), world.deadline()))
        .isInstanceOf(Unauthorized.class);
  }

  @Test
  void nothingOfTokenOrCodeStandsInTheTable() {
    Asked asked = asked();
    String token = new String(asked.token().text().expose(), StandardCharsets.US_ASCII);
    assertThat(item(asked).toString())
        .doesNotContain(token.substring(token.lastIndexOf('_') + 1))
        .doesNotContain(asked.code());
  }

  @Test
  void replacingIsBoundToTheRevisionThatWasSeen() {
    Asked first = asked();
    handIn(first, first.code());
    assertThatThrownBy(() -> asked()).isInstanceOf(Conflict.class);
    Asked second = deposits.ask(key, wish(Optional.empty(), "", true), world.deadline());
    assertThat(second.deposit().terms().use().allow()).hasSize(1);
    Asked late = deposits.ask(key, wish(Optional.empty(), HOSTS, true), world.deadline());
    assertThat(
            redemptions
                .look(Visit.by(second.token()), world.deadline())
                .orElseThrow()
                .previousUse())
        .isPresent();
    handIn(second, second.code());
    assertThat(stored().revision()).isEqualTo(2);
    assertThatThrownBy(() -> handIn(late, late.code())).isInstanceOf(Conflict.class);
    assertThat(stored().revision()).isEqualTo(2);
  }

  @Test
  void whoHandsInKeepsNothingOfWhatWasThere() {
    Asked first = asked();
    handIn(first, first.code());
    Asked second = deposits.ask(key, wish(Optional.empty(), "", true), world.deadline());

    assertThatThrownBy(() -> handIn(second, second.code(), "{\"key\":\"[write-only]\"}"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("data.key must be given");
    assertThat(stored().revision()).isEqualTo(1);
  }

  @Test
  void aLabelThatWasTakenMeanwhileIsLeftAlone() {
    Asked asked = asked();
    Asked other =
        deposits.ask(
            key, wish(Optional.empty(), HOSTS.replace("api", "uploads"), false), world.deadline());
    handIn(other, other.code());
    assertThatThrownBy(() -> handIn(asked, asked.code())).isInstanceOf(Conflict.class);
    assertThat(stored().revision()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void askingNeedsAScopeAndReplacingNeedsWrite(Scope scope) {
    Asked asked = asked();
    handIn(asked, asked.code());
    AgentKey weak = world.agent(world.operator, Set.of(scope));
    boolean may = scope == Scope.VAULT_USE || scope == Scope.VAULT_WRITE;
    if (may) {
      assertThat(deposits.ask(weak, wish(), world.deadline()).code()).hasSize(8);
    } else {
      assertThatThrownBy(() -> deposits.ask(weak, wish(), world.deadline()))
          .isInstanceOf(Forbidden.class);
    }
    assertThatThrownBy(
            () -> deposits.ask(weak, wish(Optional.empty(), HOSTS, true), world.deadline()))
        .isInstanceOf(scope == Scope.VAULT_WRITE ? NotFound.class : Forbidden.class);
  }

  @Test
  void anotherAgentSeesAndEndsNoneOfThem() {
    Asked asked = asked();
    AgentKey other = world.agent();
    assertThat(deposits.list(other, world.deadline())).isEmpty();
    assertThatThrownBy(() -> deposits.withdraw(other, asked.deposit().id(), world.deadline()))
        .isInstanceOf(NotFound.class);
    assertThat(deposits.list(key, world.deadline())).hasSize(1);
    assertThat(deposits.vouch(key, "x", world.deadline()))
        .isEqualTo(deposits.vouch(key, "x", world.deadline()))
        .isNotEqualTo(deposits.vouch(other, "x", world.deadline()));
  }

  @Test
  void nobodyIsAskedForMoreThanTwentySecrets() {
    for (int i = 0; i < Deposits.MOST_PENDING; i++) {
      deposits.ask(
          key, wish(Optional.empty(), HOSTS.replace("api", "h" + i), false), world.deadline());
    }
    assertThatThrownBy(this::asked).isInstanceOf(Conflict.class);
  }

  @Test
  void anOperatorMayAskForWhatCanBeReadInItsTenantAlone() {
    OperatorDeposits operators = world.operatorDeposits;
    Wish readable = wish(Optional.empty(), "", false);
    Asked asked = operators.ask(world.operator, key.claimedId(), readable, world.deadline());
    handIn(asked, asked.code());
    assertThat(world.vaults.vault().get(key, GITHUB, world.deadline()).data().text("key"))
        .contains("sk-canary-1");
    assertThatThrownBy(
            () ->
                operators.ask(
                    io.agentvault.identity.OperatorTokens.trusted("other"),
                    key.claimedId(),
                    readable,
                    world.deadline()))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(
            () -> operators.ask(world.operator, key.claimedId(), readable, world.deadline()))
        .isInstanceOf(Conflict.class);
  }

  @Test
  void whatAnOperatorAsksForOpensNothingThatWasClosed() {
    Asked agents = asked();
    handIn(agents, agents.code());
    String wider = "{\"reveal\":true,\"allow\":[{\"host\":\"gitlab.com\"}]}";
    for (String use : java.util.List.of("", wider)) {
      Asked asked =
          world.operatorDeposits.ask(
              world.operator, key.claimedId(), wish(Optional.empty(), use, true), world.deadline());
      handIn(asked, asked.code());
      assertThatThrownBy(() -> world.vaults.vault().get(key, GITHUB, world.deadline()))
          .isInstanceOf(Forbidden.class);
      assertThat(stored().use().orElseThrow().allow().getFirst().host().text())
          .isEqualTo(use.isEmpty() ? "api.github.com" : "gitlab.com");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAnOperatorAsksForOverWhatCanBeReadIsReadableIfItSaysSo(boolean reveal) {
    world
        .vault()
        .store(
            key,
            GITHUB,
            Contents.custom("{'key':'old'}"),
            new Precondition.None(),
            world.deadline());
    String use = "{\"reveal\":" + reveal + ",\"allow\":[{\"host\":\"gitlab.com\"}]}";
    Asked asked =
        world.operatorDeposits.ask(
            world.operator, key.claimedId(), wish(Optional.empty(), use, true), world.deadline());
    handIn(asked, asked.code());
    assertThat(stored().use().orElseThrow().reveal()).isEqualTo(reveal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "\u0085"})
  void aReasonThatSaysNothingOrHidesSomethingIsRefused(String reason) {
    assertThatThrownBy(() -> terms(reason))
        .isInstanceOf(BadRequest.class)
        .hasMessage("reason must be 1 to 500 characters, none of them a control character");
  }

  @Test
  void aReasonMayTakeFiveHundredCharactersAndNoMore() {
    String longest = "🔑".repeat(500);
    assertThat(terms(longest).reason()).contains(longest);
    assertThatThrownBy(() -> terms(longest + "a")).isInstanceOf(BadRequest.class);
  }

  private static DepositTerms terms(String reason) {
    return new DepositTerms(
        GITHUB, CredentialType.API_KEY, Optional.of(reason), UsePolicy.NONE, Optional.empty());
  }

  @Test
  void whatHasExpiredIsListedNoMoreAndTakesNoPlace() {
    for (int i = 0; i < Deposits.MOST_PENDING; i++) {
      deposits.ask(
          key, wish(Optional.empty(), HOSTS.replace("api", "h" + i), false), world.deadline());
    }
    world.clock.advance(Duration.ofMinutes(15));
    assertThat(deposits.list(key, world.deadline())).isEmpty();
    Asked fresh = asked();
    assertThat(deposits.list(key, world.deadline())).containsExactly(fresh.deposit());
  }

  @Test
  void handingInTakesTwoRoundTrips() {
    Asked asked = asked();
    var deadline = world.deadline();
    redemptions.redeem(
        Visit.by(asked.token()),
        asked.code(),
        data("{\"key\":\"sk-canary-1\"}"),
        Optional.empty(),
        deadline);
    assertThat(deadline.roundTrips().calls("storage")).isEqualTo(2);
  }
}
