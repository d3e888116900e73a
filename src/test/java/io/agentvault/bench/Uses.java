package io.agentvault.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.host.Loopback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What a use costs over calling the upstream directly, on a fresh connection each time as the
 * broker's are; the broker's cold start; and whether an upstream that hangs slows the {@code get}s
 * of others.
 */
final class Uses implements AutoCloseable {
  private static final String SECTION = "use";
  private static final String BROKER = "broker";
  private static final int HANGING = 8;

  private final Settings settings;
  private final Contestants contestants;
  private final Report report;
  private final CountDownLatch hanging = new CountDownLatch(HANGING);
  private final CountDownLatch released = new CountDownLatch(1);
  private final Loopback upstream = Loopback.start("bench-upstream", 0, this::handle);

  Uses(Settings settings, Contestants contestants, Report report) {
    this.settings = settings;
    this.contestants = contestants;
    this.report = report;
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (exchange.getRequestURI().getPath().equals("/hang")) {
      hanging.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Loopback.answer(
        exchange, 200, "application/json", "{\"ok\":true}".getBytes(StandardCharsets.US_ASCII));
  }

  private String place() {
    return "127.0.0.1:" + upstream.port();
  }

  void run() throws InterruptedException {
    try (LocalCloud cloud =
        contestants.startFor(BROKER, Map.of("VAULT_LOCAL_UPSTREAMS", place()))) {
      Agent agent = Agent.create(cloud);
      Timing timing = new Timing(cloud);
      timing.warm(Contestants.VAULT, agent.storeForUse("used", place()));
      byte[] use = agent.use("used", "http://" + place() + "/");
      warm(timing, use);
      cold(timing, use);
      beside(cloud, timing, agent);
    }
  }

  private void warm(Timing timing, byte[] use) {
    for (int i = 0; i < settings.times(1_500, 200); i++) {
      timing.warm(BROKER, use);
      direct();
    }
    List<Double> uses = new ArrayList<>();
    List<Double> direct = new ArrayList<>();
    List<Double> added = new ArrayList<>();
    for (int i = 0; i < settings.times(3_000, 300); i++) {
      uses.add(timing.warm(BROKER, use));
      direct.add(direct());
      added.add(uses.getLast() - direct.getLast());
    }
    report.fact(SECTION, "use, p50 p99", quantiles(uses));
    report.fact(SECTION, "the same call directly, p50 p99", quantiles(direct));
    report.fact(SECTION, "added by the use, p50 p99", quantiles(added));
  }

  private void cold(Timing timing, byte[] use) {
    List<Double> times = new ArrayList<>();
    for (int run = 0; run <= settings.times(25, 3); run++) {
      double took = timing.cold(BROKER, use);
      if (run > 0) { // the first one reads the files from disk
        times.add(took);
      }
    }
    report.measured(SECTION, "broker, process start to its first use", Samples.of(times), "ms", 1);
  }

  /** Gets of another agent before, while and after as many uses hang. */
  private void beside(LocalCloud cloud, Timing timing, Agent agent) throws InterruptedException {
    Agent other = Agent.create(cloud);
    timing.warm(Contestants.VAULT, other.store("got", Agent.secret()));
    gets(timing, other);
    report.fact(SECTION, "get by another agent, p50 p99", quantiles(gets(timing, other)));
    byte[] hang = agent.use("used", "http://" + place() + "/hang");
    try (ExecutorService threads = Executors.newFixedThreadPool(HANGING)) {
      for (int i = 0; i < HANGING; i++) {
        var _ = threads.submit(() -> cloud.invoke(BROKER, hang));
      }
      hanging.await();
      report.fact(
          SECTION, "get while " + HANGING + " uses hang, p50 p99", quantiles(gets(timing, other)));
      released.countDown();
    }
    report.fact(SECTION, "get after that, p50 p99", quantiles(gets(timing, other)));
  }

  private List<Double> gets(Timing timing, Agent agent) {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < settings.times(2_000, 300); i++) {
      times.add(timing.warm(Contestants.VAULT, agent.get("got")));
    }
    return times;
  }

  /** The upstream's answer over a connection of its own, in milliseconds. */
  private double direct() {
    long began = System.nanoTime();
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), upstream.port())) {
      socket.setTcpNoDelay(true);
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + place() + "\r\nConnection: close\r\n\r\n")
                  .getBytes(US_ASCII));
      if (socket.getInputStream().readAllBytes().length == 0) {
        throw new IllegalStateException("the upstream did not answer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private static String quantiles(List<Double> milliseconds) {
    Samples samples = Samples.of(milliseconds);
    return String.format(Locale.ROOT, "%.2f %.2f ms", samples.median(), samples.quantile(0.99));
  }

  @Override
  public void close() {
    upstream.close();
  }
}
