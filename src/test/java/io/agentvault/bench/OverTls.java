package io.agentvault.bench;

import io.agentvault.bench.Report.Target;
import io.agentvault.bench.Timing.Start;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.AwsClient;

/**
 * Starts as they are on AWS: DynamoDB and KMS behind TLS, and a way to them that takes its time. A
 * function may open its connections before it asks for its first event, so the time from that event
 * on is a figure of its own.
 */
final class OverTls {
  private static final String SECTION = "tls";
  private static final double MOST_OVER_PEER = 1.15;

  private final Settings settings;
  private final Contestants contestants;
  private final Report report;

  OverTls(Settings settings, Contestants contestants, Report report) {
    this.settings = settings;
    this.contestants = contestants;
    this.report = report;
  }

  void run() throws IOException, InterruptedException {
    TlsKeys keys = TlsKeys.make(Contestants.HOME.resolve("tls"));
    try (TlsDoor tables = TlsDoor.open(keys, settings.delay());
        TlsDoor kms = TlsDoor.open(keys, settings.delay());
        LocalCloud cloud = contestants.startWith(environment(keys, tables, kms))) {
      tables.leadTo(endpoint(cloud.dynamo()));
      kms.leadTo(endpoint(cloud.kms()));
      measure(cloud);
    }
  }

  static URI endpoint(AwsClient client) {
    return client.serviceClientConfiguration().endpointOverride().orElseThrow();
  }

  /** What leads a function to the doors, and has it trust them. */
  static Map<String, String> environment(TlsKeys keys, TlsDoor tables, TlsDoor kms) {
    String trust = "-Djavax.net.ssl.trustStore=" + keys.trustStore();
    Map<String, String> environment = new LinkedHashMap<>(keys.goEnvironment());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", tables.url());
    environment.put("AWS_ENDPOINT_URL_KMS", kms.url());
    environment.put(Contestants.ARGUMENTS, trust); // of a native executable
    environment.put("JDK_JAVA_OPTIONS", trust); // of the JVM package
    return environment;
  }

  private void measure(LocalCloud cloud) {
    Agent agent = Agent.create(cloud);
    Timing timing = new Timing(cloud);
    timing.warm(Contestants.VAULT, agent.store("cold", Agent.secret()));
    Map<String, byte[]> events = new LinkedHashMap<>();
    events.put(Contestants.VAULT, agent.get("cold"));
    if (settings.peer().isPresent()) {
      SameAnswers.require(cloud, agent, "cold");
      events.put(Contestants.PEER, agent.get("cold"));
      events.put(Contestants.READY_PEER, agent.get("cold"));
    } else {
      report.fact(SECTION, "beside a Go function", "skipped: there is no go here");
    }
    for (int i = 0; i < 100; i++) { // the doors run on a JVM, which is slow at first
      events.forEach(timing::warm);
    }
    Starts starts = Starts.take(timing, events, settings.times(25, 9));
    starts.report(report, SECTION, settings.delay().toMillis() + " ms away");
    for (String peer : List.of(Contestants.PEER, Contestants.READY_PEER)) {
      if (events.containsKey(peer)) {
        compare(starts, peer);
      }
    }
  }

  private void compare(Starts starts, String peer) {
    report.judged(
        SECTION,
        "vault / " + peer,
        starts.ratios(Contestants.VAULT, peer, Start::milliseconds),
        "x",
        Target.atMost(MOST_OVER_PEER));
    report.measured(
        SECTION,
        "vault / " + peer + ": from its first event",
        starts.ratios(Contestants.VAULT, peer, Start::afterInit),
        "x",
        2);
    report.measured(
        SECTION,
        "vault / " + peer + ": CPU time",
        starts.ratios(Contestants.VAULT, peer, Start::cpu),
        "x",
        2);
  }
}
