package io.agentvault.handin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A client of the protocol's own makers, unmodified, driven through one of our small programs. */
final class OfficialClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DRIVERS = "src/test/resources/mcp/";

  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  /** What a person who was sent to that page did: accept, decline or cancel. */
  private final Function<JsonNode, String> person;

  private OfficialClient(List<String> command, String key, Function<JsonNode, String> person) {
    this.person = person;
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("VAULT_KEY", key);
    try {
      process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out = process.inputReader(StandardCharsets.UTF_8);
    in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts it.
   *
   * @param name as {@code scripts/mcp-clients} has it
   * @param mode legacy, auto or a revision, for those that can choose
   */
  static OfficialClient start(
      String name, String mode, String url, String key, Function<JsonNode, String> person) {
    Path installed = Tools.mcp(name);
    List<String> command =
        switch (name) {
          case "typescript-1", "typescript-2" ->
              List.of(
                  installed.resolve("node_modules/.bin/node").toString(),
                  DRIVERS + "typescript.mjs",
                  url,
                  mode,
                  installed.resolve("node_modules").toString());
          case "python-1" -> python(installed, "python1.py", url, mode);
          case "python-2" -> python(installed, "python2.py", url, mode);
          case "java" ->
              List.of(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-cp",
                  installed.resolve("lib") + "/*",
                  DRIVERS + "OfficialJava.java",
                  url,
                  mode);
          default -> throw new IllegalArgumentException(name);
        };
    return new OfficialClient(command, key, person);
  }

  private static List<String> python(Path installed, String driver, String url, String mode) {
    return List.of(installed.resolve("bin/python").toString(), DRIVERS + driver, url, mode);
  }

  /** The revision that it and the server agreed on. */
  String version() {
    return next("version").asText();
  }

  List<String> tools() {
    return next("tools").valueStream().map(JsonNode::asText).collect(Collectors.toList());
  }

  /** A call's result. */
  JsonNode call(String tool, String arguments) {
    try {
      ObjectNode call = JSON.createObjectNode().put("name", tool);
      call.set("arguments", JSON.readTree(arguments));
      say(call.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return next("result");
  }

  private void say(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  private JsonNode next(String name) {
    List<String> others = new ArrayList<>();
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (!line.startsWith("{")) {
          others.add(line);
          continue;
        }
        JsonNode said = JSON.readTree(line);
        if (said.has("page")) {
          say(person.apply(said));
        } else if (said.has(name)) {
          return said.path(name);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("the client ended without " + name + ": " + others);
  }

  /** What a tool's result says, in its one text. */
  static String text(JsonNode result) {
    return result.path("content").path(0).path("text").asText();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
