package io.agentvault.broker;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/** Texts to be found, many at once: a look at two bytes says whether one may begin there. */
final class Patterns {
  private static final int SHORTEST = Scrubber.SHORTEST;

  private final List<byte[]> patterns;
  private final BitSet beginnings = new BitSet(1 << 16);

  Patterns(Collection<byte[]> patterns) {
    this.patterns = patterns.stream().filter(each -> each.length >= SHORTEST).toList();
    this.patterns.forEach(each -> beginnings.set(beginning(each, 0)));
  }

  private static int beginning(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << Byte.SIZE | (bytes[at + 1] & 0xff);
  }

  /** Marks where they stand, in the bytes that the view was made from. */
  void mark(View view, BitSet found) {
    byte[] bytes = view.bytes();
    for (int at = 0; at + SHORTEST <= view.length(); at++) {
      if (beginnings.get(beginning(bytes, at))) {
        for (byte[] pattern : patterns) {
          if (standsAt(pattern, view, at)) {
            found.set(view.origin(at), view.origin(at + pattern.length));
          }
        }
      }
    }
  }

  private static boolean standsAt(byte[] pattern, View view, int at) {
    if (at + pattern.length > view.length()) {
      return false;
    }
    for (int i = 0; i < pattern.length; i++) {
      if (view.bytes()[at + i] != pattern[i]) {
        return false;
      }
    }
    return true;
  }
}
