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
  /** A weak entity tag, whatever is in it. */
  Pattern WEAK = Pattern.compile("W/\"[\\x21\\x23-\\x7e]*\"");

  /** What a conflict says where another credential or revision was expected. */
  String OTHERWISE = "the credential is not at the expected revision";

  /** Nothing: it may be there or not. */
  record None() implements Precondition {}

  /** {@code If-None-Match: *}: it is not there. */
  record Absent() implements Precondition {}

  /** {@code If-Match: *}: it is there. */
  record Present() implements Precondition {}

  /**
   * {@code If-Match: "<credentialId>.<revision>"}: that very credential is there, at that revision.
   */
  record Exactly(Etag etag) implements Precondition {}

  /**
   * {@code If-Match: W/"…"}: If-Match compares strongly, and a weak tag is never strongly the same
   * (RFC 9110, section 8.8.3.2).
   */
  record Never() implements Precondition {}

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
    if (WEAK.matcher(text.strip()).matches()) {
      return new Never();
    }
    return new Exactly(Etag.parse(text.strip()));
  }

  /**
   * Holds what is there to the assumption.
   *
   * @param found the credential's tag, if there is one
   * @throws Conflict when it is another
   */
  default void check(Optional<Etag> found) {
    switch (this) {
      case None() -> {}
      case Absent() -> require(found.isEmpty(), "the credential exists");
      case Present() -> require(found.isPresent(), "the credential does not exist");
      case Exactly(Etag etag) -> require(found.filter(etag::equals).isPresent(), OTHERWISE);
      case Never() -> require(false, OTHERWISE);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Conflict(otherwise);
    }
  }

  /**
   * The entity tag of a credential. The id is in it because revisions start anew with a label that
   * was deleted and stored again.
   *
   * @param credentialId of the credential
   * @param revision of it
   */
  record Etag(String credentialId, long revision) {
    private static final Pattern PATTERN = Pattern.compile("\"([0-9a-f-]{36})\\.([0-9]{1,18})\"");

    private static Etag parse(String text) {
      Matcher quoted = PATTERN.matcher(text);
      if (!quoted.matches()) {
        throw new BadRequest("If-Match", "must be * or one ETag as an answer gave it");
      }
      return new Etag(quoted.group(1), Long.parseLong(quoted.group(2)));
    }

    /** As it stands in the header {@code ETag}. */
    public String text() {
      return "\"" + credentialId + "." + revision + "\"";
    }
  }
}
