package io.agentvault.evidence;

/**
 * Evidence §2: a hash over all of an agent's records so far, in their order.
 *
 * @param hex the hash
 * @param records how many there are
 */
public record RunningHash(String hex, long records) {
  static RunningHash start(String agent) {
    return new RunningHash(Hash.of("agent-vault evidence 1\n" + agent + "\n"), 0); // §2.1
  }

  RunningHash then(String key, String record) {
    return new RunningHash(Hash.of(hex + "\n" + key + "\n" + record + "\n"), records + 1); // §2.2
  }
}
