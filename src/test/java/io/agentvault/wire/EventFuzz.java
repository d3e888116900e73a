package io.agentvault.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.api.Endpoint;
import io.agentvault.api.IdentityApi;
import io.agentvault.api.Json;
import io.agentvault.api.Links;
import io.agentvault.api.RequestLog;
import io.agentvault.api.VaultApi;
import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.Randomness;
import io.agentvault.evidence.Checkpoints;
import io.agentvault.evidence.Counts;
import io.agentvault.evidence.Evidence;
import io.agentvault.evidence.Log;
import io.agentvault.evidence.Recorder;
import io.agentvault.identity.Identities;
import io.agentvault.identity.Recovery;
import io.agentvault.identity.Revocation;
import io.agentvault.identity.Tenancy;
import io.agentvault.problem.Internal;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.OperatorDeposits;
import io.agentvault.vault.Quota;
import io.agentvault.vault.Vaults;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Any bytes are an event that is answered or refused: no exception but a {@link Problem}, and never
 * {@link Internal}.
 */
class EventFuzz {
  /** Stands in seeds for a key that nobody has but that has the form of one. */
  private static final String KEY_MARK = "@KEY@";

  private static final String KEY = "avk_" + "0".repeat(26) + "_" + "0".repeat(52) + "148cqqp";

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-01T00:00:00Z"), ZoneOffset.UTC);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Randomness zeros = byte[]::new;
  private final Backoff never = new Backoff(() -> 0, duration -> {});
  private final List<Endpoint> endpoints = List.of(vault(), identity());

  @FuzzTest
  void event(byte[] bytes) throws IOException {
    byte[] event = new String(bytes, ISO_8859_1).replace(KEY_MARK, KEY).getBytes(ISO_8859_1);
    for (Endpoint endpoint : endpoints) {
      Deadline deadline = Deadline.after(Duration.ofSeconds(5), CLOCK);
      try {
        check(endpoint.answer(new ByteArrayInputStream(event), "fuzz", deadline));
      } catch (Internal defect) {
        throw new AssertionError("a defect, by the log's word", defect);
      } catch (Problem refused) {
        continue;
      }
    }
  }

  private static void check(byte[] answer) throws IOException {
    JsonNode tree = JSON.readTree(answer);
    if (!tree.isObject() || tree.path("statusCode").asInt() >= 500) {
      throw new AssertionError("an answer that is none: " + tree);
    }
  }

  private Endpoint vault() {
    DataKeys dataKeys =
        new DataKeys(
            (context, wrapped, deadline) -> {
              throw new AssertionError("nobody was let in");
            },
            CLOCK,
            Duration.ZERO);
    Vaults vaults =
        Vaults.onDynamoDb(
            new EmptyTable(),
            "table",
            evidence(),
            never,
            dataKeys,
            Json.MAPPER,
            zeros,
            CLOCK,
            new Quota(10, 10_000));
    return new Endpoint(new VaultApi(vaults, List.of()), new RequestLog(line -> {}, true));
  }

  private Evidence evidence() {
    EmptyTable table = new EmptyTable();
    Log log = Log.onDynamoDb(table, never, "log", Duration.ofDays(90), Json.MAPPER);
    return new Evidence(log, Recorder.durable(log), new Counts(table, "log"));
  }

  private Endpoint identity() {
    NoIdentities store = new NoIdentities();
    Identities identities =
        new Identities(
            store,
            (context, deadline) -> new byte[] {1},
            evidence().recorder(),
            zeros,
            CLOCK,
            never);
    IdentityApi api =
        new IdentityApi(
            () -> {
              throw new Unauthorized();
            },
            identities,
            new Revocation(
                store,
                store,
                evidence().recorder(),
                CLOCK,
                Recovery.of(Duration.ofDays(7), ""),
                Optional.empty()),
            OperatorDeposits.onDynamoDb(
                new EmptyTable(),
                "table",
                never,
                evidence().recorder(),
                identities,
                Json.MAPPER,
                zeros,
                CLOCK),
            new Links(Optional.empty()),
            Tenancy.SINGLE,
            evidence(),
            Checkpoints.onDynamoDb(new EmptyTable(), never, "table", Json.MAPPER),
            List.of());
    return new Endpoint(api, new RequestLog(line -> {}, false));
  }
}
