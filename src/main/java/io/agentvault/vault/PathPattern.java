package io.agentvault.vault;

import io.agentvault.problem.BadRequest;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which paths a use may ask for: segments, in which {@code *} stands for any characters of one, and
 * {@code **} as a whole segment for any number of segments (at the end: at least one, which may be
 * empty). Matched against a path in normal form, in which only what must be is percent-encoded.
 *
 * @param segments those behind the first slash
 */
public record PathPattern(List<String> segments) {
  /** Every path. */
  static final PathPattern ALL = new PathPattern(List.of("**"));

  private static final int LONGEST = 512;
  private static final int MOST_SEGMENTS = 32;
  private static final int MOST_STARS = 8;
  private static final String ACROSS = "**";
  private static final Pattern SEGMENT =
      Pattern.compile("(?:[A-Za-z0-9._~!$&'()+,=:@*-]|%[0-9A-F]{2})*");

  public PathPattern {
    segments = List.copyOf(segments);
  }

  /**
   * The pattern that {@code text} spells.
   *
   * @param field what to call it in an error
   * @throws BadRequest when it spells none
   */
  static PathPattern parse(String field, String text) {
    if (text.startsWith("/") && text.length() <= LONGEST) {
      List<String> segments = Arrays.asList(text.substring(1).split("/", -1));
      boolean known =
          segments.size() <= MOST_SEGMENTS
              && segments.stream().allMatch(PathPattern::isSegment)
              && segments.subList(0, segments.size() - 1).stream().noneMatch(String::isEmpty)
              && text.chars().filter(c -> c == '*').count() <= MOST_STARS;
      if (known) {
        return new PathPattern(segments);
      }
    }
    throw new BadRequest(
        field,
        "must start with / and hold segments of letters, digits and . _ ~ ! $ & ' ( ) + , = : @ -,"
            + " * inside one and ** for any number, without dot segments or empty ones, at most "
            + LONGEST
            + " characters, "
            + MOST_SEGMENTS
            + " segments and "
            + MOST_STARS
            + " asterisks");
  }

  private static boolean isSegment(String segment) {
    return SEGMENT.matcher(segment).matches()
        && !segment.equals(".")
        && !segment.equals("..")
        && (segment.equals(ACROSS) || !segment.contains(ACROSS));
  }

  /**
   * Whether a call may ask for it.
   *
   * @param path in normal form, with its first slash
   */
  public boolean matches(String path) {
    return path.startsWith("/") && covers(Arrays.asList(path.substring(1).split("/", -1)), false);
  }

  /** Whether every path of {@code other} is one of this; no, where that is not plain to see. */
  boolean covers(PathPattern other) {
    return covers(other.segments, true);
  }

  /**
   * Each {@code **} takes as few segments as lets what stands between it and the next one match: as
   * good as any other choice, and no path, however long, takes more than its length times ours.
   */
  private boolean covers(List<String> theirs, boolean patterns) {
    int across = -1; // the last ** passed, and where what it takes ends
    int taken = 0;
    int our = 0;
    int their = 0;
    while (their < theirs.size()) {
      String segment = our < segments.size() ? segments.get(our) : "";
      if (segment.equals(ACROSS)) {
        across = our++;
        taken = their;
        if (our == segments.size()) {
          return true;
        }
      } else if (our < segments.size() && coversSegment(segment, theirs.get(their), patterns)) {
        our++;
        their++;
      } else if (across >= 0) {
        our = across + 1;
        their = ++taken;
      } else {
        return false;
      }
    }
    return our == segments.size();
  }

  private static boolean coversSegment(String ours, String theirs, boolean patterns) {
    if (ours.equals(theirs)) {
      return true;
    }
    if (patterns && theirs.contains("*")) {
      return ours.equals("*") && !theirs.equals(ACROSS);
    }
    return ours.contains("*") && glob(ours, theirs);
  }

  /** {@code *} stands for any characters, none included. */
  private static boolean glob(String pattern, String text) {
    String[] parts = pattern.split("\\*", -1);
    if (!text.startsWith(parts[0])) {
      return false;
    }
    int at = parts[0].length();
    for (int i = 1; i < parts.length - 1; i++) {
      int found = text.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    String last = parts[parts.length - 1];
    return text.length() - last.length() >= at && text.endsWith(last);
  }

  /** As it is written. */
  public String text() {
    return "/" + String.join("/", segments);
  }
}
