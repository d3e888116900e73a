package io.agentvault.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.runtime.FunctionInstance;
import io.agentvault.renewal.OtherServers.Running;
import io.agentvault.renewal.TokenServer.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Very many callers of one credential, instances that die at random, and a server that ends a grant
 * when a refresh token comes twice: never two renewals for one expiry, never locked out but by a
 * death between the server's answer and our write, and then said. {@code -Dvault.renewal.calls}
 * sets how many.
 */
class ManyCallersIT {
  private static final int CALLS = Integer.getInteger("vault.renewal.calls", 1_000);
  private static final int AT_ONCE = 100;
  private static final int CALLS_PER_KILL = 100;

  /** Renewed when a minute is left: two seconds after it was issued. */
  private static final int LIFETIME_SECONDS = 62;

  private static final String CLIENT = "post";
  private static final String TIMEOUT_SECONDS = "10"; // a dead one's lease ends soon

  private final Random random = new Random(15);
  private final Set<String> killed = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicInteger> answers = new TreeMap<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final Set<String> consents = ConcurrentHashMap.newKeySet();
  private final Set<String> handedOut = ConcurrentHashMap.newKeySet();
  private final AtomicInteger generation = new AtomicInteger();

  @Test
  void theServerIsAskedOncePerExpiryAndNobodyIsLockedOutInSilence() throws Exception {
    try (Running provider = OtherServers.oidcProvider(LIFETIME_SECONDS, JWK);
        TokenServer server = TokenServer.before(provider.at("/token"));
        LocalCloud cloud = cloud(provider, server)) {
      Run run = new Run(provider, server, cloud, Client.newAgent(cloud));
      server.asking(run::holder);
      Instant began = Instant.now();
      run.all();
      run.untilItWorks();
      List<Exchange> exchanges = server.exchanges();
      report(exchanges, Duration.between(began, Instant.now()));
      assertThat(handedOut).isSubsetOf(issued(exchanges));
      assertOncePerExpiry(exchanges);
      assertLockedOutInTheWindowOnly(exchanges);
    }
  }

  private static final String JWK =
      "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
          + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"; // of RFC 7515 A.3, not used

  private static LocalCloud cloud(Running provider, TokenServer server) throws IOException {
    Path template = Path.of("target/many-callers-template.yaml");
    Files.writeString(
        template,
        Files.readString(Path.of("template.yaml"))
            .replaceAll("(?m)^(\\s+)Timeout: \\d+", "$1Timeout: " + TIMEOUT_SECONDS));
    return LocalCloud.options()
        .template(template)
        .environment("broker", "VAULT_LOCAL_UPSTREAMS", provider.address() + "," + server.address())
        .maxInstances(8)
        .start();
  }

  /** What the callers and the deaths share. */
  private final class Run {
    private final Running provider;
    private final TokenServer server;
    private final LocalCloud cloud;
    private final Client agent;

    Run(Running provider, TokenServer server, LocalCloud cloud, Client agent) {
      this.provider = provider;
      this.server = server;
      this.cloud = cloud;
      this.agent = agent;
      mend(0);
    }

    void all() throws InterruptedException, ExecutionException {
      List<Future<?>> running = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
        for (int i = 0; i < CALLS; i++) {
          running.add(threads.submit(this::call));
        }
        for (Future<?> each : running) {
          each.get();
        }
      }
    }

    private void call() {
      int number = begun.incrementAndGet();
      if (number % CALLS_PER_KILL == 0) {
        killOne();
      }
      if (number == CALLS / 4) { // once for certain, where chance may not come
        server.afterNext(() -> kill(holder()));
      }
      int seen = generation.get();
      boolean use = number % 4 == 0;
      Client.Response response = use ? use() : token();
      String kind = kind(use, response);
      count(kind);
      if (kind.equals("409 reauthorize")) {
        mend(seen);
      }
    }

    private Client.Response token() {
      return agent.get("/v0/vault/mail/token");
    }

    private Client.Response use() {
      return agent.send(
          "POST",
          "/v0/vault/mail/use",
          "{\"method\":\"GET\",\"url\":\"" + provider.at("/me") + "\"}");
    }

    private String kind(boolean use, Client.Response response) {
      int status = response.status();
      if (status == 200 && use) {
        return "use, upstream's " + response.body().path("status").asInt();
      }
      if (status == 200) {
        handedOut.add(response.body().path("accessToken").asText());
        return "token";
      }
      boolean ours = response.body().has("requestId");
      return ours
          ? status + " " + response.body().path("error").asText()
          : status + " of a killed instance";
    }

    /** Whoever holds the lease: the last that wrote one. */
    String holder() {
      return cloud.tap().callsOf("broker").stream()
          .filter(Call.operation("TransactWriteItems"))
          .filter(call -> call.status() == 200 && call.request().toString().contains("leaseId"))
          .reduce((first, second) -> second)
          .map(call -> Integer.toString(call.instance()))
          .orElse("");
    }

