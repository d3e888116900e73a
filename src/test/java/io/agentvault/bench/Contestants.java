package io.agentvault.bench;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.Options;
import io.agentvault.local.runtime.Artifact;
import io.agentvault.local.template.Template;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The vault, the floor, the Go function and the JVM package as functions of one local cloud, so
 * that all of them meet the same DynamoDB Local in the same state. The cloud starts one executable
 * for every function; here it is a script that becomes the right one.
 */
final class Contestants {
  static final String VAULT = "vault";
  static final String FLOOR = "floor";
  static final String JVM = "jvm";

  /** The Go function that answers as the vault does; {@link Settings#peer}. */
  static final String PEER = "peer";

  /** The same, with its connections opened before it asks for its first event. */
  static final String READY_PEER = "readypeer";

  /**
   * A variable of what stands before a native executable on its command line, and one of what
   * behind it.
   */
  static final String BEFORE = "BENCH_BEFORE";

  static final String ARGUMENTS = "BENCH_ARGUMENTS";

  static final Path HOME = Path.of("target/bench");
  private static final int MEMORY_MEGABYTES = 512;

  private final Settings settings;
  private final Path script = HOME.resolve("bootstrap").toAbsolutePath();
  private final Path throttle = HOME.resolve("bootstrap.throttle").toAbsolutePath();
  private final Path template = HOME.resolve("template.yaml");

  Contestants(Settings settings) throws IOException {
    this.settings = settings;
    Files.createDirectories(HOME);
    Files.writeString(script, script());
    if (!script.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable " + script);
    }
    Files.writeString(template, template());
    throttle(Optional.empty());
  }

  private String script() {
    String others =
        settings.jvm().map(file -> "  " + JVM + ") exec " + command(file) + " ;;\n").orElse("")
            + settings.peer().map(file -> "  *[pP]eer) exec " + command(file) + " ;;\n").orElse("");
    return """
        #!/bin/sh
        # Written by scripts/bench.
        read -r members <'%s' && [ -n "$members" ] && echo $$ >"$members"
        case $AWS_LAMBDA_FUNCTION_NAME in
          %s) exec %s ;;
        %s  *) exec %s ;;
        esac
        """
        .formatted(throttle, FLOOR, command(settings.floor()), others, command(settings.vault()));
  }

  private static String command(Path file) {
    Artifact artifact =
        Artifact.of(file.toAbsolutePath(), Path.of("target/local-cloud").toAbsolutePath());
    String command =
        artifact.command(MEMORY_MEGABYTES, List.of()).stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    return artifact instanceof Artifact.Native
        ? "$" + BEFORE + " " + command + " $" + ARGUMENTS
        : command;
  }

  /** The project's template with the other contestants as further functions. */
  private static String template() throws IOException {
    Path file = Path.of("template.yaml");
    Template plain = Template.load(file, Map.of(), Map.of());
    String functions =
        "Resources:\n"
            + function(plain, "Floor", "")
            + function(plain, "Jvm", "vault")
            + function(plain, "Peer", "")
            + function(plain, "ReadyPeer", "");
    return Files.readString(file).replaceFirst("(?m)^Resources:\n", functions);
  }

  private static String function(Template template, String name, String handler) {
    return """
          %sFunction:
            Type: AWS::Serverless::Function
            Properties:
              Timeout: 60
              Environment:
                Variables:
                  QUARKUS_LAMBDA_HANDLER: "%s"
                  VAULT_TABLE: !Ref %s
                  VAULT_LOG_TABLE: !Ref LogTable
                  VAULT_KMS_KEY_ID: !GetAtt %s.Arn
        """
        .formatted(name, handler, template.tableLogicalId(), template.keyLogicalIds().getFirst());
  }

  /** From now on, instances start in that control group. */
  void throttle(Optional<Path> members) throws IOException {
    Files.writeString(throttle, members.map(Path::toString).orElse("") + "\n");
  }

  /** A fresh cloud, without anything between the functions and the services. */
  LocalCloud start() {
    return options().withoutTap().start();
  }

  /** As {@link #start()}, with parameters of the template. */
  LocalCloud start(Map<String, String> parameters) {
    Options options = options().withoutTap();
    parameters.forEach(options::parameter);
    return options.start();
  }

  /** As {@link #start()}, with variables of all that are measured. */
  LocalCloud startWith(Map<String, String> environment) {
    Options options = options().withoutTap();
    for (String function : List.of(VAULT, FLOOR, JVM, PEER, READY_PEER)) {
      environment.forEach((name, value) -> options.environment(function, name, value));
    }
    return options.start();
  }

  /** As {@link #start()}, with variables of one function. */
  LocalCloud startFor(String function, Map<String, String> environment) {
    Options options = options().withoutTap();
    environment.forEach((name, value) -> options.environment(function, name, value));
    return options.start();
  }

  /** A fresh cloud that records every call. */
  LocalCloud startTapped() {
    return options().start();
  }

  private Options options() {
    return LocalCloud.options()
        .environment(READY_PEER, "PEER_OPENS_CONNECTIONS", "true")
        .template(template)
        .artifact(script)
        .maxInstances(16)
        .console(new PrintStream(OutputStream.nullOutputStream()));
  }
}
