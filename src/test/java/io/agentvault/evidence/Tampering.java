package io.agentvault.evidence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One change behind our back, to records or to checkpoints. */
final class Tampering {
  private Tampering() {}

  /** Does it and says what was done. */
  static String at(Random random, Map<String, String> records, List<Checkpoint> chain) {
    List<String> keys = new ArrayList<>(records.keySet());
    Collections.sort(keys);
    String key = keys.get(random.nextInt(keys.size()));
    int place = random.nextInt(chain.size());
    Checkpoint at = chain.get(place);
    switch (random.nextInt(7)) {
      case 0 -> records.remove(key);
      case 1 -> records.put(key, flipped(random, records.getOrDefault(key, "")));
      case 2 -> { // two records change places
        String other = keys.get((keys.indexOf(key) + 1) % keys.size());
        String record = records.getOrDefault(key, "");
        records.put(key, records.getOrDefault(other, ""));
        records.put(other, record);
      }
      case 3 -> chain.set(place, with(at, shuffled(random, at.keys()), at.head(), at.signed()));
      case 4 -> { // one inserted
        List<String> more = new ArrayList<>(at.keys());
        more.add(random.nextInt(more.size() + 1), "2026-11-01T12:00:00.000Z#forged#1");
        records.put("2026-11-01T12:00:00.000Z#forged#1", "{}");
        chain.set(place, with(at, more, at.head(), at.signed()));
      }
      case 5 -> {
        Head head = at.head();
        Head changed = new Head(head.number(), head.hash(), flipped(random, head.text()));
        chain.set(place, with(at, at.keys(), changed, at.signed()));
      }
      default -> chain.remove(random.nextInt(chain.size() - 1)); // all but the last
    }
    return key + " or checkpoint " + place;
  }

  private static List<String> shuffled(Random random, List<String> keys) {
    List<String> other = new ArrayList<>(keys);
    Collections.swap(other, 0, 1 + random.nextInt(other.size() - 1));
    return other;
  }

  private static String flipped(Random random, String text) {
    int at = random.nextInt(text.length());
    return text.substring(0, at) + (char) (text.charAt(at) ^ 1) + text.substring(at + 1);
  }

  private static Checkpoint with(Checkpoint old, List<String> keys, Head head, String signed) {
    return new Checkpoint(
        old.agent(),
        head,
        old.at(),
        keys,
        old.greatest(),
        old.path(),
        old.root(),
        signed,
        old.kept());
  }
}
