package io.agentvault.bench;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.runtime.FunctionInstance;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code scripts/bench --record-methods} runs: which methods of the native executable calls
 * use, in the order in which a build is to put them: what each get needs, then what starts need,
 * then what other calls do. The executable must have kept its symbols.
 */
public final class UsedMethods {
  static final Path LIST = Path.of("src/main/native/io/agentvault/lambda/methods-used.txt");

  /** What is called so often is needed by each of them. */
  private static final int GETS = 50;

  private static final int OTHERS = 3;
  private static final String BROKER = "broker";

  /** The class, the method and a digest. */
  private static final String METHOD = "\\S+_[0-9A-Za-z]{22}";

  private final Contestants contestants;
  private final Path recordings = Contestants.HOME.toAbsolutePath().resolve("methods");
  private final List<CallGraph> vaults = new ArrayList<>();
  private final List<CallGraph> others = new ArrayList<>();

  private UsedMethods(Path executable) throws IOException {
    this.contestants = new Contestants(Settings.of(executable));
    Files.createDirectories(recordings);
  }

  /** The executable is the one argument. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    UsedMethods used = new UsedMethods(Path.of(arguments[0]));
    used.overTls();
    used.plain(Contestants.VAULT);
    used.plain(BROKER);
    used.plain("identity");
    List<String> methods = used.inOrder();
    Files.write(LIST, methods);
    System.out.println("bench: " + methods.size() + " methods recorded in " + LIST);
  }

  private List<String> inOrder() {
    List<List<String>> lists = new ArrayList<>();
    vaults.forEach(each -> lists.add(each.calledAtLeast(GETS)));
    vaults.forEach(each -> lists.add(each.depthFirst()));
    others.forEach(each -> lists.add(each.depthFirst()));
    return CallGraph.joined(lists).stream().filter(each -> each.matches(METHOD)).toList();
  }

  /** The vault as it is on AWS. */
  private void overTls() throws IOException, InterruptedException {
    TlsKeys keys = TlsKeys.make(Contestants.HOME.resolve("tls"));
    try (TlsDoor tables = TlsDoor.open(keys, Duration.ZERO);
        TlsDoor kms = TlsDoor.open(keys, Duration.ZERO)) {
      Map<String, String> environment = new LinkedHashMap<>(OverTls.environment(keys, tables, kms));
      environment.put(Contestants.BEFORE, callgrind());
      try (LocalCloud cloud = contestants.startFor(Contestants.VAULT, environment)) {
        tables.leadTo(OverTls.endpoint(cloud.dynamo()));
        kms.leadTo(OverTls.endpoint(cloud.kms()));
        record(cloud, Contestants.VAULT);
      }
    }
  }

  private void plain(String function) throws IOException {
    try (LocalCloud cloud =
        contestants.startFor(function, Map.of(Contestants.BEFORE, callgrind()))) {
      record(cloud, function);
    }
  }

  private String callgrind() throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(recordings)) {
      for (Path each : old) {
        Files.delete(each);
      }
    }
    return "valgrind --tool=callgrind --log-file=/dev/null --callgrind-out-file="
        + recordings.resolve("%p");
  }

  private void record(LocalCloud cloud, String function) throws IOException {
    call(cloud);
    for (FunctionInstance instance : cloud.function(function).instances()) {
      Gate.end(instance.pid());
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(recordings)) {
      for (Path each : files) {
        (function.equals(Contestants.VAULT) ? vaults : others)
            .add(CallGraph.read(Files.readAllLines(each)));
      }
    }
  }

  private static void call(LocalCloud cloud) {
    Agent agent = Agent.create(cloud);
    Timing timing = new Timing(cloud);
    String credential = "{\"label\":\"one\"," + Agent.apiKey(Agent.secret()).substring(1);
    timing.warm(BROKER, agent.tool("vault_store", credential));
    for (int i = 0; i < GETS; i++) {
      timing.warm(Contestants.VAULT, agent.get("one"));
    }
    for (int i = 0; i < OTHERS; i++) {
      timing.warm(Contestants.VAULT, agent.store("one", Agent.secret()));
      timing.warm(Contestants.VAULT, agent.storeTotp("two"));
      timing.warm(Contestants.VAULT, agent.totp("two"));
      timing.warm(Contestants.VAULT, agent.list());
      timing.warm(Contestants.VAULT, agent.whoami());
      timing.warm(Contestants.VAULT, agent.delete("two"));
      timing.warm(BROKER, agent.tools());
      timing.warm(BROKER, agent.tool("vault_get", "{\"label\":\"one\"}"));
    }
  }
}
