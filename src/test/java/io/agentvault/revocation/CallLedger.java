package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.WireTap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which function may make which calls (architecture, section 3), held against what the tap saw.
 * Every test of this package holds its record to it, faults and races included: the control plane
 * never decrypts, the reaper calls no key service, and nobody scans.
 */
final class CallLedger {
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "vault",
              Set.of(
                  "dynamodb.BatchGetItem",
                  "dynamodb.GetItem",
                  "dynamodb.PutItem",
                  "dynamodb.Query",
                  "dynamodb.TransactWriteItems",
                  "kms.Decrypt"),
          "identity",
              Set.of(
                  "dynamodb.BatchWriteItem",
                  "dynamodb.GetItem",
                  "dynamodb.PutItem",
                  "dynamodb.Query",
                  "dynamodb.TransactWriteItems",
                  "dynamodb.UpdateItem",
                  "kms.GenerateDataKeyWithoutPlaintext",
                  "kms.Sign"),
          "reaper",
              Set.of(
                  "dynamodb.BatchWriteItem",
                  "dynamodb.GetItem",
                  "dynamodb.PutItem",
                  "dynamodb.Query",
                  "dynamodb.UpdateItem"),
          "scribe",
              Set.of(
                  "dynamodb.BatchGetItem",
                  "dynamodb.Query",
                  "dynamodb.TransactWriteItems",
                  "kms.Sign"));

  private CallLedger() {}

  /** Checks the record, forgets it, and says how often each call was made. */
  static Map<String, Long> close(WireTap tap) {
    List<Call> calls = tap.calls();
    tap.clear();
    assertThat(calls).as("recorded calls").isNotEmpty();
    Map<String, Long> counts = new TreeMap<>();
    for (Call call : calls) {
      String operation = call.service() + "." + call.operation();
      assertThat(ALLOWED).as("who called: %s", call).containsKey(call.function());
      assertThat(ALLOWED.get(call.function())).as("%s", call).contains(operation);
      counts.merge(call.function() + " " + operation, 1L, Long::sum);
    }
    return counts;
  }
}
