package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is known of an OAUTH credential's access, in the table and sealed. */
class StoredAccessTest {
  private static final Instant NOW = Instant.parse("2026-11-27T04:00:00Z");

  private static StoredAccess access(Optional<StoredAccess.Lease> lease, Optional<Instant> until) {
    return new StoredAccess(new Label("mail"), "id-1", 3, Optional.empty(), 0, lease, until);
  }

  @Test
  void aLeaseIsHeldByItsHolderAloneAndUntilItsEnd() {
    StoredAccess leased = access(Optional.of(new StoredAccess.Lease("l-1", NOW)), Optional.empty());
    assertThat(leased.isLeasedTo("l-1")).isTrue();
    assertThat(leased.isLeasedTo("l-2")).isFalse();
    assertThat(leased.isLeased(NOW.minusMillis(1))).isTrue();
    assertThat(leased.isLeased(NOW)).isFalse();
    StoredAccess free = access(Optional.empty(), Optional.empty());
    assertThat(free.isLeasedTo("l-1")).isFalse();
    assertThat(free.isLeased(NOW)).isFalse();
  }

  @Test
  void theEndOfATokenIsOnRecordWhereALaterOneOrTheSameIs() {
    assertThat(access(Optional.empty(), Optional.empty()).covers(NOW)).isFalse();
    StoredAccess known = access(Optional.empty(), Optional.of(NOW));
    assertThat(known.covers(NOW)).isTrue();
    assertThat(known.covers(NOW.minusSeconds(1))).isTrue();
    assertThat(known.covers(NOW.plusMillis(1))).isFalse();
  }

  private static TokenState state(Optional<String> refreshToken) {
    AccessToken token = new AccessToken("t", "Bearer", NOW, Optional.of("read write"));
    return new TokenState(
        "origin",
        "wish",
        Optional.of(token),
        refreshToken,
        Optional.of(new TokenState.Refusal("invalid_grant", 7)));
  }

  @Test
  void aTokenIsValidUntilItsEndAndFreshUntilAMinuteBefore() {
    TokenState state = state(Optional.empty());
    assertThat(state.valid(NOW.minusMillis(1))).isPresent();
    assertThat(state.valid(NOW)).isEmpty();
    assertThat(state.fresh(NOW.minus(Duration.ofSeconds(60)).minusMillis(1))).isPresent();
    assertThat(state.fresh(NOW.minus(Duration.ofSeconds(60)))).isEmpty();
  }

  @Test
  void whoIssuesATokenMayLeaveTheRefreshTokenAsItWas() {
    AccessToken issued = new AccessToken("t-2", "Bearer", NOW, Optional.empty());
    TokenState kept = state(Optional.of("r-1")).with(issued, Optional.empty());
    assertThat(kept.refreshToken()).contains("r-1");
    assertThat(kept.refusal()).isEmpty();
    assertThat(kept.token()).contains(issued);
    assertThat(state(Optional.of("r-1")).with(issued, Optional.of("r-2")).refreshToken())
        .contains("r-2");
  }

  @Test
  void whatIsWrittenIsReadBackWhole() {
    TokenStateCodec codec = new TokenStateCodec(Json.STORED);
    for (Optional<String> refreshToken : List.of(Optional.of("r"), Optional.<String>empty())) {
      TokenState state = state(refreshToken);
      TokenState read = codec.read(codec.write(state, 5), 5);
      assertThat(read).isEqualTo(state);
      assertThat(read.token().orElseThrow().text()).isEqualTo("t");
      assertThat(read.token().orElseThrow().scope()).contains("read write");
    }
  }
}
