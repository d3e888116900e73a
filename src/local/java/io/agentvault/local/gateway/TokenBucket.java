package io.agentvault.local.gateway;

import io.agentvault.local.template.Template;
import java.util.function.LongSupplier;

/** Admits a burst at once and a rate in the long run, as API Gateway's throttle does. */
final class TokenBucket {
  private final Template.Throttle throttle;
  private final LongSupplier nanoTime;
  private double tokens;
  private long lastNanos;

  TokenBucket(Template.Throttle throttle, LongSupplier nanoTime) {
    this.throttle = throttle;
    this.nanoTime = nanoTime;
    this.tokens = throttle.isClosed() ? 0 : throttle.burst();
    this.lastNanos = nanoTime.getAsLong();
  }

  /** Whether one more request may pass now. */
  synchronized boolean admits() {
    if (throttle.equals(Template.Throttle.NONE)) {
      return true;
    }
    long now = nanoTime.getAsLong();
    double refill = (now - lastNanos) / 1e9 * throttle.ratePerSecond();
    tokens = Math.min(throttle.burst(), tokens + refill);
    lastNanos = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
