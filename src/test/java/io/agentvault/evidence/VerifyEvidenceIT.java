package io.agentvault.evidence;

import static io.agentvault.evidence.Records.JSON;
import static io.agentvault.evidence.Records.RETENTION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.crypto.FakeSigner;
import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/verify-evidence} believes what the chain made, and nothing that was touched. */
class VerifyEvidenceIT {
  private static final String AGENT = "agent0";
  private static final int TAMPERINGS = 200;

  @TempDir private Path directory = Path.of("");
  private final MutableClock clock = new MutableClock();
  private final FakeSigner signer = new FakeSigner();
  private final Deadline deadline = Deadline.after(Duration.ofDays(1), clock);
  private final Map<String, String> records = new HashMap<>();
  private List<Checkpoint> chain = List.of();

  @BeforeEach
  void threeBatchesOfThreeAgents() {
    InMemoryTable table = new InMemoryTable();
    Backoff backoff = new Backoff(() -> 0, duration -> {});
    Proofs proofs = new DynamoDbProofs(table, backoff, InMemoryTable.NAME, RETENTION, JSON);
    Scribe scribe = new Scribe(proofs, signer, RETENTION, JSON, clock);
    for (int batch = 0; batch < 3; batch++) {
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        Entry entry =
            Records.entry("agent" + i % 3, clock.instant(), batch * 9 + i, "label \"ü\" \\ " + i);
        changes.add(Records.inserted(entry));
        if (entry.agent().equals(AGENT)) {
          records.put(entry.key(), Records.text(entry));
        }
      }
      scribe.take(changes, deadline);
      clock.advance(Duration.ofMinutes(1));
    }
    chain =
        proofs.page(AGENT, false, Optional.empty(), 100, deadline).stream()
            .map(kept -> kept.checkpoint().orElseThrow())
            .toList();
  }

  @Test
  void whatTheChainMadeIsBelieved() {
    assertThat(verify(chain, records))
        .isEqualTo(
            "0 3 checkpoints follow one another and are signed; the 9 records are covered and as"
                + " they were\n");
  }

  @Test
  void whatWasTouchedIsFound() {
    IntStream.range(0, TAMPERINGS)
        .parallel()
        .forEach(
            i -> {
              Map<String, String> touched = new HashMap<>(records);
              List<Checkpoint> checkpoints = new ArrayList<>(chain);
              String what = Tampering.at(new Random(i), touched, checkpoints);
              assertThat(verify(checkpoints, touched)).as("%d: %s", i, what).startsWith("1 ");
            });
  }

  @Test
  void aSignatureByAnotherKeyIsFound() {
    FakeSigner other = new FakeSigner();
    Checkpoint last = chain.getLast();
    String payload = "{\"root\":\"" + last.root() + "\",\"size\":3,\"at\":\"\"}";
    List<Checkpoint> checkpoints = new ArrayList<>(chain);
    checkpoints.set(
        2,
        new Checkpoint(
            AGENT,
            last.head(),
            last.at(),
            last.keys(),
            last.greatest(),
            last.path(),
            last.root(),
            other.sign(Scribe.TYPE, payload, deadline),
            last.kept()));
    assertThat(verify(checkpoints, records))
        .isEqualTo("1 checkpoint 3 is not signed by any of the keys\n1 faults\n");
  }

  private String verify(List<Checkpoint> checkpoints, Map<String, String> stored) {
    List<String> lines = checkpoints.stream().map(each -> line(each).toString()).toList();
    List<String> rows = new ArrayList<>();
    stored.forEach(
        (key, record) ->
            rows.add(JSON.createObjectNode().put("key", key).put("record", record).toString()));
    try {
      Path files = Files.createTempDirectory(directory, "case");
      Process process =
          new ProcessBuilder(
                  "scripts/verify-evidence",
                  "--jwks",
                  Files.writeString(files.resolve("jwks"), signer.publicKeys(deadline)).toString(),
                  "--agent",
                  AGENT,
                  "--checkpoints",
                  Files.write(files.resolve("checkpoints"), lines).toString(),
                  "--records",
                  Files.write(files.resolve("records"), rows).toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue() + " " + said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode line(Checkpoint checkpoint) {
    ObjectNode line = JSON.createObjectNode();
    checkpoint.keys().forEach(line.putArray("records")::add);
    line.put("head", checkpoint.head().text());
    ObjectNode path = line.putObject("path");
    path.put("index", checkpoint.path().index());
    path.put("size", checkpoint.path().size());
    checkpoint.path().hashes().forEach(path.putArray("hashes")::add);
    line.put("root", checkpoint.root());
    line.put("signed", checkpoint.signed());
    return line;
  }
}
