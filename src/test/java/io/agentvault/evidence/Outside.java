package io.agentvault.evidence;

import static io.agentvault.evidence.Records.JSON;
import static io.agentvault.remote.Attributes.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import io.agentvault.remote.Attributes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * An agent's evidence as somebody outside gets and checks it.
 *
 * @param directory where the files for the check go
 */
record Outside(LocalCloud cloud, Client operator, String id, Path directory) {
  /** The records as they stand in the table. */
  Map<String, String> stored() {
    Map<String, String> records = new TreeMap<>();
    cloud
        .dynamo()
        .queryPaginator(
            query ->
                query
                    .tableName(cloud.tableName("LogTable"))
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", text("LOG#" + id))))
        .items()
        .forEach(
            item ->
                records.put(
                    Attributes.of(item).text("sk", "key"),
                    Attributes.of(item).text("record", "record")));
    return records;
  }

  /** By pages of two, as they come over HTTP. */
  List<JsonNode> checkpoints() {
    List<JsonNode> all = new ArrayList<>();
    String path = "/v0/platform/identities/" + id + "/checkpoints?limit=2";
    JsonNode page = operator.get(path).body();
    page.path("checkpoints").forEach(all::add);
    while (page.hasNonNull("nextPageToken")) {
      page = operator.get(path + "&pageToken=" + page.path("nextPageToken").asText()).body();
      page.path("checkpoints").forEach(all::add);
    }
    return all;
  }

  String verify(List<JsonNode> chain, Map<String, String> records)
      throws IOException, InterruptedException {
    List<String> rows = new ArrayList<>();
    records.forEach(
        (key, record) ->
            rows.add(JSON.createObjectNode().put("key", key).put("record", record).toString()));
    return run(chain, "--records", Files.write(directory.resolve("records"), rows).toString());
  }

  String verify(JsonNode receipt, List<JsonNode> chain) throws IOException, InterruptedException {
    return run(
        chain,
        "--receipt",
        Files.writeString(directory.resolve("receipt"), receipt.toString()).toString());
  }

  private String run(List<JsonNode> chain, String... more)
      throws IOException, InterruptedException {
    String jwks = Client.of(cloud, "").get("/.well-known/jwks.json").body().toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                "scripts/verify-evidence",
                "--jwks",
                Files.writeString(directory.resolve("jwks"), jwks).toString(),
                "--agent",
                id,
                "--checkpoints",
                Files.write(
                        directory.resolve("checkpoints"),
                        chain.stream().map(JsonNode::toString).toList())
                    .toString()));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + " " + said;
  }
}
