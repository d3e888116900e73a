package io.agentvault.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A crash at every remote call of a renewal. What it leaves, and what the next callers get, stands
 * in {@code renewal/crashes.md}; this holds the package to it.
 */
class RenewalCrashIT {
  private static final Path TABLE = Path.of("src/test/resources/renewal/crashes.md");
  private static final String HEAD = "| before | call |";

  private static final TokenServer server = TokenServer.start();
  private static final LocalCloud cloud =
      LocalCloud.options()
          .environment("broker", "VAULT_LOCAL_UPSTREAMS", server.address())
          .maxInstances(3)
          .start();

  @AfterAll
  static void stop() {
    cloud.close();
    server.close();
  }

  /**
   * A row of the table, its cells from left to right.
   *
   * @param before what is stored: nothing, or a token that works for less than a minute
   * @param call at which the instance dies
   * @param dies before the call is heard, or after it was acted on
   * @param after what is stored then
   * @param next what the next caller gets while the lease of the dead holds
   * @param later what one gets after that
   */
  private record Row(
      String before, String call, String dies, String after, String next, String later) {
    static Row parse(String line) {
      String[] cells = line.split("\\|", -1);
      return new Row(
          cells[1].strip(),
          cells[2].strip(),
          cells[3].strip(),
          cells[4].strip(),
          cells[5].strip(),
          cells[6].strip());
    }
  }

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(TABLE).stream()
        .dropWhile(line -> !line.startsWith(HEAD))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(Row::parse)
        .toList();
  }

  @Test
  void whereverARenewalDiesTheTableSaysWhatComesOfIt() throws IOException {
    List<Row> expected = rows();
    assertThat(expected).hasSizeGreaterThan(12);
    assertThat(expected.stream().map(row -> new Experiment(row).run()).toList())
        .isEqualTo(expected);
  }

  /** One row, on an identity of its own. */
  private static final class Experiment {
    private final Row row;
    private final Client agent = Client.newAgent(cloud);
    private final String id =
        agent.bearer().substring("avk_".length(), agent.bearer().lastIndexOf('_'));
    private String oldToken = "";

    Experiment(Row row) {
      this.row = row;
    }

    Row run() {
      store();
      if (row.before().equals("a token under a minute")) {
        server.lasting(Optional.of(50));
        oldToken = token().body().path("accessToken").asText();
        server.lasting(Optional.of(3600));
      }
      kill();
      Client.Response died = token();
      assertThat(died.status()).as(row.toString()).isEqualTo(500);
      assertThat(died.body().has("requestId")).as("an answer of ours").isFalse();
      cloud.tap().clearFaults();
      String after = state();
      String next = what(token());
      expireLease();
      Client.Response last = token();
      String later = what(last);
      if (last.status() == 409) {
        assertThat(what(token())).as("told again").isEqualTo(later);
        store();
        later += ", then by a deposit " + what(token());
      }
      return new Row(row.before(), row.call(), row.dies(), after, next, later);
    }

    private void store() {
      ObjectNode credential = server.credential(server.consent());
      assertThat(agent.put("mail", credential).status()).isEqualTo(200);
    }

    private Client.Response token() {
      return agent.get("/v0/vault/mail/token");
    }

    private void kill() {
      boolean before = row.dies().equals("before");
      if (row.call().equals("token endpoint")) {
        Runnable kill = () -> cloud.killCaller(lastCall());
        if (before) {
          server.beforeNext(kill);
        } else {
          server.afterNext(kill);
        }
        return;
      }
      String operation = row.call().split(" ", 2)[0];
      int number = row.call().endsWith("(token)") ? 2 : 1;
      for (Fault fault :
          before
              ? List.of(Fault.before(cloud::killCaller), Fault.resetBefore())
              : List.of(Fault.after(cloud::killCaller), Fault.resetAfter())) {
        var _ = cloud.tap().fault(mine(operation), fault, each -> each == number);
      }
    }

    private Call lastCall() {
      return cloud.tap().calls().stream().filter(mine("TransactWriteItems")).toList().getLast();
    }

    private Predicate<Call> mine(String operation) {
      return call ->
          call.function().equals("broker")
              && call.operation().equals(operation)
              && call.request().toString().contains(id);
    }

    private Map<String, AttributeValue> item() {
      return cloud
          .dynamo()
          .getItem(get -> get.tableName(cloud.tableName()).key(key()).consistentRead(true))
          .item();
    }

    private Map<String, AttributeValue> key() {
      return Map.of(
          "pk", AttributeValue.fromS("AGENT#" + id), "sk", AttributeValue.fromS("ACCESS#mail"));
    }

    private String state() {
      Map<String, AttributeValue> item = item();
      String token = item.containsKey("sealed") ? "a token" : "no token";
      return item.containsKey("leaseId") ? token + ", a lease" : token;
    }

    /** What a clock would do to it, and we can't wait for. */
    private void expireLease() {
      Map<String, AttributeValue> item = new HashMap<>(item());
      if (item.containsKey("leaseUntil")) {
        item.put("leaseUntil", AttributeValue.fromN("0"));
        cloud.dynamo().putItem(put -> put.tableName(cloud.tableName()).item(item));
      }
    }

    private String what(Client.Response response) {
      return switch (response.status()) {
        case 200 ->
            response.body().path("accessToken").asText().equals(oldToken)
                ? "the old token"
                : "a new token";
        case 409, 503 -> response.status() + " " + response.body().path("error").asText();
        default -> Integer.toString(response.status());
      };
    }
  }
}
