package io.agentvault.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.api.Events;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.IdentityItem;
import io.agentvault.identity.Tokens;
import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import io.agentvault.vault.World;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The handlers, put together by the true wiring. */
class HandlersTest {
  private static final Tokens ISSUER = new Tokens();
  private static final String KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final String LIST = "/v0/platform/identities";

  private final World world = new World();
  private final NoKms kms = new NoKms();
  private final Wiring wiring =
      wiring(
          new Settings(
              Optional.of(KEY_ID),
              Optional.of(Tokens.ISSUER),
              Optional.of(ISSUER.jwks()),
              Optional.empty()));

  private Wiring wiring(VaultConfig config) {
    return new Wiring(config, world.table, kms);
  }

  @Test
  void theDeadlineIsWhatIsLeftOfTheInvocationLessAMargin() {
    MutableClock clock = new MutableClock();
    Deadline deadline = Invocation.deadline(new FakeContext(3_000), clock);

    assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(2_500));
    assertThat(deadline.clock()).isSameAs(clock);
  }

  @Test
  void theVaultFunctionAnswersAgentsAndRefusesEverybodyElse() throws IOException {
    VaultHandler handler = new VaultHandler(wiring);
    ObjectNode whoami = Events.http("GET", "/v0/whoami", world.agent());

    assertThat(invoke(handler, whoami).path("statusCode").asInt()).isEqualTo(200);
    assertThat(invoke(handler, Events.http("GET", "/v0/whoami")).path("statusCode").asInt())
        .isEqualTo(401);
    assertThatThrownBy(() -> invoke(handler, Events.json("{'action':'vault.list'}")))
        .isInstanceOf(Unauthorized.class);
    assertThatThrownBy(() -> invoke(handler, Events.json("{'action':'identity.list'}")))
        .isInstanceOf(BadRequest.class);
    assertThat(kms.timesAsked).isZero();
  }

  @Test
  void anInvocationWithoutTimeLeftIsUnavailable() {
    VaultHandler handler = new VaultHandler(wiring);
    ObjectNode whoami = Events.http("GET", "/v0/whoami", world.agent());

    assertThat(invoke(handler, whoami, 500).path("statusCode").asInt()).isEqualTo(503);
    assertThat(world.table.operations()).isEmpty();
    assertThat(invoke(new ReaperHandler(wiring), removal(AgentId.named("0".repeat(26))), 500))
        .hasToString("{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"}]}");
  }

  @Test
  void theIdentityFunctionAnswersOperatorsAndIam() throws IOException {
    IdentityHandler handler = new IdentityHandler(wiring);

    assertThat(invoke(handler, Events.http("GET", LIST, ISSUER.valid())).path("statusCode").asInt())
        .isEqualTo(200);
    assertThat(invoke(handler, Events.http("GET", LIST, "x")).path("statusCode").asInt())
        .isEqualTo(401);
    assertThat(invoke(handler, Events.json("{'action':'identity.list'}")).path("count").asInt())
        .isZero();
    assertThat(kms.timesAsked).isZero();
    ObjectNode create = Events.http("POST", LIST, ISSUER.valid());
    assertThat(invoke(handler, create).path("statusCode").asInt()).isEqualTo(500);
    assertThat(kms.timesAsked).as("the client is made when it is first needed").isEqualTo(1);
  }

  @Test
  void theReaperEmptiesWhatARemovedIdentityLeft() throws IOException {
    AgentId id = world.agent().claimedId();
    world.table.plant(
        java.util.Map.of(
            "pk", IdentityItem.partition(id),
            "sk", io.agentvault.remote.Attributes.text("CREDENTIAL#x")));
    world.table.takeAway(IdentityItem.key(id));

    assertThat(invoke(new ReaperHandler(wiring), removal(id)))
        .hasToString("{\"batchItemFailures\":[]}");
    assertThat(world.partition(id)).isEmpty();
  }

  private static ObjectNode removal(AgentId id) {
    return Events.json(
        "{'Records':[{'eventName':'REMOVE','dynamodb':{'SequenceNumber':'1','Keys':"
            + "{'pk':{'S':'AGENT#"
            + id
            + "'},'sk':{'S':'IDENTITY'}}}}]}");
  }

  @Test
  void whatIsNotSetIsNamedAndTriedAgainNextTime() {
    Wiring unset =
        wiring(
            new Settings(Optional.of(" "), Optional.empty(), Optional.empty(), Optional.empty()));
    VaultHandler vault = new VaultHandler(unset);
    for (int i = 0; i < 2; i++) {
      assertThatIllegalStateException()
          .isThrownBy(() -> invoke(vault, Events.json("{}")))
          .withMessage("VAULT_KMS_KEY_ID must be set");
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> invoke(new IdentityHandler(unset), Events.json("{}")))
        .withMessage("VAULT_KMS_KEY_ID must be set");
  }

  @Test
  void anIdentityFunctionWithoutAnIssuerLetsOnlyIamIn() throws IOException {
    Settings settings =
        new Settings(
            Optional.of(KEY_ID), Optional.empty(), Optional.of(ISSUER.jwks()), Optional.empty());
    IdentityHandler handler = new IdentityHandler(wiring(settings));
    assertThat(invoke(handler, Events.http("GET", LIST, ISSUER.valid())).path("statusCode").asInt())
        .isEqualTo(401);
    assertThat(invoke(handler, Events.json("{'action':'identity.list'}")).path("count").asInt())
        .isZero();
  }

  @Test
  void theOperatorsKeysMayStandBehindAnAddress() {
    Settings settings =
        new Settings(
            Optional.of(KEY_ID),
            Optional.of(Tokens.ISSUER),
            Optional.of(" "),
            Optional.of("http://127.0.0.1:1/jwks"));

    assertThat(
            invoke(new IdentityHandler(wiring(settings)), Events.http("GET", LIST, ISSUER.valid()))
                .path("statusCode")
                .asInt())
        .isEqualTo(503);
  }

  @Test
  void withoutAnIssuerThereIsNoOperatorOverHttp() {
    Settings settings =
        new Settings(Optional.of(KEY_ID), Optional.of(" "), Optional.empty(), Optional.empty());

    assertThat(
            invoke(new IdentityHandler(wiring(settings)), Events.http("GET", LIST, ISSUER.valid()))
                .path("statusCode")
                .asInt())
        .isEqualTo(401);
  }

  private static ObjectNode invoke(RequestStreamHandler handler, ObjectNode event) {
    return invoke(handler, event, 30_000);
  }

  private static ObjectNode invoke(
      RequestStreamHandler handler, ObjectNode event, int millisecondsLeft) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try {
      handler.handleRequest(
          new ByteArrayInputStream(event.toString().getBytes(UTF_8)),
          output,
          new FakeContext(millisecondsLeft));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return Events.parse(output.toByteArray());
  }

  /** What is set, the rest by default. */
  record Settings(
      Optional<String> kmsKeyId,
      Optional<String> operatorIssuer,
      Optional<String> operatorJwks,
      Optional<String> operatorJwksUrl)
      implements VaultConfig {
    @Override
    public String table() {
      return InMemoryTable.NAME;
    }

    @Override
    public String logTable() {
      return InMemoryTable.LOG;
    }

    @Override
    public int retentionDays() {
      return 90;
    }

    @Override
    public int trustConnectionSeconds() {
      return 5;
    }

    @Override
    public Optional<String> signingKeyId() {
      return Optional.of(KEY_ID);
    }

    @Override
    public Optional<String> formerSigningKeys() {
      return Optional.empty();
    }

    @Override
    public String recordReads() {
      return "durable";
    }

    @Override
    public Optional<String> stage() {
      return Optional.of("test");
    }

    @Override
    public int dataKeyCacheTtl() {
      return 300;
    }

    @Override
    public boolean logLabels() {
      return false;
    }

    @Override
    public String operatorAudience() {
      return Tokens.AUDIENCE;
    }

    @Override
    public Optional<String> depositClientId() {
      return Optional.empty();
    }

    @Override
    public Optional<String> publicUrl() {
      return Optional.empty();
    }

    @Override
    public Optional<List<String>> allowedOrigins() {
      return Optional.empty();
    }

    @Override
    public Optional<List<String>> allowedUpstreams() {
      return Optional.empty();
    }

    @Override
    public Optional<List<String>> privateRanges() {
      return Optional.empty();
    }

    @Override
    public Optional<List<String>> localUpstreams() {
      return Optional.empty();
    }

    @Override
    public long operatorTokenMaxSeconds() {
      return Tokens.RULES.longestLife().toSeconds();
    }

    @Override
    public long quotaCredentials() {
      return 10_000;
    }

    @Override
    public long quotaBytes() {
      return 1 << 20;
    }

    @Override
    public boolean multiTenant() {
      return false;
    }

    @Override
    public int recoveryDays() {
      return 0;
    }

    @Override
    public Optional<String> oldTableUntil() {
      return Optional.empty();
    }
  }
}
