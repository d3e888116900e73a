package io.agentvault.lambda;

import io.agentvault.api.BrokerApi;
import io.agentvault.api.Endpoint;
import io.agentvault.api.IdentityApi;
import io.agentvault.api.Json;
import io.agentvault.api.Links;
import io.agentvault.api.RecordLines;
import io.agentvault.api.RequestLog;
import io.agentvault.api.ScribeEvent;
import io.agentvault.api.SigningKeys;
import io.agentvault.api.StreamEvent;
import io.agentvault.api.VaultApi;
import io.agentvault.broker.AddressRange;
import io.agentvault.broker.Places;
import io.agentvault.broker.SignIn;
import io.agentvault.broker.Uses;
import io.agentvault.broker.Witness;
import io.agentvault.crypto.Binding;
import io.agentvault.crypto.DataKeyMinter;
import io.agentvault.crypto.DataKeyUnwrapper;
import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.Envelope;
import io.agentvault.crypto.Randomness;
import io.agentvault.crypto.Secret;
import io.agentvault.crypto.Signer;
import io.agentvault.evidence.Checkpoints;
import io.agentvault.evidence.Counts;
import io.agentvault.evidence.Evidence;
import io.agentvault.evidence.Log;
import io.agentvault.evidence.Notary;
import io.agentvault.evidence.Recorder;
import io.agentvault.evidence.Scribe;
import io.agentvault.identity.DynamoDbIdentityStore;
import io.agentvault.identity.DynamoDbRemains;
import io.agentvault.identity.Identities;
import io.agentvault.identity.OperatorKeySet;
import io.agentvault.identity.OperatorTokens;
import io.agentvault.identity.ReceiptSigner;
import io.agentvault.identity.Recovery;
import io.agentvault.identity.Revocation;
import io.agentvault.identity.Tenancy;
import io.agentvault.mcp.Mcp;
import io.agentvault.mcp.Origins;
import io.agentvault.remote.Backoff;
import io.agentvault.vault.HostPattern;
import io.agentvault.vault.OperatorDeposits;
import io.agentvault.vault.Quota;
import io.agentvault.vault.Vaults;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * How the functions are put together: one clock, one source of randomness, and each remote client
 * made when it is first needed.
 */
@Singleton
final class Wiring {
  private final VaultConfig config;
  private final DynamoDbClient dynamoDb;
  private final Instance<KmsClient> kms;
  private final Clock clock = Clock.systemUTC();
  private final Randomness randomness = Randomness.secure();
  private final Backoff backoff =
      new Backoff(() -> ThreadLocalRandom.current().nextDouble(), Backoff.Pause.real());

  Wiring(VaultConfig config, DynamoDbClient dynamoDb, Instance<KmsClient> kms) {
    this.config = config;
    this.dynamoDb = dynamoDb;
    this.kms = kms;
  }

  Clock clock() {
    return clock;
  }

  Endpoint vault() {
    return new Endpoint(new VaultApi(vaults(), allowedUpstreams()), requestLog(config.logLabels()));
  }

  /**
   * Seals nothing and opens it again, under a key that nobody keeps: so the ciphers are found among
   * the JDK's providers, and the source of randomness is open, before somebody waits for them.
   */
  void practise() {
    Binding nowhere = new Binding("", "", "", Binding.Part.DATA);
    try (Secret key = Secret.of(randomness.bytes(DataKeyUnwrapper.DATA_KEY_BYTES))) {
      Envelope.Keyed keyed = new Envelope(randomness).under(key);
      keyed.open(nowhere, keyed.seal(nowhere, new byte[0]));
    }
  }

  private Vaults vaults() {
    DataKeys dataKeys =
        new DataKeys(
            DataKeyUnwrapper.kms(kms::get, kmsKeyId()),
            clock,
            Duration.ofSeconds(config.dataKeyCacheTtl()));
    return Vaults.onDynamoDb(
        dynamoDb,
        config.table(),
        evidence(recorder()),
        backoff,
        dataKeys,
        Json.STORED,
        randomness,
        clock,
        new Quota(config.quotaCredentials(), config.quotaBytes()));
  }

  private Evidence evidence(Recorder recorder) {
    return new Evidence(records(), recorder, new Counts(dynamoDb, config.logTable()));
  }

  private Log records() {
    return Log.onDynamoDb(
        dynamoDb, backoff, config.logTable(), Duration.ofDays(config.retentionDays()), Json.MAPPER);
  }

  /** As the deployment has agents' reads recorded. */
  private Recorder recorder() {
    return switch (config.recordReads()) {
      case "durable" -> Recorder.durable(records());
      case "line" ->
          Recorder.withReadsAsLines(records(), new RecordLines(Wiring::print, config.logLabels()));
      default -> throw new IllegalStateException("VAULT_RECORD_READS must be durable or line");
    };
  }

  Endpoint identity() {
    DynamoDbIdentityStore store = new DynamoDbIdentityStore(dynamoDb, backoff, config.table());
    Evidence evidence = evidence(Recorder.durable(records()));
    Identities identities =
        new Identities(
            store,
            DataKeyMinter.kms(kms::get, kmsKeyId()),
            evidence.recorder(),
            randomness,
            clock,
            backoff);
    return new Endpoint(
        new IdentityApi(
            new Once<>(this::operatorTokens),
            identities,
            revocation(signer()),
            OperatorDeposits.onDynamoDb(
                dynamoDb,
                config.table(),
                backoff,
                evidence.recorder(),
                identities,
                Json.MAPPER,
                randomness,
                clock),
            new Links(publicUrl()),
            tenancy(),
            evidence,
            checkpoints(),
            allowedUpstreams()),
        requestLog(false));
  }

