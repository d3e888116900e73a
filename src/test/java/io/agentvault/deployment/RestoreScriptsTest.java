package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.deployment.Script.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scripts around a restore ask of the AWS command line, which a stand-in answers. */
class RestoreScriptsTest {
  private static final String STACK = "agent-vault-prod";
  private static final String OLD = "agent-vault-prod-Table-1";

  @TempDir private Path bin;

  @BeforeEach
  void anAccountInWhichNothingUsesTheOldTable() throws IOException {
    answer(
        "cloudformation describe-stacks", "{'Stacks':[{'Outputs':[{'OutputValue':'restored'}]}]}");
    answer(
        "cloudformation list-stack-resources",
        "{'StackResourceSummaries':[{'ResourceType':'AWS::Lambda::Function','PhysicalResourceId':'f'}]}");
    answer(
        "lambda get-function-configuration",
        "{'Environment':{'Variables':{'VAULT_TABLE':'restored'}}}");
    answer("dynamodb describe-table", "{'Table':{'LatestStreamArn':'arn:stream'}}");
    answer("lambda list-event-source-mappings", "{'EventSourceMappings':[]}");
    answer("cloudwatch get-metric-statistics", "{'Datapoints':[]}");
    answer("dynamodb list-backups", "{'BackupSummaries':[]}");
    Files.writeString(
        bin.resolve("aws"),
        """
        #!/bin/bash
        [[ $1 != --version ]] || exec echo aws-cli/2.31.0
        printf '%s\\n' "$*" >>"${0%/*}/asked"
        answer="${0%/*}/$1 $2"
        [[ ! -e $answer ]] || exec cat "$answer"
        [[ $2 != describe-* && $2 != list-* && $2 != get-* ]]
        """);
    assertThat(bin.resolve("aws").toFile().setExecutable(true)).isTrue();
  }

  @Test
  void tableThatNothingUsesIsDestroyedAndItsBackupTold() throws IOException {
    answer(
        "dynamodb list-backups",
        "{'BackupSummaries':[{'BackupType':'SYSTEM','BackupExpiryDateTime':1800000000.5}]}");
    Result result = destroy("--yes", STACK, OLD);
    assertThat(result.error()).isEmpty();
    assertThat(result.output()).contains("OldTableUntil=2027-01-15T08:00:01Z");
    assertThat(asked())
        .anyMatch(it -> it.startsWith("dynamodb delete-table --table-name " + OLD))
        .noneMatch(it -> it.contains("PointInTimeRecoveryEnabled=false"));
  }

  @Test
  void withoutASystemBackupTheKeysAreGoneAtOnce() throws IOException {
    Result result = destroy("--yes", "--no-system-backup", STACK, OLD);
    assertThat(result.output()).contains("there is none");
    List<String> asked = asked();
    int off = indexOf(asked, "dynamodb update-continuous-backups");
    assertThat(off).isNotNegative().isLessThan(indexOf(asked, "dynamodb delete-table"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cloudformation describe-stacks | {'Stacks':[{'Outputs':[{'OutputValue':'agent-vault-prod-Table-1'}]}]} | is a table of agent-vault-prod that serves",
        "cloudformation list-stack-resources | {'StackResourceSummaries':[]} | has no function",
        "lambda get-function-configuration | {'Environment':{'Variables':{'VAULT_TABLE':'agent-vault-prod-Table-1'}}} | f uses",
        "lambda list-event-source-mappings | {'EventSourceMappings':[{'UUID':'1'}]} | still reads the stream",
        "cloudwatch get-metric-statistics | {'Datapoints':[{'Sum':0.5}]} | was used within the last 15 minutes",
        "dynamodb list-backups | {'BackupSummaries':[{'BackupType':'USER','BackupArn':'arn:b'}]} | on-demand backups"
      })
  void tableThatServesIsNotDestroyed(String call, String answer, String reason) throws IOException {
    answer(call, answer);
    assertNothingDestroyed(destroy("--yes", STACK, OLD), reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cloudformation describe-stacks",
        "cloudformation list-stack-resources",
        "lambda get-function-configuration",
        "dynamodb describe-table",
        "lambda list-event-source-mappings",
        "cloudwatch get-metric-statistics",
        "dynamodb list-backups"
      })
  void questionThatFailsIsNoAnswer(String call) throws IOException {
    Files.delete(bin.resolve(call));
    assertNothingDestroyed(destroy("--yes", STACK, OLD), "no answer from aws " + call);
  }

  @Test
  void tableOfAnotherNameAndOneThatNobodyConfirmedAreNotDestroyed() throws IOException {
    assertNothingDestroyed(destroy("--yes", STACK, "orders"), "orders is no table of " + STACK);
    assertNothingDestroyed(destroy(STACK, OLD), "not destroyed");
    assertThat(destroy("--dry-run", STACK, OLD).output()).contains("serves nowhere");
    assertThat(asked()).noneMatch(it -> it.contains("delete"));
  }

  @Test
  void receiptsAreReplayedInBase64WhateverTheCommandLineIsSetTo() throws IOException {
    answer("dynamodb describe-table", "{'Table':{'TableArn':'arn:1'}}");
    Script.named("replay-receipts").with("PATH", path()).run("live", "restored");
    assertThat(asked()).isNotEmpty().allMatch(it -> it.contains("--cli-binary-format base64"));
  }

  private void assertNothingDestroyed(Result refused, String reason) throws IOException {
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.error().strip()).contains(reason);
    assertThat(asked()).noneMatch(it -> it.matches("dynamodb (delete|update).*"));
  }

  private Result destroy(String... arguments) {
    return Script.named("destroy-old-table").with("PATH", path()).run(arguments);
  }

  private String path() {
    return bin + ":/usr/bin:/bin";
  }

  private void answer(String call, String json) throws IOException {
    Files.writeString(bin.resolve(call), json.replace('\'', '"'));
  }

  private List<String> asked() throws IOException {
    return Files.readAllLines(bin.resolve("asked"));
  }

  private static int indexOf(List<String> asked, String beginning) {
    return asked.indexOf(
        asked.stream().filter(it -> it.startsWith(beginning)).findFirst().orElse(""));
  }
}
