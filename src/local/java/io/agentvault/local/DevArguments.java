package io.agentvault.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How {@code scripts/dev} is called.
 *
 * @param port of the gateway
 * @param data where everything is kept
 * @param artifact the packaged function; empty for the JVM package
 * @param upstreams {@code 127.0.0.1:PORT} of services that a use may call over plain HTTP
 * @param localstack whether DynamoDB and KMS are LocalStack's, whose data are not kept
 */
record DevArguments(
    int port, Path data, Optional<Path> artifact, List<String> upstreams, boolean localstack) {
  private static final int DEFAULT_PORT = 8080;
  private static final Path DEFAULT_DATA = Path.of(".local");
  private static final Pattern UPSTREAM = Pattern.compile("127\\.0\\.0\\.1:([0-9]{1,5})");

  static DevArguments parse(String[] arguments) {
    int port = DEFAULT_PORT;
    Path data = DEFAULT_DATA;
    Optional<Path> artifact = Optional.empty();
    List<String> upstreams = new ArrayList<>();
    boolean localstack = false;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--port" -> port = port(arguments[i + 1]);
        case "--data" -> data = Path.of(arguments[i + 1]);
        case "--artifact" -> artifact = Optional.of(Path.of(arguments[i + 1]));
        case "--upstream" -> upstreams.add(upstream(arguments[i + 1]));
        case "--localstack" -> localstack = yesOrNo(arguments[i + 1]);
        default -> throw new DevFailure("unknown option " + arguments[i]);
      }
    }
    if (upstreams.contains("127.0.0.1:" + port)) {
      throw new DevFailure("--upstream must be another port than the vault's own");
    }
    return new DevArguments(port, data, artifact, List.copyOf(upstreams), localstack);
  }

  /** The command that starts over, on the same data. */
  String startOver() {
    return "scripts/dev --fresh" + (data.equals(DEFAULT_DATA) ? "" : " --data " + data);
  }

  private static String upstream(String text) {
    Matcher upstream = UPSTREAM.matcher(text);
    if (!upstream.matches()) {
      throw new DevFailure("--upstream must be 127.0.0.1:PORT: plain HTTP stays on this machine");
    }
    try {
      return "127.0.0.1:" + port(upstream.group(1));
    } catch (DevFailure e) {
      throw new DevFailure("--upstream must have a port from 1 to 65535");
    }
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new DevFailure("--port must be a number from 1 to 65535");
  }

  private static boolean yesOrNo(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new DevFailure("--localstack must be true or false");
    };
  }
}
