package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.api.Json;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Identities;
import io.agentvault.identity.Scope;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.Unauthorized;
import io.agentvault.vault.Deposits.Asked;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where humans sign in, only those whom the operator named hand in. */
class DepositorsTest {
  private final World world = new World();
  private final Redemptions redemptions = world.vaults.redemptions().askingForSignIn();
  private final AgentKey key =
      world
          .identities
          .create(
              world.operator,
              Optional.empty(),
              EnumSet.allOf(Scope.class),
              List.of("alice", "bob"),
              world.deadline())
          .key();
  private final Asked asked = asked("github");

  private Asked asked(String label) {
    ObjectNode use = Json.MAPPER.createObjectNode();
    use.putArray("allow").addObject().put("host", "api.github.com");
    return world
        .vaults
        .deposits()
        .ask(
            key,
            new Deposits.Wish(
                new Label(label),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Data.of(use)),
                false,
                Duration.ofMinutes(30)),
            world.deadline());
  }

  private Visit visit(String subject) {
    return new Visit(
        asked.token(), Optional.of(redemptions.ticket(asked.token(), subject, world.deadline())));
  }

  private Optional<Redemptions.Shown> look(Visit visit) {
    return redemptions.look(visit, world.deadline());
  }

  private void redeem(Visit visit, String code) {
    redemptions.redeem(
        visit,
        code,
        Data.of(Json.MAPPER.createObjectNode().put("key", "sk-canary-1")),
        Optional.empty(),
        world.deadline());
  }

  private void depositors(List<String> subjects) {
    world.identities.update(
        world.operator,
        key.claimedId(),
        new Identities.Change(Optional.empty(), Set.of(), Set.of(), Optional.of(subjects)),
        world.deadline());
  }

  @Test
  void nothingIsShownAndNothingStoredBeforeTheSignIn() {
    assertThat(look(Visit.by(asked.token()))).isEmpty();
    assertThatThrownBy(() -> redeem(Visit.by(asked.token()), asked.code()))
        .isInstanceOf(Forbidden.class);
    assertThat(world.credentials(key.claimedId())).isEmpty();
  }

  @Test
  void aDepositorSeesAndHandsIn() {
    assertThat(look(visit("bob")).orElseThrow().deposit().id()).isEqualTo(asked.deposit().id());
    redeem(visit("alice"), asked.code());
    assertThat(world.credentials(key.claimedId())).hasSize(1);
  }

  @Test
  void aPhishedHumanWhoIsNoDepositorStoresNothingAndCostsNoTry() {
    assertThatThrownBy(() -> look(visit("mallory"))).isInstanceOf(Forbidden.class);
    for (int i = 0; i < 2 * Redemptions.MOST_WRONG_CODES; i++) {
      assertThatThrownBy(() -> redeem(visit("mallory"), "00000000")).isInstanceOf(Forbidden.class);
    }
    assertThat(world.credentials(key.claimedId())).isEmpty();
    redeem(visit("alice"), asked.code());
  }

  @Test
  void aDepositorWhoIsTakenOffTheListIsOneNoMore() {
    Visit alice = visit("alice");
    depositors(List.of("bob"));
    assertThatThrownBy(() -> redeem(alice, asked.code())).isInstanceOf(Forbidden.class);
    depositors(List.of());
    assertThatThrownBy(() -> redeem(visit("bob"), asked.code())).isInstanceOf(Forbidden.class);
  }

  @Test
  void aTicketIsOfItsOwnDepositAndForTenMinutes() {
    Asked other = asked("gitlab");
    String ticket = redemptions.ticket(other.token(), "alice", world.deadline());
    assertThat(look(new Visit(asked.token(), Optional.of(ticket)))).isEmpty();
    Visit alice = visit("alice");
    world.clock.advance(Duration.ofMinutes(10));
    assertThat(look(alice)).isEmpty();
    assertThatThrownBy(() -> redeem(alice, asked.code())).isInstanceOf(Forbidden.class);
  }

  @Test
  void aTicketThatIsChangedInAnyCharacterIsNone() {
    String ticket = visit("alice").ticket().orElseThrow();
    for (int i = 0; i < ticket.length(); i++) {
      char other = ticket.charAt(i) == 'A' ? 'B' : 'A';
      String changed = ticket.substring(0, i) + other + ticket.substring(i + 1);
      assertThat(look(new Visit(asked.token(), Optional.of(changed)))).as(changed).isEmpty();
    }
    for (String cut : List.of("", ".", "..", ticket.substring(1), ticket + "A")) {
      assertThat(look(new Visit(asked.token(), Optional.of(cut)))).isEmpty();
    }
  }

  @Test
  void aWrongCodeOfADepositorCountsAndARevokedAgentHasNoPage() {
    assertThatThrownBy(() -> redeem(visit("alice"), "00000000")).isInstanceOf(BadRequest.class);
    Visit alice = visit("alice");
    world.revocation.revoke(world.operator, key.claimedId(), world.deadline());
    assertThatThrownBy(() -> look(alice)).isInstanceOf(Unauthorized.class);
  }
}
