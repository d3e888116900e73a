package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import io.agentvault.vault.Injection;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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

  /** AWS's own example, get-vanilla-query-order-key-case, of the test suite of Version 4. */
  @Test
  void theSignatureIsTheOneOfAwsOwnTestSuite() {
    Injected injected =
        inject(
            new Injection.AwsSigV4("service", "us-east-1"),
            "https://example.amazonaws.com/?Param2=value2&Param1=value1",
            new Header("X-Amz-Date", "of the caller"),
            new Header("X-Amz-Target", "DynamoDB_20120810.GetItem"));
    assertThat(injected.call().headers())
        .filteredOn(header -> header.key().equals("x-amz-date"))
        .containsExactly(new Header("X-Amz-Date", "20150830T123600Z"));
    String authorization =
        injected.call().headers().stream()
            .filter(header -> header.key().equals("authorization"))
            .findFirst()
            .orElseThrow()
            .value();
    assertThat(authorization)
        .startsWith(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,")
        .contains("x-amz-target");
    assertThat(injected.secrets())
        .contains(authorization, authorization.substring(authorization.length() - 64));
  }

  private Injected inject(Injection injection, String url, Header... headers) {
    return injector.inject(
        injection,
        name -> Optional.ofNullable(FIELDS.get(name)),
        new Outgoing("GET", Target.parse(url), List.of(headers), new byte[0]));
  }
}
