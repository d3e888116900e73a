package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import io.agentvault.vault.Injection;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InjectorTest {
  private static final Map<String, String> FIELDS =
      Map.of(
          "key",
          "s3cret-key",
          "username",
          "ada",
          "password",
          "pass:word",
          "accessKeyId",
          "AKIDEXAMPLE",
          "secretAccessKey",
          "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
          "username-and",
          "a/b %c",
          "broken",
          "a\r\nX-Evil: 1");

  private final Injector injector =
      new Injector(Clock.fixed(Instant.parse("2015-08-30T12:36:00Z"), ZoneOffset.UTC));

  @Test
  void aBearerReplacesWhatTheCallerSentAsOne() {
    Injected injected =
        inject(
            new Injection.Bearer("key"),
            "https://a.example/x",
            new Header("AUTHORIZATION", "Bearer of-the-caller"),
            new Header("X-Other", "1"));
    assertThat(injected.call().headers())
        .containsExactly(
            new Header("X-Other", "1"), new Header("Authorization", "Bearer s3cret-key"));
    assertThat(injected.secrets()).contains("s3cret-key", "Bearer s3cret-key");
  }

  @Test
  void basicKeepsThePasswordAndTheRenderedPairSecretButNotTheUserName() {
    Injected injected =
        inject(
            new Injection.Basic(
                new Injection.Part.Field("username"), new Injection.Part.Field("password")),
            "https://a.example/");
    String pair = Base64.getEncoder().encodeToString("ada:pass:word".getBytes(UTF_8));
    assertThat(injected.call().headers())
        .containsExactly(new Header("Authorization", "Basic " + pair));
    assertThat(injected.secrets()).contains("pass:word", pair).doesNotContain("ada");
  }

  @Test
  void aKeyAsUserNameWithAFixedPasswordIsTheSecret() {
    Injected injected =
        inject(
            new Injection.Basic(new Injection.Part.Field("key"), new Injection.Part.Literal("")),
            "https://a.example/");
    assertThat(injected.secrets()).contains("s3cret-key").doesNotContain("");
  }

  @Test
  void aQueryParameterOfThatNameIsOursHoweverItWasWritten() {
    Injected injected =
        inject(
            new Injection.Query("key", "key"),
            "https://a.example/?a=1&key=x&%6bey=y&KEY=z&b=%zz&keys=2&%=3");
    assertThat(injected.call().target().query()).isEqualTo("a=1&b=%zz&keys=2&key=s3cret-key");
  }

  @Test
  void aQueryParameterIsSecretAsItStandsInTheUrlToo() {
    Injected injected = inject(new Injection.Query("key", "username-and"), "https://a.example/");
    assertThat(injected.call().target().query()).isEqualTo("key=a%2Fb%20%25c");
    assertThat(injected.secrets()).containsExactly("a/b %c", "a%2Fb%20%25c");
  }

  @Test
  void aHeaderGetsItsPrefix() {
    Injected injected =
        inject(
            new Injection.Header("X-Api-Key", "key", Optional.of("token ")),
            "https://a.example/",
            new Header("x-api-key", "of the caller"),
            new Header("X_Api_Key", "of the caller, as CGI reads it"));
    assertThat(injected.call().headers())
        .containsExactly(new Header("X-Api-Key", "token s3cret-key"));
  }

  @Test
  void aFieldThatIsEmptyOrMissingIsNoSecret() {
    assertThatThrownBy(() -> Injector.required(name -> Optional.of(""), "password"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("label");
    assertThatThrownBy(() -> Injector.required(name -> Optional.empty(), "password"))
        .isInstanceOf(BadRequest.class);
    assertThat(Injector.required(Optional::of, "password")).isEqualTo("password");
  }

  @Test
  void aSecretThatWouldMakeTwoHeadersOfOneIsRefused() {
    assertThatThrownBy(() -> inject(new Injection.Bearer("broken"), "https://a.example/"))
        .isInstanceOf(BadRequest.class)
        .message()
        .doesNotContain("Evil");
    assertThatThrownBy(() -> inject(new Injection.Bearer("absent"), "https://a.example/"))
        .isInstanceOf(BadRequest.class);
  }

  /**
   * Computed step by step, as AWS describes it: for S3 a path is signed as it is sent, for every
   * other service encoded once more.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create
   *     a signed request</a>
   */
  @ParameterizedTest
  @CsvSource({"service,/a%2520b/c", "s3,/a%20b/c"})
  void theSignatureIsOfVersion4OverHeadersPathQueryAndBody(String service, String path)
      throws GeneralSecurityException {
    byte[] body = "Param1=value1".getBytes(UTF_8);
    Injected injected =
        inject(
            new Injection.AwsSigV4(service, "us-east-1"),
            FIELDS,
            new Outgoing(
                "POST",
                Target.parse("https://example.amazonaws.com/a%20b/c?Param2=value2&Param1=value1"),
                List.of(new Header("X-Amz-Target", "DynamoDB_20120810.GetItem")),
                body));
    String hash = sha256(body);
    String request =
        String.join(
            "\n",
            "POST",
            path,
            "Param1=value1&Param2=value2",
            "host:example.amazonaws.com",
            "x-amz-content-sha256:" + hash,
            "x-amz-date:20150830T123600Z",
            "x-amz-target:DynamoDB_20120810.GetItem",
            "",
            "host;x-amz-content-sha256;x-amz-date;x-amz-target",
            hash);
    String scope = "20150830/us-east-1/" + service + "/aws4_request";
    byte[] key = ("AWS4" + FIELDS.get("secretAccessKey")).getBytes(UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    String signature =
        HexFormat.of()
            .formatHex(
                hmac(
                    key,
                    String.join(
                        "\n",
                        "AWS4-HMAC-SHA256",
                        "20150830T123600Z",
                        scope,
                        sha256(request.getBytes(UTF_8)))));

    String authorization = header(injected, "authorization");
    assertThat(authorization)
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/%s, SignedHeaders=%s, Signature=%s",
            scope, "host;x-amz-content-sha256;x-amz-date;x-amz-target", signature);
    assertThat(injected.secrets()).contains(authorization, signature);
    assertThat(header(injected, "x-amz-content-sha256")).isEqualTo(hash);
  }

  private static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  @Test
  void theDateOfAwsIsOurs() {
    Injected injected =
        inject(
            new Injection.AwsSigV4("service", "us-east-1"),
            "https://example.amazonaws.com/",
            new Header("X-Amz-Date", "of the caller"));
    assertThat(header(injected, "x-amz-date")).isEqualTo("20150830T123600Z");
  }

  @Test
  void theTokenOfASessionIsSentAndSecret() {
    Map<String, String> fields = new HashMap<>(FIELDS);
    fields.put("sessionToken", "of-this-session");
    Injected injected =
        inject(
            new Injection.AwsSigV4("service", "us-east-1"),
            fields,
            new Outgoing(
                "GET", Target.parse("https://example.amazonaws.com/"), List.of(), new byte[0]));
    assertThat(header(injected, "x-amz-security-token")).isEqualTo("of-this-session");
    assertThat(injected.secrets()).contains("of-this-session");
  }

  private static String header(Injected injected, String key) {
    List<Header> headers =
        injected.call().headers().stream().filter(each -> each.key().equals(key)).toList();
    assertThat(headers).as(key).hasSize(1);
    return headers.getFirst().value();
  }

  private Injected inject(Injection injection, String url, Header... headers) {
    return inject(
        injection, FIELDS, new Outgoing("GET", Target.parse(url), List.of(headers), new byte[0]));
  }

  private Injected inject(Injection injection, Map<String, String> fields, Outgoing call) {
    return injector.inject(injection, name -> Optional.ofNullable(fields.get(name)), call);
  }
}
