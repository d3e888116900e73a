package io.agentvault.vault;

import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Conflict;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller assumes of the credential that it is about to change (RFC 9110, section 13.1).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1">RFC 9110, 13.1</a>
 */
public sealed interface Precondition {
  /** Nothing: it may be there or not. */
  record None() implements Precondition {}

  /** {@code If-None-Match: *}: it is not there. */
  record Absent() implements Precondition {}

  /** {@code If-Match: *}: it is there. */
  record Present() implements Precondition {}

  /**
   * {@code If-Match: "<revision>"}: it is there and has this revision.
   *
   * @param revision as an answer's {@code ETag} or {@code revision} said
   */
  record Revision(long revision) implements Precondition {}

  /**
   * The precondition of two headers, or of the fields of a direct invocation of the same meaning.
   *
   * @throws BadRequest when one is malformed, or both are given
   */
  static Precondition parse(Optional<String> ifMatch, Optional<String> ifNoneMatch) {
    if (ifMatch.isPresent() && ifNoneMatch.isPresent()) {
      throw new BadRequest("If-Match", "must not be given together with If-None-Match");
    }
    if (ifNoneMatch.isPresent()) {
      if (!ifNoneMatch.get().strip().equals("*")) {
        throw new BadRequest("If-None-Match", "must be *");
      }
      return new Absent();
    }
    return ifMatch.map(Precondition::match).orElse(new None());
  }

  private static Precondition match(String text) {
    if (text.strip().equals("*")) {
      return new Present();
    }
    Matcher quoted = Etag.PATTERN.matcher(text.strip());
    if (!quoted.matches()) {
      throw new BadRequest("If-Match", "must be * or one revision in double quotes");
    }
    return new Revision(Long.parseLong(quoted.group(1)));
  }

  /**
   * Holds the stored credential to the assumption.
   *
   * @throws Conflict when it is another
   */
  default void check(Optional<Long> revision) {
    switch (this) {
      case None() -> {}
      case Absent() -> require(revision.isEmpty(), "the credential exists");
      case Present() -> require(revision.isPresent(), "the credential does not exist");
      case Revision(long expected) ->
          require(
              revision.filter(found -> found == expected).isPresent(),
              "the credential is not at the expected revision");
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Conflict(otherwise);
    }
  }

  /** A revision as an entity tag. */
  final class Etag {
    private static final Pattern PATTERN = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"");

    private Etag() {}

    /** The {@code ETag} of a revision. */
    public static String of(long revision) {
      return "\"" + revision + "\"";
    }
  }
}
