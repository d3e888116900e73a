package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.time.Duration;

/** Agents with wrapped keys, and data keys that are kept and watched. */
abstract class DataKeysScene {
  static final Duration AGE = Duration.ofMinutes(5);

  final MutableClock clock = new MutableClock();
  final Deadline deadline = Deadline.after(Duration.ofHours(1), clock);
  final FakeKeyService service = new FakeKeyService();
  final RecordingUnwrapper unwrapper = new RecordingUnwrapper(service);

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Agent(KeyContext context, byte[] wrapped) {}

  Agent agent(int number) {
    KeyContext context = new KeyContext("acme", "agent-" + number);
    return new Agent(context, service.mint(context, deadline));
  }

  Secret trueKey(Agent agent) {
    return new DataKeys(service, clock, Duration.ZERO)
        .with(agent.context(), agent.wrapped(), deadline, Secret::copy);
  }

  DataKeys keeping(Duration age, int most) {
    return new DataKeys(unwrapper, clock, age, most);
  }

  boolean use(DataKeys keys, Agent agent) {
    return keys.with(agent.context(), agent.wrapped(), deadline, RecordingUnwrapper::isWhole);
  }

  static void assertWiped(Secret key) {
    assertThatIllegalStateException().isThrownBy(key::expose);
  }
}