  Endpoint broker() {
    Vaults vaults = vaults();
    return new Endpoint(
        new BrokerApi(
            vaults,
            uses(vaults),
            new Links(publicUrl()),
            McpProtocol.of(mcp()),
            new SigningKeys(signer(), config.formerSigningKeys().filter(text -> !text.isBlank())),
            signIn(),
            allowedUpstreams()),
        requestLog(config.logLabels()));
  }

  private Optional<SignIn> signIn() {
    return config
        .depositClientId()
        .filter(text -> !text.isBlank())
        .map(
            clientId ->
                SignIn.overNetwork(
                    clientId,
                    given(config.operatorIssuer(), "VAULT_OPERATOR_ISSUER"),
                    places(),
                    Json.MAPPER,
                    clock));
  }

  private Places places() {
    return new Places(
        listed(config.privateRanges()).stream().map(AddressRange::parse).toList(),
        Set.copyOf(listed(config.localUpstreams())));
  }

  private Uses uses(Vaults vaults) {
    return Uses.overNetwork(
        vaults,
        places(),
        allowedUpstreams(),
        randomness,
        clock,
        Witness.of(Recorder.durable(records())));
  }

  private List<HostPattern> allowedUpstreams() {
    return listed(config.allowedUpstreams()).stream()
        .map(text -> HostPattern.parse("VAULT_ALLOWED_UPSTREAMS", text))
        .toList();
  }

  private static List<String> listed(Optional<List<String>> values) {
    return values.orElse(List.of()).stream().map(String::strip).filter(v -> !v.isEmpty()).toList();
  }

  private Mcp mcp() {
    Set<String> origins = new HashSet<>(config.allowedOrigins().orElse(List.of()));
    publicUrl().ifPresent(origins::add);
    return new Mcp(Json.MAPPER, new Origins(origins), McpProtocol.VERSION, backoff.pause());
  }

  private Optional<String> publicUrl() {
    return config
        .publicUrl()
        .filter(text -> !text.isBlank())
        .map(text -> text.replaceFirst("/+$", ""));
  }

  ScribeEvent scribe() {
    return new ScribeEvent(
        Scribe.onDynamoDb(
            dynamoDb,
            backoff,
            config.logTable(),
            signer()
                .orElseThrow(() -> new IllegalStateException("VAULT_SIGNING_KEY_ID must be set")),
            Duration.ofDays(config.retentionDays()),
            Json.MAPPER,
            clock),
        requestLog(false));
  }

  private Optional<Signer> signer() {
    return config
        .signingKeyId()
        .filter(text -> !text.isBlank())
        .map(keyId -> Signer.kms(kms::get, keyId));
  }

  private Checkpoints checkpoints() {
    return Checkpoints.onDynamoDb(dynamoDb, backoff, config.logTable(), Json.MAPPER);
  }

  StreamEvent reaper() {
    return new StreamEvent(revocation(Optional.empty()), requestLog(false));
  }

  private Revocation revocation(Optional<Signer> signer) {
    DynamoDbIdentityStore store = new DynamoDbIdentityStore(dynamoDb, backoff, config.table());
    return new Revocation(
        store,
        new DynamoDbRemains(dynamoDb, backoff, config.table()),
        Recorder.durable(records()),
        clock,
        Recovery.of(Duration.ofDays(config.recoveryDays()), config.oldTableUntil().orElse("")),
        signer.map(each -> new ReceiptSigner(store, new Notary(checkpoints(), each, Json.MAPPER))));
  }

  private RequestLog requestLog(boolean labels) {
    return new RequestLog(Wiring::print, labels, config.stage().filter(name -> !name.isBlank()));
  }

  private Optional<OperatorTokens> operatorTokens() {
    return config
        .operatorIssuer()
        .filter(text -> !text.isBlank())
        .map(issuer -> new OperatorTokens(operatorRules(issuer), operatorKeys(), clock));
  }

  private OperatorTokens.Rules operatorRules(String issuer) {
    return new OperatorTokens.Rules(
        issuer,
        config.operatorAudience(),
        tenancy(),
        Duration.ofSeconds(config.operatorTokenMaxSeconds()));
  }

  private Tenancy tenancy() {
    return config.multiTenant() ? Tenancy.MULTIPLE : Tenancy.SINGLE;
  }

  private VerificationKeyResolver operatorKeys() {
    Optional<String> inline = config.operatorJwks().filter(text -> !text.isBlank());
    return inline.isPresent()
        ? OperatorKeySet.inline(inline.get())
        : OperatorKeySet.published(
            given(config.operatorJwksUrl(), "VAULT_OPERATOR_JWKS or VAULT_OPERATOR_JWKS_URL"));
  }

  private String kmsKeyId() {
    return given(config.kmsKeyId(), "VAULT_KMS_KEY_ID");
  }

  private static String given(Optional<String> value, String variable) {
    return value
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> new IllegalStateException(variable + " must be set"));
  }

  /** Standard output is what Lambda logs; one write, so that lines never mix. */
  @SuppressWarnings("SystemOut")
  static void print(String line) {
    System.out.println(line);
  }
}
