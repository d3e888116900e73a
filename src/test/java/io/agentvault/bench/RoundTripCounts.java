package io.agentvault.bench;

import io.agentvault.bench.Report.Target;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import java.util.List;
import java.util.Locale;

/** Calls to DynamoDB and KMS per operation, as the wire tap saw them, cold and warm. */
final class RoundTripCounts {
  private static final String SECTION = "trips";

  private final Contestants contestants;
  private final Report report;

  RoundTripCounts(Contestants contestants, Report report) {
    this.contestants = contestants;
    this.report = report;
  }

  void run() {
    try (LocalCloud cloud = contestants.startTapped()) {
      Agent agent = Agent.create(cloud);
      Timing timing = new Timing(cloud);
      timing.warm(Contestants.VAULT, agent.store("one", Agent.secret()));
      timing.warm(Contestants.VAULT, agent.storeTotp("two"));
      count(cloud, agent, "whoami", agent.whoami());
      count(cloud, agent, "get", agent.get("one"));
      count(cloud, agent, "totp", agent.totp("two"));
      count(cloud, agent, "list", agent.list());
      count(cloud, agent, "store", agent.store("one", Agent.secret()));
      count(cloud, agent, "use backup code", agent.useBackupCode("two"));
      // Warm only: it can't be deleted twice.
      CapacityUnits units = new CapacityUnits();
      units.look(cloud.dynamo(), cloud.tableName(), agent.partition());
      List<Call> calls = calls(cloud, agent.delete("one"));
      units.add(calls);
      report.fact(SECTION, "delete", "warm " + trips(calls) + "; " + units.text());
    }
  }

  private void count(LocalCloud cloud, Agent agent, String name, byte[] event) {
    cloud.function(Contestants.VAULT).killAll();
    while (!cloud.function(Contestants.VAULT).instances().isEmpty()) {
      Thread.onSpinWait();
    }
    List<Call> cold = calls(cloud, event);
    CapacityUnits units = new CapacityUnits();
    units.look(cloud.dynamo(), cloud.tableName(), agent.partition());
    List<Call> warm = calls(cloud, event);
    units.look(cloud.dynamo(), cloud.tableName(), agent.partition());
    units.add(warm);
    report.fact(
        SECTION,
        name,
        String.format(Locale.ROOT, "cold %s; warm %s; %s", trips(cold), trips(warm), units.text()));
    if (name.equals("get") || name.equals("totp")) {
      report.judged(
          SECTION,
          name + ", warm, all calls",
          Samples.of(List.of((double) warm.size())),
          "calls",
          Target.atMost(1));
    }
  }

  private static List<Call> calls(LocalCloud cloud, byte[] event) {
    cloud.tap().clear();
    Agent.succeeded(cloud.invoke(Contestants.VAULT, event));
    return cloud.tap().callsOf(Contestants.VAULT);
  }

  private static String trips(List<Call> calls) {
    long dynamoDb = calls.stream().filter(call -> call.service().equals("dynamodb")).count();
    return dynamoDb + " DynamoDB + " + (calls.size() - dynamoDb) + " KMS";
  }
}
