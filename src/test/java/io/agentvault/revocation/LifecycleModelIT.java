package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.LocalCloud;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.state.ActionChain;

/**
 * Random sequences of all operations, by several agents and the operators of two tenants, against
 * the packaged functions and against what is expected of them in memory. A sequence that fails is
 * shrunk to the steps that it takes.
 */
class LifecycleModelIT {
  private static final int STEPS = 50;
  private static final int INSTANCES = 2;
  private static final AtomicInteger stepsTaken = new AtomicInteger();

  /** Started by the first test that asks, ended with the JVM. */
  private static final class Cloud {
    private static final LocalCloud CLOUD = LocalCloud.options().maxInstances(INSTANCES).start();
    private static final Api API = new Api(CLOUD);
    private static final Table TABLE = new Table(CLOUD);
  }

  @BeforeContainer
  static void start() {
    WarmUp.vault(Cloud.CLOUD, Cloud.API, INSTANCES);
  }

  @AfterContainer
  static void stop() throws InterruptedException {
    Cloud.CLOUD.stream().awaitDrained(Duration.ofSeconds(60));
    assertThat(Cloud.CLOUD.stream().abandoned()).isEmpty();
    Map<String, Long> calls = CallLedger.close(Cloud.CLOUD.tap());
    System.out.println("model: " + stepsTaken + " steps; calls: " + calls);
    Cloud.CLOUD.close();
  }

  @Property(tries = 60)
  void everyAnswerIsTheExpectedOne(@ForAll("sequences") ActionChain<World> sequence) {
    World world = sequence.run();
    world.assertTable();
    stepsTaken.addAndGet(world.steps());
  }

  @Provide
  Arbitrary<ActionChain<World>> sequences() {
    return ActionChain.startWith(() -> new World(Cloud.API, Cloud.TABLE))
        .withAction(10, AgentSteps.store())
        .withAction(5, AgentSteps.get())
        .withAction(3, AgentSteps.list())
        .withAction(3, AgentSteps.delete())
        .withAction(7, AgentSteps.code())
        .withAction(5, AgentSteps.backupCode())
        .withAction(1, AgentSteps.whoami())
        .withAction(3, OperatorSteps.create())
        .withAction(2, OperatorSteps.get())
        .withAction(2, OperatorSteps.list())
        .withAction(3, OperatorSteps.update())
        .withAction(4, OperatorSteps.rotate())
        .withAction(3, OperatorSteps.revoke())
        .withMaxTransformations(Rounds.inProportion(STEPS));
  }
}
