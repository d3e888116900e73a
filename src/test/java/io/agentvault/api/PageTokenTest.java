package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.identity.AgentId;
import io.agentvault.identity.IdentityStore.Position;
import io.agentvault.problem.BadRequest;
import io.agentvault.vault.Label;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokenTest {
  private static final AgentId ID = new AgentId("0".repeat(26));

  @Test
  void aTokenLeadsBackToItsPlaceAndIsSafeInAQuery() {
    for (String label :
        new String[] {"a", "my bank", "~".repeat(128), "!\"&'()*+,-.:;<=>@[]^`{|}"}) {
      String token = PageToken.of(new Label(label));
      assertThat(PageToken.label(token)).isEqualTo(new Label(label));
      assertThat(token).matches("[A-Za-z0-9_-]+");
    }
    Position position = new Position(ID, Instant.parse("2026-11-01T12:00:00.500Z"));
    assertThat(PageToken.position(PageToken.of(position))).isEqualTo(position);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "l1",
        "l1:",
        "l2:a",
        "l1:a#b",
        "a",
        "l1:a/b",
        "l1: a",
        "l1:\u00e9",
        "i1:",
        "i1:00000000000000000000000000",
        "i1:00000000000000000000000000x",
        "i1:8zzzzzzzzzzzzzzzzzzzzzzzzz2026-11-01T12:00:00Z",
        "i1:00000000000000000000000000 2026-11-01T12:00:00Z",
        "i1:0"
      })
  void aTokenThatIsMadeUpIsRefusedUnlessItIsAPlace(String plain) {
    assertRefused(Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "====", "a b", "l1:a", "\ud800"})
  void aTokenThatIsNoBase64IsRefused(String token) {
    assertRefused(token);
  }

  @Test
  void aTokenOfTheOtherListingOrLongerThanAnyIsRefused() {
    assertThatThrownBy(() -> PageToken.position(PageToken.of(new Label("a"))))
        .isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> PageToken.label(PageToken.of(new Position(ID, Instant.EPOCH))))
        .isInstanceOf(BadRequest.class);
    assertRefused("A".repeat(513));
  }

  private static void assertRefused(String token) {
    assertThatThrownBy(() -> PageToken.label(token))
        .isInstanceOf(BadRequest.class)
        .hasMessage("pageToken must be the nextPageToken of an earlier answer");
    assertThatThrownBy(() -> PageToken.position(token))
        .isInstanceOf(BadRequest.class)
        .hasMessage("pageToken must be the nextPageToken of an earlier answer");
  }
}
