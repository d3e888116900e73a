package io.agentvault.local;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How {@code scripts/dev} is called.
 *
 * @param port of the gateway
 * @param data where everything is kept
 * @param artifact the packaged function; empty for the JVM package
 * @param localstack whether DynamoDB and KMS are LocalStack's, whose data are not kept
 */
record DevArguments(int port, Path data, Optional<Path> artifact, boolean localstack) {
  private static final int DEFAULT_PORT = 8080;

  static DevArguments parse(String[] arguments) {
    int port = DEFAULT_PORT;
    Path data = Path.of(".local");
    Optional<Path> artifact = Optional.empty();
    boolean localstack = false;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--port" -> port = port(arguments[i + 1]);
        case "--data" -> data = Path.of(arguments[i + 1]);
        case "--artifact" -> artifact = Optional.of(Path.of(arguments[i + 1]));
        case "--localstack" -> localstack = yesOrNo(arguments[i + 1]);
        default -> throw new DevFailure("unknown option " + arguments[i]);
      }
    }
    return new DevArguments(port, data, artifact, localstack);
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
