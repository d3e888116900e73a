package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Conflict;
import io.agentvault.vault.Precondition.Absent;
import io.agentvault.vault.Precondition.Etag;
import io.agentvault.vault.Precondition.Exactly;
import io.agentvault.vault.Precondition.Never;
import io.agentvault.vault.Precondition.None;
import io.agentvault.vault.Precondition.Present;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionTest {
  private static final String ID = "00000000-0000-4000-8000-000000000000";

  @Test
  void theHeadersAreRead() {
    assertThat(parse(null, null)).isEqualTo(new None());
    assertThat(parse(null, " * ")).isEqualTo(new Absent());
    assertThat(parse(" * ", null)).isEqualTo(new Present());
    assertThat(parse(" \"" + ID + ".7\" ", null)).isEqualTo(exactly(7));
    assertThat(parse(exactly(999_999_999_999_999_999L).etag().text(), null))
        .isEqualTo(exactly(999_999_999_999_999_999L));
    for (String weak : List.of("W/\"\"", " W/\"7\" ", "W/\"" + ID + ".7\"")) {
      assertThat(parse(weak, null)).isEqualTo(new Never());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "\"\"",
        "\"1\"",
        "\"-1\"",
        "\"" + ID + "\"",
        "\"" + ID + ".\"",
        "\"" + ID + ".-1\"",
        "\"" + ID + ".1000000000000000000\"",
        "\"" + ID + ".٧\"",
        "\"" + ID + ".1\",\"" + ID + ".2\"",
        ID + ".1",
        "\"x\"",
        "w/\"1\"",
        "\"٧\"",
        "\"1",
        "**"
      })
  void anIfMatchThatIsNoTagIsRefusedABareRevisionToo(String text) {
    assertThatThrownBy(() -> parse(text, null))
        .isInstanceOf(BadRequest.class)
        .hasMessage("If-Match must be * or one ETag as an answer gave it");
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
    Optional<Etag> found = Optional.of(exactly(3).etag());
    Optional<Etag> other = Optional.of(new Etag(ID.replace('0', '1'), 3));
    new None().check(Optional.empty());
    new None().check(found);
    new Absent().check(Optional.empty());
    new Present().check(found);
    exactly(3).check(found);

    assertConflict(new Absent(), found, "the credential exists");
    assertConflict(new Present(), Optional.empty(), "the credential does not exist");
    for (Precondition precondition : List.of(exactly(4), new Never())) {
      assertConflict(precondition, found, "the credential is not at the expected revision");
    }
    for (Optional<Etag> none : List.of(Optional.<Etag>empty(), other)) {
      assertConflict(exactly(3), none, "the credential is not at the expected revision");
    }
  }

  private static Exactly exactly(long revision) {
    return new Exactly(new Etag(ID, revision));
  }

  private static void assertConflict(
      Precondition precondition, Optional<Etag> found, String message) {
    assertThatThrownBy(() -> precondition.check(found))
        .isInstanceOf(Conflict.class)
        .hasMessage(message);
  }

  private static Precondition parse(
      @org.jspecify.annotations.Nullable String ifMatch,
      @org.jspecify.annotations.Nullable String ifNoneMatch) {
    return Precondition.parse(Optional.ofNullable(ifMatch), Optional.ofNullable(ifNoneMatch));
  }
}
