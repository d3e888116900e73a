package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Conflict;
import io.agentvault.vault.Precondition.Absent;
import io.agentvault.vault.Precondition.Etag;
import io.agentvault.vault.Precondition.None;
import io.agentvault.vault.Precondition.Present;
import io.agentvault.vault.Precondition.Revision;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionTest {
  @Test
  void theHeadersAreRead() {
    assertThat(parse(null, null)).isEqualTo(new None());
    assertThat(parse(null, " * ")).isEqualTo(new Absent());
    assertThat(parse(" * ", null)).isEqualTo(new Present());
    assertThat(parse("\"7\"", null)).isEqualTo(new Revision(7));
    assertThat(parse(" W/\"7\" ", null)).isEqualTo(new Revision(7));
    assertThat(parse("\"999999999999999999\"", null)).isEqualTo(new Revision(999999999999999999L));
    assertThat(parse(Etag.of(12), null)).isEqualTo(new Revision(12));
    assertThat(Etag.of(12)).isEqualTo("\"12\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "\"\"",
        "\"-1\"",
        "\"1\",\"2\"",
        "\"1000000000000000000\"",
        "\"x\"",
        "w/\"1\"",
        "\"٧\"",
        "\"1",
        "**"
      })
  void anIfMatchThatIsNoRevisionIsRefused(String text) {
    assertThatThrownBy(() -> parse(text, null))
        .isInstanceOf(BadRequest.class)
        .hasMessage("If-Match must be * or one revision in double quotes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"1\"", "* *"})
  void anIfNoneMatchThatIsNoStarIsRefused(String text) {
    assertThatThrownBy(() -> parse(null, text))
        .isInstanceOf(BadRequest.class)
        .hasMessage("If-None-Match must be *");
  }

  @Test
  void bothAtOnceAreRefused() {
    assertThatThrownBy(() -> parse("*", "*"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("If-Match must not be given together with If-None-Match");
  }

  @Test
  void eachHoldsWhatIsThereToItsAssumption() {
    new None().check(Optional.empty());
    new None().check(Optional.of(3L));
    new Absent().check(Optional.empty());
    new Present().check(Optional.of(3L));
    new Revision(3).check(Optional.of(3L));
    new Revision(1_000).check(Optional.of(1_000L));

    assertConflict(new Absent(), Optional.of(3L), "the credential exists");
    assertConflict(new Present(), Optional.empty(), "the credential does not exist");
    assertConflict(
        new Revision(3), Optional.of(4L), "the credential is not at the expected revision");
    assertConflict(
        new Revision(3), Optional.empty(), "the credential is not at the expected revision");
  }

  private static void assertConflict(
      Precondition precondition, Optional<Long> revision, String message) {
    assertThatThrownBy(() -> precondition.check(revision))
        .isInstanceOf(Conflict.class)
        .hasMessage(message);
  }

  private static Precondition parse(
      @org.jspecify.annotations.Nullable String ifMatch,
      @org.jspecify.annotations.Nullable String ifNoneMatch) {
    return Precondition.parse(Optional.ofNullable(ifMatch), Optional.ofNullable(ifNoneMatch));
  }
}
