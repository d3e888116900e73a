package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The comparison itself: a call too many and a permission too many are both found. */
class LeastPrivilegeTest {
  private static final Deployment deployment = Deployment.ofDefaults();
  private static final List<RemoteCall> calls = RecordedCalls.read(RecordedCalls.DOCUMENTED);

  @Test
  void callOfAnotherFunctionIsRefused() {
    List<RemoteCall> swapped =
        calls.stream()
            .filter(call -> call.function().equals("identity"))
            .map(call -> new RemoteCall("vault", call.service(), call.operation(), call.request()))
            .toList();
    assertThat(new LeastPrivilege(deployment, swapped).refused("VaultFunction"))
        .anyMatch(refused -> refused.startsWith("kms:GenerateDataKeyWithoutPlaintext"))
        .anyMatch(refused -> refused.startsWith("dynamodb:PutItem"));
  }

  @Test
  void actionThatNoCallNeedsIsUnused() {
    List<RemoteCall> withoutLists =
        calls.stream().filter(call -> !call.operation().equals("Query")).toList();
    LeastPrivilege least = new LeastPrivilege(deployment, withoutLists);
    assertThat(least.unused("VaultFunction"))
        .containsExactly("ReadVaults: dynamodb:Query", "ReadRecordsAndCounts: dynamodb:Query");
    assertThat(least.unused("IdentityFunction"))
        .containsExactly(
            "ListTenant: dynamodb:Query",
            "ReadPartitions: dynamodb:Query",
            "ReadRecordsAndCheckpoints: dynamodb:Query");
    assertThat(least.unused("ReaperFunction")).containsExactly("FindRemains: dynamodb:Query");
    assertThat(least.unused("ScribeFunction")).containsExactly("ReadCheckpoints: dynamodb:Query");
  }
}
