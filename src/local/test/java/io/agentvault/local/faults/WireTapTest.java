package io.agentvault.local.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentvault.local.host.Account;
import io.agentvault.local.keys.KmsKey;
import io.agentvault.local.keys.LocalKms;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Through the real SDK with its retries off, over the local KMS. */
final class WireTapTest {
  private static final Predicate<Call> DESCRIBE = Call.operation("DescribeKey");

  private final LocalKms service = new LocalKms(Optional.empty());
  private final String key = service.keys().create("tapped").id();
  private final WireTap tap = new WireTap(Map.of("kms", service.endpoint()));
  private KmsClient kms = client("LOCALVAULT", 3, 0);

  private KmsClient client(String accessKey, int instance, int retries) {
    return KmsClient.builder()
        .endpointOverride(URI.create(tap.url("kms")))
        .region(Region.of(Account.REGION))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsSessionCredentials.create(accessKey, "local", "local-instance-" + instance)))
        .httpClient(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(2)).build())
        .overrideConfiguration(
            configuration ->
                configuration.retryStrategy(strategy -> strategy.maxAttempts(retries + 1)))
        .build();
  }

  @BeforeEach
  void connect() {
    describe();
    tap.clear();
  }

  @AfterEach
  void stop() {
    kms.close();
    tap.close();
    service.close();
  }

  private void describe() {
    assertThat(kms.describeKey(request -> request.keyId(key)).keyMetadata().keyId()).isEqualTo(key);
  }

  private void breaks(Fault fault) {
    FaultRule rule = tap.fault(DESCRIBE, fault);
    assertThatExceptionOfType(SdkClientException.class).isThrownBy(this::describe);
    assertThat(rule.struck()).isEqualTo(1);
    describe();
    assertThat(rule.struck()).isEqualTo(1);
  }

  @Test
  void aPingIsAnsweredAndIsNoCall() throws IOException {
    try (InputStream answer = URI.create(tap.url("kms") + "/ping").toURL().openStream()) {
      assertThat(answer.readAllBytes()).asString(UTF_8).isEqualTo("healthy");
    }
    assertThat(tap.calls()).isEmpty();
  }

  @Test
  void aCallSaysWhoCalledWhat() {
    describe();
    Call call = tap.calls().getFirst();
    assertThat(call.function()).isEqualTo("vault");
    assertThat(call.instance()).isEqualTo(3);
    assertThat(call.service()).isEqualTo("kms");
    assertThat(call.operation()).isEqualTo("DescribeKey");
    assertThat(call.request().getString("KeyId")).isEqualTo(key);
    assertThat(call.status()).isEqualTo(200);
    assertThat(call.answerJson().containsKey("KeyMetadata")).isTrue();
    assertThat(call.took()).isPositive();
    assertThat(call.toString()).matches("#\\d+ vault-3 kms\\.DescribeKey 200");
  }

  @Test
  void callsAreToldApartByFunction() {
    describe();
    kms.close();
    kms = client("LOCALREAPER", 1, 0);
    describe();
    kms.close();
    kms = client("AKIAOTHER", 1, 0);
    describe();
    assertThat(tap.callsOf("vault")).hasSize(1);
    assertThat(tap.callsOf("reaper")).hasSize(1);
    assertThat(tap.callsOf("")).hasSize(1);
    assertThat(tap.calls()).extracting(Call::sequence).isSorted().hasSize(3);
  }

  @Test
  void aResetBeforeTheCallKeepsItFromTheService() {
    tap.fault(Call.operation("DisableKey"), Fault.resetBefore());
    assertThatExceptionOfType(SdkClientException.class)
        .isThrownBy(() -> kms.disableKey(request -> request.keyId(key)));
    assertThat(service.keys().find(key).state()).isEqualTo(KmsKey.State.ENABLED);
    assertThat(tap.calls().getFirst().status()).isZero();
  }

  @Test
  void aLostAnswerLeavesTheServiceHavingActed() {
    tap.fault(Call.operation("DisableKey"), Fault.resetAfter());
    assertThatExceptionOfType(SdkClientException.class)
        .isThrownBy(() -> kms.disableKey(request -> request.keyId(key)));
    assertThat(service.keys().find(key).state()).isEqualTo(KmsKey.State.DISABLED);
  }

  @Test
  void halfAnAnswerIsNone() {
    breaks(Fault.halfAnswer());
  }

  @Test
  void aHangLastsUntilTheCallerGivesUp() {
    breaks(Fault.hang());
  }

  @Test
  void aDelayHoldsTheCallBack() {
    tap.fault(DESCRIBE, Fault.delay(Duration.ofMillis(120)));
    describe();
    assertThat(tap.calls().getFirst().took()).isGreaterThanOrEqualTo(Duration.ofMillis(120));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DisabledException",
        "KMSInvalidStateException",
        "AccessDeniedException",
        "ThrottlingException",
        "KMSInternalException"
      })
  void aKmsErrorReachesTheCallerUnderItsName(String exception) {
    tap.fault(DESCRIBE, Fault.kmsError(exception));
    assertThatExceptionOfType(KmsException.class)
        .isThrownBy(this::describe)
        .satisfies(e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(exception));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503})
  void anHttpErrorReachesTheCallerWithItsStatus(int status) {
    tap.fault(DESCRIBE, Fault.httpError(status));
    assertThatExceptionOfType(KmsException.class)
        .isThrownBy(this::describe)
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(status));
  }

  @Test
  void everyRetryIsACall() {
    kms.close();
    kms = client("LOCALVAULT", 1, 2);
    FaultRule rule = tap.fault(DESCRIBE, Fault.httpError(500), number -> number <= 2);
    describe();
    assertThat(rule.struck()).isEqualTo(2);
    assertThat(tap.calls()).extracting(Call::status).containsExactly(500, 500, 200);
  }

  @Test
  void hooksRunBeforeAndAfterTheServiceActs() {
    List<KmsKey.State> seen = new ArrayList<>();
    Predicate<Call> disable = Call.operation("DisableKey");
    tap.fault(disable, Fault.before(call -> seen.add(service.keys().find(key).state())));
    tap.fault(disable, Fault.after(call -> seen.add(service.keys().find(key).state())));
    kms.disableKey(request -> request.keyId(key));
    assertThat(seen).containsExactly(KmsKey.State.ENABLED, KmsKey.State.DISABLED);
  }

  @Test
  void onlyTheNumberedMatchIsStruck() {
    tap.fault(DESCRIBE, Fault.httpError(500), number -> number == 2);
    describe();
    assertThatExceptionOfType(KmsException.class).isThrownBy(this::describe);
    describe();
    tap.clearFaults();
    tap.fault(DESCRIBE, Fault.httpError(500), FaultRule.Times.ALWAYS);
    assertThatExceptionOfType(KmsException.class).isThrownBy(this::describe);
    assertThatExceptionOfType(KmsException.class).isThrownBy(this::describe);
  }
}
