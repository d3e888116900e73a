package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
  @Test
  void theSpellingsAreThoseOfTheContractInItsOrder() {
    assertThat(Scope.texts(EnumSet.allOf(Scope.class)))
        .containsExactly("vault:read", "vault:write", "vault:totp", "vault:use");
    assertThat(Scope.texts(Set.of(Scope.VAULT_TOTP, Scope.VAULT_READ)))
        .containsExactly("vault:read", "vault:totp");
    assertThat(Scope.texts(Set.of())).isEmpty();
  }

  @Test
  void scopesAreReadInAnyOrderAndNamingOneTwiceIsNamingIt() {
    assertThat(Scope.parseAll("scopes", List.of("vault:totp", "vault:read", "vault:totp")))
        .containsExactlyInAnyOrder(Scope.VAULT_READ, Scope.VAULT_TOTP);
    assertThat(Scope.parseAll("scopes", List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "vault", "vault:*", "VAULT:READ", " vault:read", "VAULT_READ"})
  void whatIsNoScopeIsRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> Scope.parseAll("addScopes", List.of("vault:read", text)))
        .isInstanceOf(BadRequest.class)
        .hasMessage("addScopes must name only vault:read, vault:write and vault:totp");
  }
}
