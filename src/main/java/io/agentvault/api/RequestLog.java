package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.evidence.Scribe;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.ChildToken;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.RoundTrips;
import io.agentvault.vault.Label;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One line of JSON for each request, from which CloudWatch also reads metrics (embedded metric
 * format): what was asked, by which agent, how it ended, how long it took, how many calls it made.
 * No key, no token, no body, no header; a label only when the configuration says so.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">
 *     Embedded metric format</a>
 */
public final class RequestLog {
  private static final String STORAGE = "storage";
  private static final String KEY_SERVICE = "key service";
  private static final String UPSTREAM_ENTRY = "upstreamEntry";

  /** A log event has 256 KB; all of them stand in checkpoints. */
  private static final int MOST_FINDINGS = 100;

  private final Consumer<String> lines;
  private final boolean labels;
  private final Optional<String> stage;
  private final AtomicBoolean cold = new AtomicBoolean(true);

  /**
   * @param lines where a line goes
   * @param labels whether labels are logged
   * @param stage the deployment's name, which keeps its metrics from those of others in the account
   */
  public RequestLog(Consumer<String> lines, boolean labels, Optional<String> stage) {
    this.lines = lines;
    this.labels = labels;
    this.stage = stage;
  }

  /** Of a deployment without a name. */
  public RequestLog(Consumer<String> lines, boolean labels) {
    this(lines, labels, Optional.empty());
  }

  Entry begin(String function, String invocationId, Deadline deadline) {
    return new Entry(function, invocationId, deadline, cold.getAndSet(false));
  }

  /** The line of one request while it is being answered. */
  final class Entry {
    private final ObjectNode line = Bodies.object();
    private final Deadline deadline;
    private final Instant begun;
    private String operation = "unknown";
    private String outcome = "ok";

    private Entry(String function, String invocationId, Deadline deadline, boolean cold) {
      this.deadline = deadline;
      this.begun = deadline.clock().instant();
      stage.ifPresent(name -> line.put("stage", name));
      line.put("function", function);
      line.put("requestId", invocationId);
      line.put("coldStart", cold);
    }

    /** The gateway's name of the request: the one that an error's body shows. */
    void gateway(String requestId) {
      line.put("gatewayRequestId", requestId);
    }

    void is(Request request) {
      operation = request.route().action();
      if (request.route().isAgents()) {
        agent(request);
        if (labels && request.route().path().contains("{label}")) {
          request.target().filter(Label::isLabel).ifPresent(label -> line.put("label", label));
        }
      } else if (request.route().plane() == Route.Plane.IDENTITY) {
        // what is no id may be anything, an agent key pasted in the wrong place included
        request.target().flatMap(AgentId::parse).ifPresent(id -> line.put("identity", id.text()));
      }
    }

    /** The identities whose remains were looked for. */
    void reaps(List<AgentId> identities) {
      operation = "reaper.finish";
      ArrayNode ids = line.putArray("identities");
      identities.forEach(id -> ids.add(id.text()));
    }

    /** What a batch of changes came to, and what it says of tampering: keys, never records. */
    void took(int changes, Scribe.Taken taken) {
      operation = "scribe.take";
      line.put("changes", changes);
      line.put("again", taken.again().size());
      line.put("givenUp", taken.givenUp().size());
      line.put("tampering", taken.findings().size());
      ArrayNode findings = line.putArray("findings");
      taken.findings().stream()
          .limit(MOST_FINDINGS)
          .forEach(
              finding ->
                  findings
                      .addObject()
                      .put("agent", finding.agent())
                      .put("what", finding.what().text())
                      .put("key", finding.key()));
      if (!taken.faults().isEmpty()) {
        outcome = String.join(" ", taken.faults());
      } else if (!taken.again().isEmpty()) {
        unfinished();
      }
    }

    /** The ids that it claims: they name an agent and a token only if the outcome says so. */
    private void agent(Request request) {
      try {
        Bearer bearer = PresentedKey.of(request).bearer();
        line.put("agent", bearer.claimedId().text());
        if (bearer instanceof ChildToken token) {
          line.put("token", token.id().text());
        }
      } catch (Unauthorized | BadRequest e) {
        line.putNull("agent");
      }
    }

    /** A vault too large for one invocation: no failure, the next one goes on. */
    void unfinished() {
      outcome = "unfinished";
    }

    void failed(Problem problem) {
      outcome = problem.code();
    }

    /** What a defect was: its class and where, never its message, which may quote a secret. */
    void defect(RuntimeException defect) {
      line.put("defect", defect.getClass().getName());
      StackTraceElement[] stack = defect.getStackTrace();
      ArrayNode frames = line.putArray("at");
      for (int i = 0; i < Math.min(stack.length, 8); i++) {
        frames.add(stack[i].toString());
      }
    }

    void end() {
      Instant now = deadline.clock().instant();
      RoundTrips trips = deadline.roundTrips();
      line.put("operation", operation);
      line.put("outcome", outcome);
      line.put("durationMs", milliseconds(Duration.between(begun, now)));
      line.put("storageCalls", trips.calls(STORAGE));
      line.put("storageMs", milliseconds(trips.duration(STORAGE)));
      line.put("keyServiceCalls", trips.calls(KEY_SERVICE));
      line.put("keyServiceMs", milliseconds(trips.duration(KEY_SERVICE)));
      trips.upstream().ifPresent(to -> use(to, trips));
      if (!trips.faults().isEmpty()) {
        ArrayNode faults = line.putArray("faults");
        trips.faults().forEach(faults::add);
      }
      metrics(now);
      lines.accept(line.toString());
    }

    private void use(RoundTrips.Upstream to, RoundTrips trips) {
      line.put("upstream", to.host());
      line.put("upstreamMs", milliseconds(trips.duration("upstream")));
      to.entry().ifPresent(entry -> line.put(UPSTREAM_ENTRY, entry));
    }

    private void metrics(Instant now) {
      ObjectNode aws = line.putObject("_aws");
      aws.put("Timestamp", now.toEpochMilli());
      ArrayNode directives = aws.putArray("CloudWatchMetrics");
      metric(directives, "operation", "durationMs");
      // by host only where the operator's own list bounds how many there can be: each is paid for
      if (line.has(UPSTREAM_ENTRY)) {
        metric(directives, UPSTREAM_ENTRY, "upstreamMs");
      }
    }

    private void metric(ArrayNode directives, String dimension, String name) {
      ObjectNode directive = directives.addObject();
      directive.put("Namespace", "AgentVault");
      ArrayNode dimensions = directive.putArray("Dimensions").addArray();
      stage.ifPresent(it -> dimensions.add("stage"));
      dimensions.add(dimension).add("outcome");
      ArrayNode metrics = directive.putArray("Metrics");
      metrics.addObject().put("Name", name).put("Unit", "Milliseconds");
    }

    private static double milliseconds(Duration duration) {
      return duration.toNanos() / 1_000 / 1_000.0;
    }
  }
}
