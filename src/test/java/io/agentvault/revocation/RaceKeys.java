package io.agentvault.revocation;

import io.agentvault.revocation.Api.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The keys of an identity that is rotated and revoked while others use them. */
final class RaceKeys {
  private final List<String> keys = new ArrayList<>();
  private final Map<String, String> tokens = new HashMap<>();
  private long revokedAnsweredAt = Long.MAX_VALUE;

  RaceKeys(String first) {
    keys.add(first);
  }

  synchronized void add(String key) {
    keys.add(key);
    notifyAll();
  }

  synchronized String newest() {
    return keys.getLast();
  }

  /** The keys, and the tokens that were made of them. */
  synchronized Set<String> all() {
    Set<String> all = new HashSet<>(keys);
    all.addAll(tokens.values());
    return all;
  }

  /** A token of that key, one for all callers; empty when the key has ended. */
  Optional<String> tokenOf(String key, Function<String, Optional<String>> make) {
    synchronized (this) {
      if (tokens.containsKey(key)) {
        return Optional.of(tokens.get(key));
      }
    }
    Optional<String> made = make.apply(key);
    synchronized (this) {
      made.ifPresent(token -> tokens.putIfAbsent(key, token));
    }
    return made;
  }

  /** The revocation has answered. */
  synchronized void revoked() {
    revokedAnsweredAt = System.nanoTime();
    notifyAll();
  }

  /** Whether the call was begun after the revocation had answered. */
  synchronized boolean wereRevokedBefore(Reply reply) {
    return reply.begun() > revokedAnsweredAt;
  }

  /** Until there is a newer key than the one that was refused, or the revocation has answered. */
  synchronized void awaitChange(String refused) throws InterruptedException {
    while (keys.getLast().equals(refused) && revokedAnsweredAt == Long.MAX_VALUE) {
      wait();
    }
  }
}
