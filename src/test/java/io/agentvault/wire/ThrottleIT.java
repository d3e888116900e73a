package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.LocalCloud;
import io.agentvault.wire.OpenApiDocument.Operation;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documented 429 is the gateway's own answer, by the template's throttle of each route. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThrottleIT {
  /** Over the burst of any route, whatever the buckets refill meanwhile. */
  private static final int CALLERS = 400;

  private final LocalCloud cloud =
      LocalCloud.options()
          .throttled()
          .maxInstances(1)
          .parameter("ReadsPerSecond", "1")
          .parameter("WritesPerSecond", "1")
          .parameter("OperatorCallsPerSecond", "1")
          .parameter("PlatformCallsPerSecond", "1")
          .parameter("UsesPerSecond", "1")
          .parameter("StrangerCallsPerSecond", "1")
          .start();
  private final World world = new World(cloud);

  @AfterAll
  void stop() {
    cloud.close();
  }

  static List<Operation> operations() {
    return OpenApiDocument.load().tabled();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void tooManyCallersAreToldToComeBack(Operation operation) {
    Call call = Call.of(operation.id(), new Caller.Nobody());
    for (String name : List.of("id", "label", "depositId")) {
      if (operation.path().contains("{" + name + "}")) {
        call = call.with(name.equals("id") ? "identityId" : name, "x");
      }
    }
    Call sent = call;
    // a bucket that refills meanwhile lets one through, which is refused for what it lacks
    List<Integer> refusals =
        operation.statuses().stream().filter(status -> status / 100 == 4).toList();
    List<Answer> answers = AtOnce.call(CALLERS, () -> world.send(Way.HTTP, sent));
    assertThat(answers).anySatisfy(answer -> assertThat(answer.status()).isEqualTo(429));
    assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(refusals));
  }
}
