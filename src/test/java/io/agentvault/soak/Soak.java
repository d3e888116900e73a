package io.agentvault.soak;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.runtime.LambdaFunction;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Runs the load of {@code scripts/soak} and says what it found; exits with 1 on any violation. */
public final class Soak {
  private static final int OPERATORS = 3;
  private static final int AGENTS_EACH = 4;
  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(5);
  private static final int KILL_EVERY_SAMPLES = 12;
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(12);

  private final PrintStream out = System.out;
  private final Violations violations = new Violations();
  private final LocalCloud cloud =
      LocalCloud.options()
          .maxInstances(2)
          .parameter("DataKeyCacheSeconds", "5") // so that KMS is asked now and then
          .console(
              new PrintStream(
                  java.io.OutputStream.nullOutputStream(),
                  true,
                  java.nio.charset.StandardCharsets.UTF_8))
          .start();
  private final Wire wire = new Wire(cloud.url(), violations);
  private final List<SoakAgent> living = new ArrayList<>();
  private final List<SoakAgent> revoked = new ArrayList<>();
  private int kills;

  private Soak() {}

  /**
   * @param arguments how many minutes to run
   */
  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    Duration length = Duration.ofSeconds((long) (60 * Double.parseDouble(arguments[0])));
    System.exit(new Soak().run(length) ? 0 : 1);
  }

  private boolean run(Duration length) throws InterruptedException, ExecutionException {
    out.println(
        "soak: " + length.toSeconds() + " s on " + cloud.url() + ", logs in " + cloud.logs());
    cloud.tap().record(false);
    Weather weather = new Weather(cloud);
    MemoryWatch memory = new MemoryWatch(cloud);
    weather.begin();
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(OPERATORS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < OPERATORS; i++) {
        int seed = i;
        running.add(threads.submit(() -> operate(seed, end)));
      }
      for (int samples = 1; !ended(running); samples++) {
        memory.sample();
        if (samples % KILL_EVERY_SAMPLES == 0) {
          killOne();
        }
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    weather.end();
    finish();
    report(weather, memory);
    cloud.close();
    return violations.count() == 0;
  }

  /**
   * Waits a little; whether all have ended. Where it did not wait for the slowest, instances would
   * be killed in quick succession at the end, one of them under the last check.
   */
  private static boolean ended(List<Future<?>> running)
      throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + SAMPLE_EVERY.toNanos();
    try {
      for (Future<?> each : running) {
        each.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      }
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** Crashes the youngest instance of some function, in the middle of whatever it does. */
  private void killOne() {
    LambdaFunction function = cloud.functions().get(kills++ % cloud.functions().size());
    function.instances().stream()
        .max(java.util.Comparator.comparingInt(instance -> instance.number()))
        .ifPresent(instance -> instance.kill());
  }

  /** One operator with its agents: they live, get new keys, are revoked and replaced. */
  private void operate(int seed, long endNanos) {
    Random random = new Random(seed);
    String tenant = "soak-" + UUID.randomUUID();
    String operator = cloud.operators().mint(tenant, TOKEN_LIFETIME);
    List<SoakAgent> agents = new ArrayList<>();
    while (System.nanoTime() - endNanos < 0) {
      while (agents.size() < AGENTS_EACH) {
        create(operator, random, agents);
      }
      int chosen = random.nextInt(agents.size());
      int what = random.nextInt(200);
      if (what == 0) {
        SoakAgent gone = agents.remove(chosen);
        gone.revoke(operator);
        remember(revoked, gone);
      } else if (what <= 2) {
        agents.get(chosen).rotate(operator);
      } else {
        agents.get(chosen).step();
      }
    }
    agents.forEach(each -> remember(living, each));
    checkListing(operator, agents);
  }

  private static void remember(List<SoakAgent> list, SoakAgent agent) {
    synchronized (list) {
      list.add(agent);
    }
  }

  private void create(String operator, Random random, List<SoakAgent> agents) {
    Wire.Got got = wire.send("create", "POST", "/v0/platform/identities", operator, "{}");
    if (got.status() == 201) {
      String id = got.json().path("identityId").asText();
      agents.add(new SoakAgent(wire, violations, random, id, got.json().path("rawKey").asText()));
    } else if (!got.isUnknown()) {
      violations.add("create answered " + got.status());
    }
  }

  /** Every living identity is listed and no revoked one; one whose creation is unknown may be. */
  private void checkListing(String operator, List<SoakAgent> agents) {
    Wire.Got got =
        wire.untilKnown("list identities", "GET", "/v0/platform/identities", operator, "");
    Set<String> listed = new HashSet<>();
    got.json().path("identities").forEach(each -> listed.add(each.path("identityId").asText()));
    agents.forEach(
        each -> violations.require(listed.contains(each.id()), each.id() + " not listed"));
    synchronized (revoked) {
      revoked.forEach(
          each -> violations.require(!listed.contains(each.id()), each.id() + " listed"));
    }
  }

  /** With nothing going wrong any more: every credential, every revoked identity, every row. */
  private void finish() throws InterruptedException {
    cloud.stream().awaitDrained(Duration.ofMinutes(2));
    living.forEach(SoakAgent::checkAll);
    revoked.forEach(each -> each.requireDead(each.key(), "the revoked key, at the end"));
    for (SoakAgent each : revoked) {
      int left =
          cloud
              .dynamo()
              .query(
                  query ->
                      query
                          .tableName(cloud.tableName())
                          .consistentRead(true)
                          .keyConditionExpression("pk = :pk")
                          .expressionAttributeValues(
                              Map.of(":pk", AttributeValue.fromS("AGENT#" + each.id()))))
              .count();
      violations.require(left == 0, each.id() + ": " + left + " items left after its revocation");
    }
    violations.require(cloud.stream().abandoned().isEmpty(), "the stream gave records up");
  }

  private void report(Weather weather, MemoryWatch memory) {
    List<String> sizes = memory.report(violations);
    out.println("answers by status:");
    violations
        .table()
        .forEach((operation, counts) -> out.println("  " + operation + ": " + counts));
    out.printf(
        "%d answers checked, %d calls struck by a fault, %d conflicts, %d instances killed,"
            + " %d identities living, %d revoked%n",
        violations.answers(),
        weather.struck(),
        cloud.tap().conflicted(),
        kills,
        living.size(),
        revoked.size());
    out.println("memory: " + sizes.stream().collect(Collectors.joining("; ")));
    violations.found().forEach(each -> out.println("VIOLATION " + each));
    out.println(
        "soak: " + (violations.count() == 0 ? "passed" : violations.count() + " violations"));
  }
}
