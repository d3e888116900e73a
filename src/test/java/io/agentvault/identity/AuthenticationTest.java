package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.FakeKeyService;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Identity.PreviousKey;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import io.agentvault.vault.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
  private final MutableClock clock = new MutableClock();
  private final Instant now = clock.instant();
  private final Authentication authentication =
      new Authentication(clock, new DataKeys(new FakeKeyService(), clock, Duration.ofMinutes(5)));
  private final AgentId id = AgentId.random(World.seeded(1));
  private final AgentKey current = AgentKey.mint(id, World.seeded(2));
  private final AgentKey previous = AgentKey.mint(id, World.seeded(3));

  @Test
  void theCurrentKeyMakesItsAgentAndNoOther() {
    Identity identity = identity(id, current, Optional.empty());

    assertThat(authenticate(current, Optional.of(identity)).identity()).isSameAs(identity);
  }

  @Test
  void aKeyOfAnIdentityThatIsNotThereIsUnauthorized() {
    assertUnauthorized(current, Optional.empty());
  }

  @Test
  void aWrongSecretForTheRightIdIsUnauthorized() {
    assertUnauthorized(previous, Optional.of(identity(id, current, Optional.empty())));
  }

  @Test
  void theVerifierOfAKeyStoredWithAnotherIdentityDoesNotLetItsHolderIn() {
    AgentId other = AgentId.random(World.seeded(9));

    assertUnauthorized(current, Optional.of(identity(other, current, Optional.empty())));
  }

  @Test
  void aPreviousKeyWorksUntilTheInstantItsGraceEnds() {
    Identity identity = identity(id, current, Optional.of(now.plusSeconds(60)));
    assertThat(authenticate(previous, Optional.of(identity))).isNotNull();
    assertThat(authenticate(current, Optional.of(identity))).isNotNull();

    clock.advance(Duration.ofSeconds(60).minusNanos(1));
    assertThat(authenticate(previous, Optional.of(identity))).isNotNull();

    clock.advance(Duration.ofNanos(1));
    assertUnauthorized(previous, Optional.of(identity));
    assertThat(authenticate(current, Optional.of(identity))).isNotNull();
  }

  @Test
  void aThirdKeyIsUnauthorizedWithinAGrace() {
    Identity identity = identity(id, current, Optional.of(now.plusSeconds(60)));

    assertUnauthorized(AgentKey.mint(id, World.seeded(4)), Optional.of(identity));
  }

  @Test
  void aDepositsTokenAdmitsToTheIdentityThatItNamesAndToNoOther() {
    DepositToken token =
        DepositToken.of(
            id,
            "0".repeat(Crockford.length(DepositToken.ID_BITS)),
            new byte[DepositToken.SECRET_BYTES]);
    Identity identity = identity(id, current, Optional.empty());
    Identity another = identity(AgentId.random(World.seeded(9)), current, Optional.empty());

    Agent admitted = authentication.admit(token, Optional.of(identity));
    assertThat(admitted.identity()).isSameAs(identity);
    assertThat(admitted.actor()).isEqualTo(token.prefix());
    assertThatThrownBy(() -> authentication.admit(token, Optional.of(another)))
        .isInstanceOf(Unauthorized.class);
    assertThatThrownBy(() -> authentication.admit(token, Optional.empty()))
        .isInstanceOf(Unauthorized.class);
  }

  @Test
  void anAgentLacksWhatItsScopesDoNotName() {
    Agent agent = authenticate(current, Optional.of(identity(id, current, Optional.empty())));

    agent.require(Scope.VAULT_TOTP);
    agent.require(Scope.VAULT_READ, Scope.VAULT_TOTP);
    assertThatThrownBy(() -> agent.require(Scope.VAULT_WRITE))
        .isInstanceOf(Forbidden.class)
        .hasMessage("missing scope: vault:write");
    assertThatThrownBy(() -> agent.require(Scope.VAULT_READ, Scope.VAULT_WRITE))
        .hasMessage("missing scope: vault:read");
  }

  private Agent authenticate(Bearer bearer, Optional<Identity> identity) {
    return authentication.authenticate(
        bearer, identity, Deadline.after(Duration.ofSeconds(9), clock));
  }

  private Identity identity(AgentId of, AgentKey key, Optional<Instant> previousNotAfter) {
    return new Identity(
        of,
        "acme",
        Optional.empty(),
        Set.of(Scope.VAULT_TOTP),
        KeyVerifier.of(key),
        previousNotAfter.map(at -> new PreviousKey(KeyVerifier.of(previous), at)),
        new WrappedDataKey(new byte[] {1}),
        List.of(),
        now,
        1);
  }

  private void assertUnauthorized(AgentKey key, Optional<Identity> identity) {
    assertThatThrownBy(() -> authenticate(key, identity))
        .isInstanceOf(Unauthorized.class)
        .hasMessage(Unauthorized.MESSAGE);
  }
}
