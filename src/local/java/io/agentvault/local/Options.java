package io.agentvault.local;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a local cloud is to be started. Every setting has a default that suits tests. */
public final class Options {
  Path project = Path.of("").toAbsolutePath();
  Optional<Path> template = Optional.empty();
  Optional<Path> artifact = Optional.empty();
  Optional<Path> data = Optional.empty();
  Optional<Endpoints> services = Optional.empty();
  int port;
  int invokePort;
  int maxInstances = 10;
  Optional<Integer> concurrency = Optional.empty();
  boolean conflicts = true;
  boolean tapped = true;
  boolean throttled;
  List<String> jvmArguments = List.of();
  PrintStream console = System.out;
  final Set<String> functionUrls = new HashSet<>();
  final Map<String, String> parameters = new HashMap<>();
  final Map<String, Map<String, String>> environment = new HashMap<>();

  Options() {}

  /** Plain HTTP, each with its port, for the tap connects to them by host and port. */
  record Endpoints(URI dynamoDb, URI kms) {
    Endpoints {
      requirePlainHttp("dynamoDb", dynamoDb);
      requirePlainHttp("kms", kms);
    }

    private static void requirePlainHttp(String name, URI endpoint) {
      if (!"http".equals(endpoint.getScheme())
          || endpoint.getHost() == null
          || endpoint.getPort() < 0) {
        throw new IllegalArgumentException(name + " must be http://host:port");
      }
    }
  }

  /** The project's directory; by default the current one. */
  public Options project(Path directory) {
    project = directory.toAbsolutePath();
    return this;
  }

  /** By default the project's {@code template.yaml}. */
  public Options template(Path file) {
    template = Optional.of(file);
    return this;
  }

  /**
   * The packaged function: {@code function.zip} or a native executable. By default what the system
   * property {@code vault.artifact} names, else {@code target/function.zip}.
   */
  public Options artifact(Path file) {
    artifact = Optional.of(file);
    return this;
  }

  /** Where tables, keys, logs and operator keys outlive the cloud; by default nothing does. */
  public Options data(Path directory) {
    data = Optional.of(directory.toAbsolutePath());
    return this;
  }

  /**
   * DynamoDB and KMS of others, such as LocalStack's, instead of processes of the cloud's own. The
   * cloud makes its table and its key there, unless they are there, and leaves them behind.
   *
   * @throws IllegalArgumentException where one is not {@code http://host:port}
   */
  public Options services(URI dynamoDb, URI kms) {
    services = Optional.of(new Endpoints(dynamoDb, kms));
    return this;
  }

  /** The gateway's port; by default any free one. */
  public Options port(int number) {
    port = number;
    return this;
  }

  /** The Invoke API's port; by default any free one. */
  public Options invokePort(int number) {
    invokePort = number;
    return this;
  }

  /** Instances of a function at once; by default 10. */
  public Options maxInstances(int number) {
    maxInstances = number;
    return this;
  }

  /**
   * The account's concurrency, for all functions together: beyond it, and beyond what the template
   * reserves for one, calls are throttled as Lambda does; by default they wait for an instance.
   */
  public Options concurrency(int account) {
    concurrency = Optional.of(account);
    return this;
  }

  /**
   * DynamoDB Local lets two writes of one item take turns; by default the tap makes them conflict.
   */
  public Options withoutConflicts() {
    conflicts = false;
    return this;
  }

  /** Functions call DynamoDB and KMS directly: nothing is recorded, no faults. */
  public Options withoutTap() {
    tapped = false;
    return this;
  }

  /** The gateway honours the template's throttles. */
  public Options throttled() {
    throttled = true;
    return this;
  }

  /** Added to the command line of every JVM instance. */
  public Options jvmArguments(List<String> arguments) {
    jvmArguments = List.copyOf(arguments);
    return this;
  }

  /** A value for a parameter of the template. */
  public Options parameter(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  /** An environment variable of one function, over the template's. */
  public Options environment(String function, String name, String value) {
    environment.computeIfAbsent(function, key -> new HashMap<>()).put(name, value);
    return this;
  }

  /** A Function URL for that function, whatever the template says; nothing where it has none. */
  public Options functionUrl(String function) {
    functionUrls.add(function);
    return this;
  }

  /** Where cold starts are told; by default standard output. */
  public Options console(PrintStream stream) {
    console = stream;
    return this;
  }

  Path artifactFile() {
    String otherwise = project.resolve("target/function.zip").toString();
    return artifact
        .orElseGet(() -> Path.of(System.getProperty("vault.artifact", otherwise)))
        .toAbsolutePath();
  }

  Path templateFile() {
    return template.orElse(project.resolve("template.yaml"));
  }

  /** Where artifacts are unpacked and clouds without data of their own keep their logs. */
  Path cache() {
    return project.resolve("target/local-cloud");
  }

  /** Tests start many instances, which pays for the archive; development starts a few. */
  boolean archived() {
    return data.isEmpty();
  }

  public LocalCloud start() {
    return new LocalCloud(this);
  }
}
