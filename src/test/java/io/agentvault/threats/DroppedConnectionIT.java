package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.WireTap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInstance;

/** Connections that the functions keep and AWS ends between two calls. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DroppedConnectionIT {
  private LocalCloud cloud;
  private Gate gate;
  private Bench bench;

  @BeforeAll
  void start() {
    cloud = LocalCloud.options().start();
    gate = new Gate(cloud);
    bench = new Bench(gate);
    assertThat(bench.store(Bench.LOGIN).status()).isEqualTo(200);
  }

  @AfterAll
  void stop() {
    cloud.close();
  }

  @RepeatedTest(5)
  void aReadIsAnsweredOverANewOne() {
    assertThat(bench.vault("GET", "/" + Bench.LABEL).status()).isEqualTo(200);
    WireTap tap = cloud.tap();
    tap.dropConnections();
    tap.clear();

    Reply reply = bench.vault("GET", "/" + Bench.LABEL);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("data").path("username").asText()).isEqualTo("u");
    assertThat(tap.callsOf("vault"))
        .extracting(Call::operation)
        .containsExactly("BatchGetItem", "PutItem");
  }

  @RepeatedTest(5)
  void aWriteHappensOnce() {
    long before = bench.store(Bench.LOGIN).json().path("revision").asLong();
    cloud.tap().dropConnections();

    Reply reply = bench.store(Bench.OTHER_LOGIN);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("revision").asLong()).isEqualTo(before + 1);
  }
}