    private void killOne() {
      List<FunctionInstance> all = cloud.function("broker").instances();
      if (!all.isEmpty()) {
        FunctionInstance one;
        synchronized (random) {
          one = all.get(random.nextInt(all.size()));
        }
        killed.add(Integer.toString(one.number()));
        one.kill();
      }
    }

    private void kill(String number) {
      cloud.function("broker").instances().stream()
          .filter(each -> Integer.toString(each.number()).equals(number))
          .forEach(
              each -> {
                killed.add(number);
                each.kill();
              });
    }

    /** A human consents anew; once, however many were told. */
    private void mend(int seen) {
      synchronized (consents) {
        if (generation.get() != seen) {
          return;
        }
        String refreshToken = provider.consent(CLIENT);
        consents.add(refreshToken);
        ObjectNode credential = server.credential(refreshToken);
        ((ObjectNode) credential.path("data"))
            .put("clientId", CLIENT)
            .put("clientAuth", "post")
            .put("clientSecret", "s+e/c=r:e&t % of " + CLIENT);
        credential.putObject("use").putArray("allow").addObject().put("host", provider.address());
        assertThat(agent.put("mail", credential).status()).isEqualTo(200);
        generation.incrementAndGet();
      }
    }

    /** The last lease of a dead one ends, and a renewal tells what became of it. */
    void untilItWorks() throws InterruptedException {
      int renewals = server.exchanges().size();
      for (int tries = 0; tries < 60; tries++) {
        int seen = generation.get();
        String kind = kind(false, token());
        if (kind.equals("409 reauthorize")) {
          count(kind);
          mend(seen);
        } else if (kind.equals("token")
            && server.exchanges().size() > renewals
            && server.exchanges().getLast().isIssued()) {
          return;
        }
        Thread.sleep(1_000); // the server's tokens end by a clock of its own
      }
      throw new AssertionError("no renewal succeeds any more");
    }
  }

  private void count(String kind) {
    synchronized (answers) {
      answers.computeIfAbsent(kind, key -> new AtomicInteger()).incrementAndGet();
    }
  }

  private static Set<String> issued(List<Exchange> exchanges) {
    Set<String> issued = new HashSet<>();
    exchanges.forEach(each -> issued.add(each.answer().field("access_token")));
    return issued;
  }

  /** One at a time, each with what the one before was given, and not before a minute was left. */
  private void assertOncePerExpiry(List<Exchange> exchanges) {
    for (int i = 1; i < exchanges.size(); i++) {
      Exchange before = exchanges.get(i - 1);
      Exchange next = exchanges.get(i);
      assertThat(next.began()).isAfterOrEqualTo(before.ended());
      if (next.presented().equals(before.answer().field("refresh_token"))) {
        assertThat(next.began())
            .as("renewal " + i)
            .isAfterOrEqualTo(before.ended().plusSeconds(LIFETIME_SECONDS - 60).minusMillis(1));
      } else {
        // what the one before was given never came back, or a human consented anew
        assertThat(next.presented())
            .as("renewal " + i)
            .satisfiesAnyOf(
                presented -> assertThat(presented).isEqualTo(before.presented()),
                presented -> assertThat(consents).contains(presented));
      }
    }
  }

  private void assertLockedOutInTheWindowOnly(List<Exchange> exchanges) {
    int refused = 0;
    for (int i = 0; i < exchanges.size(); i++) {
      Exchange each = exchanges.get(i);
      if (each.isIssued()) {
        continue;
      }
      Exchange before = exchanges.get(i - 1);
      assertThat(each.answer().field("error")).isEqualTo("invalid_grant");
      assertThat(each.presented()).isEqualTo(before.presented());
      assertThat(killed).contains(before.who());
      refused += before.isIssued() ? 1 : 0; // else whoever was told so died before it could tell
    }
    assertThat(refused).as("the window was hit, at least where we aimed").isPositive();
    assertThat(answers).containsKey("409 reauthorize");
    assertThat(consents).as("every lock-out was told and mended").hasSize(refused + 1);
    Set<String> known =
        Set.of(
            "token",
            "use, upstream's 200",
            "use, upstream's 401", // of a grant that the server has ended
            "409 reauthorize",
            "500 of a killed instance",
            "503 unavailable");
    assertThat(answers.keySet()).isSubsetOf(known);
  }

  @SuppressWarnings("SystemOut") // the numbers are what a longer run is for
  private void report(List<Exchange> exchanges, Duration took) {
    System.out.printf(
        "%d calls, %d at once, %d s: %s; %d instances killed; %d token requests, %d refused%n",
        CALLS,
        AT_ONCE,
        took.toSeconds(),
        answers,
        killed.size(),
        exchanges.size(),
        exchanges.stream().filter(each -> !each.isIssued()).count());
  }
}
