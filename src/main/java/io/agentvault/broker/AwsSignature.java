package io.agentvault.broker;

import static io.agentvault.broker.Injector.required;

import io.agentvault.vault.Injection;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** AWS Signature Version 4, made by the SDK's own signer. */
final class AwsSignature {
  private final Clock clock;

  AwsSignature(Clock clock) {
    this.clock = clock;
  }

  Injected sign(Injection.AwsSigV4 how, Function<String, Optional<String>> fields, Outgoing call) {
    AwsCredentialsIdentity credentials = credentials(fields);
    boolean isS3 = how.service().equals("s3");
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                request ->
                    request
                        .identity(credentials)
                        .request(unsigned(call))
                        .payload(payload(call.body()))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, how.service())
                        .putProperty(AwsV4HttpSigner.REGION_NAME, how.region())
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, !isS3)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, !isS3)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock));
    return injected(call, signed.request(), fields);
  }

  private static ContentStreamProvider payload(byte[] body) {
    return () -> new ByteArrayInputStream(body);
  }

  private static AwsCredentialsIdentity credentials(Function<String, Optional<String>> fields) {
    String id = required(fields, "accessKeyId");
    String secret = required(fields, "secretAccessKey");
    return fields
        .apply("sessionToken")
        .<AwsCredentialsIdentity>map(
            token -> AwsSessionCredentialsIdentity.create(id, secret, token))
        .orElseGet(() -> AwsCredentialsIdentity.create(id, secret));
  }

  private static SdkHttpRequest unsigned(Outgoing call) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    call.headers()
        .forEach(
            each ->
                headers.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each.value()));
    return SdkHttpRequest.builder()
        .uri(URI.create(call.target().url()))
        .method(SdkHttpMethod.fromValue(call.method()))
        .headers(headers)
        .build();
  }

  private static Injected injected(
      Outgoing call, SdkHttpRequest signed, Function<String, Optional<String>> fields) {
    List<Header> headers = new ArrayList<>();
    signed.forEachHeader(
        (name, values) -> {
          if (HeaderRules.isSent(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> headers.add(new Header(name, value)));
          }
        });
    List<String> secrets = new ArrayList<>(List.of(required(fields, "secretAccessKey")));
    fields.apply("sessionToken").ifPresent(secrets::add);
    String authorization = signed.firstMatchingHeader("Authorization").orElseThrow();
    secrets.add(authorization);
    secrets.add(authorization.substring(authorization.indexOf("Signature=") + 10));
    return new Injected(new Outgoing(call.method(), call.target(), headers, call.body()), secrets);
  }
}
