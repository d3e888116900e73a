package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.evidence.Entry;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.table.Faults;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.problem.UpstreamTimeout;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.RoundTrips;
import io.agentvault.vault.Content;
import io.agentvault.vault.CredentialType;
import io.agentvault.vault.Data;
import io.agentvault.vault.HostPattern;
import io.agentvault.vault.Label;
import io.agentvault.vault.Precondition;
import io.agentvault.vault.UsePolicyCodec;
import io.agentvault.vault.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsesTest {
  private static final String SECRET = "sk-canary \"ü\"/+ 0123456789";
  private static final String PLAIN = "sk-canary-0123456789";
  private static final Label LABEL = Label.parse("github");

  private final World world = new World();
  private final AgentKey key = world.agent();
  private final List<Outgoing> sent = new ArrayList<>();
  private final List<String> records = new ArrayList<>();
  private Upstream upstream = this::echo;

  @Test
  void theSecretIsPutInAndWhatTheUpstreamRepeatsComesBackWithoutIt() {
    store(PLAIN, "{\"allow\":[{\"host\":\"api.example.com\"}],\"reveal\":false}");

    Reply reply = use("GET", "https://api.example.com/x?y=1").reply();

    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst().headers())
        .filteredOn(each -> each.key().equals("authorization"))
        .extracting(Header::value)
        .containsExactly("Bearer " + PLAIN);
    assertNoSecretIn(reply, PLAIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"bearer\",\"field\":\"key\"}",
        "{\"type\":\"basic\",\"username\":\"key\",\"password\":\"literal:x\"}",
        "{\"type\":\"basic\",\"username\":\"literal:me\",\"password\":\"key\"}",
        "{\"type\":\"header\",\"name\":\"X-Token\",\"field\":\"key\",\"prefix\":\"token \"}",
        "{\"type\":\"query\",\"name\":\"api_key\",\"field\":\"key\"}"
      })
  void anEchoInAnyFormHoldsNoSecretHoweverItWasPutIn(String as) {
    boolean inQuery = as.contains("query");
    String secret = inQuery ? SECRET : PLAIN;
    store(secret, "{\"allow\":[{\"host\":\"api.example.com\"}],\"as\":" + as + "}");

    Reply reply = use("POST", "https://api.example.com/").reply();

    assertThat(sent).hasSize(1);
    assertNoSecretIn(reply, secret);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    https://api.example.com/repos/acme-evil/x,  path",
    "GET,    https://api.example.com/repos/acme/../evil, dot segments",
    "GET,    https://api.example.com/repos/acme/%2e%2e,  dot segments",
    "DELETE, https://api.example.com/repos/acme/x,       method",
    "GET,    https://api.example.com.evil.com/repos/acme/x, host",
    "GET,    https://evil.com/repos/acme/x,              host",
    "GET,    https://api.example.com:8443/repos/acme/x,  host",
    "GET,    http://api.example.com/repos/acme/x,        https",
    "GET,    http://api.example.com:443/repos/acme/x,    https",
    "GET,    https://a@api.example.com/repos/acme/x,     user name",
    "GET,    https://0x7f000001/repos/acme/x,            host",
    "GET,    https://[::1]/repos/acme/x,                 host",
  })
  void whatThePolicyDoesNotAllowIsNeverSent(String method, String url, String says) {
    store(
        PLAIN,
        """
        {"allow":[{"host":"api.example.com","methods":["GET"],"paths":["/repos/acme/**"]},
                  {"host":"other.example.com"}]}""");

    assertThatThrownBy(() -> use(method, url))
        .isInstanceOfAny(Forbidden.class, BadRequest.class)
        .hasMessageContaining(says);
    assertThat(sent).isEmpty();
    assertThat(records).allMatch(each -> each.startsWith("refused"));
  }

  @Test
  void theCallersOwnHeadersOfTheMessageAndOfTheSecretAreNotPassedOn() {
    store(PLAIN, "{\"allow\":[{\"host\":\"api.example.com\"}]}");
    List<Header> own = new ArrayList<>();
    for (String name :
        List.of(
            "authorization",
            "Host",
            "Cookie",
            "Content-Length",
            "Transfer-Encoding",
            "Range",
            "If-Range",
            "X-Forwarded-For",
            "Forwarded",
            "X-Amzn-Trace-Id",
            "X-HTTP-Method-Override",
            "Connection")) {
      own.add(new Header(name, "mine"));
    }
    own.add(new Header("Idempotency-Key", "1"));

    uses(List.of())
        .use(
            key,
            LABEL,
            call("GET", new Call.Place.Url("https://api.example.com/"), own, Set.of()),
            world.deadline());

    assertThat(sent.getFirst().headers())
        .extracting(Header::name)
        .containsExactlyInAnyOrder("Idempotency-Key", "Authorization");
  }

  @Test
  void theDeploymentsCeilingHoldsOverEveryPolicy() {
    store(PLAIN, "{\"allow\":[{\"host\":\"api.example.com\"}]}");
    Uses within = uses(List.of(HostPattern.parse("x", "*.other.com")));
    Call call = call("GET", new Call.Place.Url("https://api.example.com/"), List.of(), Set.of());

    assertThatThrownBy(() -> within.use(key, LABEL, call, world.deadline()))
        .isInstanceOf(Forbidden.class)
        .hasMessageContaining("deployment");
    assertThat(sent).isEmpty();
  }

  @Test
  void theRequestLogIsToldOfAUsesHostAndEntryAndOfNoneThatWasRefused() {
    store(PLAIN, "{\"allow\":[{\"host\":\"api.example.com\",\"methods\":[\"GET\"]}]}");
    Uses within = uses(List.of(HostPattern.parse("x", "*.example.com")));
    Call.Place place = new Call.Place.Url("https://api.example.com/");
    Deadline deadline = world.deadline();

    within.use(key, LABEL, call("GET", place, List.of(), Set.of()), deadline);
    assertThat(deadline.roundTrips().calls("upstream")).isEqualTo(1);
    assertThat(deadline.roundTrips().upstream())
        .contains(new RoundTrips.Upstream("api.example.com", Optional.of("*.example.com")));

    Deadline other = world.deadline();
    Call refused = call("PUT", place, List.of(), Set.of());
    assertThatThrownBy(() -> within.use(key, LABEL, refused, other)).isInstanceOf(Forbidden.class);
    assertThat(other.roundTrips().upstream()).isEmpty();
  }

  @Test
  void theProxyFormGoesToTheFirstHostAndTheKeyStandsOnlyWhereTheSecretWill() {
    store(
        PLAIN,
        """
        {"allow":[{"host":"api.example.com"}],
         "as":{"type":"header","name":"X-Token","field":"key"}}""");
    Call.Place place = new Call.Place.FirstHost("/a?b=c");

    uses(List.of())
        .use(key, LABEL, call("GET", place, List.of(), Set.of("x-token")), world.deadline());

    assertThat(sent.getFirst().target().url()).isEqualTo("https://api.example.com/a?b=c");
    Call elsewhere = call("GET", place, List.of(), Set.of("x-other"));
    assertThatThrownBy(() -> uses(List.of()).use(key, LABEL, elsewhere, world.deadline()))
        .isInstanceOf(BadRequest.class);
  }

  @Test
  void theProxyFormNeedsAFirstHostThatIsOneHost() {
    store(PLAIN, "{\"allow\":[{\"host\":\"*.example.com\"},{\"host\":\"api.example.com\"}]}");
    Call call = call("GET", new Call.Place.FirstHost("/a"), List.of(), Set.of());

    assertThatThrownBy(() -> uses(List.of()).use(key, LABEL, call, world.deadline()))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("first host");
    assertThat(sent).isEmpty();
  }

  @Test
  void theAttemptIsOnRecordBeforeTheCallAndTheOutcomeAfterIt() {
    store(PLAIN, "{\"allow\":[{\"host\":\"api.example.com\"}]}");
    upstream =
        (outgoing, deadline) -> {
          records.add("called");
          throw new UpstreamTimeout("the upstream did not answer in time");
        };

    assertThatThrownBy(() -> use("GET", "https://api.example.com/x?secret=1"))
        .isInstanceOf(UpstreamTimeout.class);

    assertThat(records)
        .containsExactly("before GET api.example.com /x", "called", "failed upstream_timeout");
  }

  @Test
  void anotherAgentsKeyAndACredentialWithoutAPolicyUseNothing() {
    store(PLAIN, "{\"allow\":[]}");

    assertThatThrownBy(() -> use("GET", "https://api.example.com/")).isInstanceOf(Forbidden.class);
    AgentKey other = world.agent();
    Call call = call("GET", new Call.Place.Url("https://api.example.com/"), List.of(), Set.of());
    assertThatThrownBy(() -> uses(List.of()).use(other, LABEL, call, world.deadline()))
        .isInstanceOf(Problem.class)
        .isNotInstanceOf(Unauthorized.class)
        .hasMessageContaining("credential");
    assertThat(sent).isEmpty();
  }

  @Test
  void onDurableRecordsTheAttemptIsWrittenOrThereIsNoCallAndALostOutcomeIsSaid() {
    store(PLAIN, "{\"allow\":[{\"host\":\"api.example.com\",\"paths\":[\"/x\"]}]}");
    Witness witness = Witness.of(world.evidence.recorder());

    assertThat(used(witness, "/x?token=1").recorded()).isTrue();
    assertThat(world.records(key.claimedId()).subList(0, 2))
        .extracting(Entry::status)
        .containsExactly(Entry.Status.SUCCESS, Entry.Status.ATTEMPT);
    assertThat(world.records(key.claimedId()).getFirst().upstream())
        .contains(new Entry.Upstream("api.example.com", "GET", "/x", Optional.of(200)));

    world.table.reset();
    world.table.fail(3, Faults.timeout()); // the read, the attempt, the outcome
    assertThat(used(witness, "/x").recorded()).isFalse();

    sent.clear();
    world.table.reset();
    world.table.fail(2, Faults.timeout());
    assertThatThrownBy(() -> used(witness, "/x")).isInstanceOf(Unavailable.class);
    assertThat(sent).isEmpty();

    world.table.reset();
    assertThatThrownBy(() -> used(witness, "/y")).isInstanceOf(Forbidden.class);
    assertThat(world.records(key.claimedId()).getFirst())
        .satisfies(
            denied -> {
              assertThat(denied.status()).isEqualTo(Entry.Status.DENIED);
              assertThat(denied.upstream().orElseThrow().path()).isEqualTo("/y");
            });
  }

  private Used used(Witness witness, String path) {
    world.clock.advance(Duration.ofSeconds(1));
    return uses(List.of(), witness)
        .use(
            key,
            LABEL,
            call("GET", new Call.Place.Url("https://api.example.com" + path), List.of(), Set.of()),
            world.deadline());
  }

  private Used use(String method, String url) {
    return uses(List.of())
        .use(
            key,
            LABEL,
            call(method, new Call.Place.Url(url), List.of(), Set.of()),
            world.deadline());
  }

  private Call call(String method, Call.Place place, List<Header> headers, Set<String> keyHeaders) {
    return new Call(method, place, headers, new byte[0], presented(), keyHeaders);
  }

  private String presented() {
    return new String(key.text().expose(), UTF_8);
  }

  private Uses uses(List<HostPattern> ceiling) {
    return uses(
        ceiling,
        new Witness() {
          @Override
          public void before(Attempt attempt) {
            records.add("before " + attempt.method() + " " + attempt.host() + " " + attempt.path());
          }

          @Override
          public boolean answered(Attempt attempt, int status) {
            records.add("answered " + status);
            return true;
          }

          @Override
          public void refused(Attempt attempt, Problem problem) {
            records.add("refused " + attempt.path());
          }

          @Override
          public void failed(Attempt attempt, Problem problem) {
            records.add("failed " + problem.code());
          }
        });
  }

  private Uses uses(List<HostPattern> ceiling, Witness witness) {
    return new Uses(
        world.vault(),
        world
            .vaults
            .accessTokens()
            .apply(
                (grant, refreshToken, deadline) -> {
                  throw new AssertionError("no token is asked for here");
                }),
        new Places(List.of(), Set.of()),
        ceiling,
        (outgoing, deadline) -> upstream.call(outgoing, deadline),
        new Injector(world.clock),
        witness);
  }

  /** Repeats all that it was given, and the caller's key, in every form that is scrubbed. */
  private Reply echo(Outgoing outgoing, Deadline deadline) {
    sent.add(outgoing);
    StringBuilder body = new StringBuilder();
    List<Header> headers = new ArrayList<>();
    List<String> given = new ArrayList<>(List.of(outgoing.target().url(), presented()));
    outgoing.headers().forEach(each -> given.add(each.value()));
    for (String text : given) {
      byte[] bytes = text.getBytes(UTF_8);
      body.append(text).append('\n').append(URLEncoder.encode(text, UTF_8)).append('\n');
      body.append(HexFormat.of().formatHex(bytes)).append('\n');
      for (String before : List.of("", "x", "xy")) {
        String shifted = before + text;
        body.append(Base64.getEncoder().encodeToString(shifted.getBytes(UTF_8))).append('\n');
        body.append(Base64.getUrlEncoder().encodeToString(shifted.getBytes(UTF_8))).append('\n');
      }
      headers.add(new Header("X-Echo", text));
    }
    return new Reply(200, headers, body.toString().getBytes(UTF_8));
  }

  private void assertNoSecretIn(Reply reply, String secret) {
    StringBuilder all = new StringBuilder(new String(reply.body(), UTF_8));
    reply.headers().forEach(each -> all.append(each.value()).append('\n'));
    for (String each : List.of(secret, presented())) {
      byte[] bytes = each.getBytes(UTF_8);
      assertThat(all.toString())
          .doesNotContain(
              each,
              URLEncoder.encode(each, UTF_8),
              URLEncoder.encode(each, UTF_8).replace("+", "%20"),
              HexFormat.of().formatHex(bytes),
              Base64.getEncoder().encodeToString(bytes).substring(0, 16));
    }
  }

  private void store(String secret, String policy) {
    try {
      ObjectMapper json = new ObjectMapper();
      Content content =
          Content.checked(
                  CredentialType.API_KEY,
                  Data.of(json.createObjectNode().put("key", secret)),
                  Optional.empty(),
                  Optional.empty())
              .with(
                  UsePolicyCodec.parse(CredentialType.API_KEY, (ObjectNode) json.readTree(policy)));
      world.vault().store(key, LABEL, content, new Precondition.None(), world.deadline());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
