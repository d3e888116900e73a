package io.agentvault.local;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/**
 * What {@code scripts/dev} runs: the local cloud with its data kept, or over a LocalStack that
 * lives as long as this, a demo identity, and commands to try it with. Ends on SIGINT or SIGTERM.
 */
public final class DevMain {
  private static final String BROKER = "broker";

  private DevMain() {}

  /**
   * Arguments: {@code --port N}, {@code --data DIR}, {@code --artifact FILE}, {@code --upstream
   * 127.0.0.1:PORT} (any number), {@code --localstack true|false}.
   */
  public static void main(String[] arguments) {
    try {
      run(DevArguments.parse(arguments), System.out);
    } catch (DevFailure failure) {
      System.err.println("dev: " + failure.getMessage());
      System.exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(DevArguments arguments, PrintStream console) throws InterruptedException {
    requireFree(arguments.port());
    if (arguments.localstack()) {
      // A signal ends this without the end of a block: then Testcontainers removes the container.
      try (LocalStack localStack = LocalStack.start()) {
        serve(
            arguments,
            options -> options.services(localStack.endpoint(), localStack.endpoint()),
            console);
      }
    } else {
      serve(arguments, UnaryOperator.identity(), console);
    }
  }

  private static void serve(
      DevArguments arguments, UnaryOperator<Options> services, PrintStream console)
      throws InterruptedException {
    try (SampleUpstream sample = new SampleUpstream();
        LocalCloud cloud = start(arguments, sample, services, console)) {
      DemoIdentity demo =
          DemoIdentity.provision(cloud, given("OPERATOR_TOKEN"), arguments, more(cloud, sample));
      demo.tell(console);
      new CountDownLatch(1).await();
    }
  }

  /** What {@code dev.env} has where the template has it. */
  private static Map<String, String> more(LocalCloud cloud, SampleUpstream sample) {
    Map<String, String> more = new LinkedHashMap<>();
    cloud.url("OperatorApi").ifPresent(url -> more.put("OPERATOR_URL", url));
    cloud
        .functionUrl(BROKER)
        .ifPresent(
            url -> {
              more.put("PROXY_URL", url);
              more.put("SAMPLE_UPSTREAM", sample.address());
            });
    return more;
  }

  private static LocalCloud start(
      DevArguments arguments,
      SampleUpstream sample,
      UnaryOperator<Options> services,
      PrintStream console) {
    List<String> upstreams = new ArrayList<>(arguments.upstreams());
    upstreams.add(sample.address());
    try {
      Files.createDirectories(arguments.data());
      Options options =
          LocalCloud.options()
              .data(arguments.data())
              .port(arguments.port())
              .throttled()
              .withoutTap()
              .console(console)
              .functionUrl(BROKER)
              .environment(BROKER, "VAULT_LOCAL_UPSTREAMS", String.join(",", upstreams))
              // The operators' own API, whose authorizer is AWS's and not here.
              .parameter("OperatorAccess", "iam")
              .parameter("OperatorJwks", given("OPERATOR_JWKS"));
      arguments.artifact().ifPresent(options::artifact);
      return services.apply(options).start();
    } catch (IOException | RuntimeException e) {
      throw new DevFailure(
          "the local cloud did not start: "
              + e.getMessage()
              + "; logs are in "
              + arguments.data().resolve("logs")
              + ", and "
              + arguments.startOver()
              + " starts over with empty data");
    }
  }

  /** What {@code scripts/dev} hands over in the environment, where other users can't read it. */
  private static String given(String variable) {
    String value = System.getenv(variable);
    if (value == null || value.isBlank()) {
      throw new DevFailure(variable + " is not set; start the local cloud with scripts/dev");
    }
    return value;
  }

  private static void requireFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    } catch (IOException e) {
      throw new DevFailure(
          "port " + port + " is taken; stop what uses it, or choose another with --port N");
    }
  }
}
