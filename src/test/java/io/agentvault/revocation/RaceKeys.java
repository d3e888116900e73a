package io.agentvault.revocation;

import io.agentvault.revocation.Api.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The keys of an identity that is rotated and revoked while others use them. */
final class RaceKeys {
  private final List<String> keys = new ArrayList<>();
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

  synchronized Set<String> all() {
    return Set.copyOf(keys);
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
