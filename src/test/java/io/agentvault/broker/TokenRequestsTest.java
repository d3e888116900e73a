package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.identity.AgentKey;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.Reauthorize;
import io.agentvault.problem.UpstreamUnreachable;
import io.agentvault.vault.AccessToken;
import io.agentvault.vault.AccessTokens;
import io.agentvault.vault.Contents;
import io.agentvault.vault.CredentialType;
import io.agentvault.vault.HostPattern;
import io.agentvault.vault.Label;
import io.agentvault.vault.Precondition.None;
import io.agentvault.vault.World;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.jwx.JsonWebStructure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to a token endpoint and what is made of its answers. */
class TokenRequestsTest {
  private static final Label LABEL = Label.parse("oauth");
  private static final String URL = "'tokenUrl':'https://issuer.example/token?x=1'";
  private static final String BASIC =
      "{" + URL + ",'clientId':'a b','clientSecret':'s+/=','refreshToken':'r&0','scope':'mail'}";

  private final World world = new World();
  private final AgentKey key = world.agent();
  private final List<Outgoing> sent = new ArrayList<>();
  private Reply reply = answer(200, "{'access_token':'a1','token_type':'bearer','expires_in':60}");

  @Test
  void basicPartsAreFormEncodedAndARefreshNamesNoScope() {
    AccessToken token = token(BASIC);
    Outgoing call = sent.getFirst();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.target().url()).isEqualTo("https://issuer.example/token?x=1");
    assertThat(header(call, "Authorization")).isEqualTo("Basic " + base64("a+b:s%2B%2F%3D"));
    assertThat(new String(call.body(), UTF_8))
        .isEqualTo("grant_type=refresh_token&refresh_token=r%260");
    assertThat(token.type()).isEqualTo("bearer");
    assertThat(token.expiresAt()).isEqualTo(world.clock.instant().plusSeconds(60));
  }

  @Test
  void aClientsOwnGrantNamesScopeAudienceAndResource() {
    var _ =
        token(
            "{"
                + URL
                + ",'clientId':'c','clientSecret':'s','grant':'client_credentials','clientAuth':'post',"
                + "'scope':'a b','audience':'x','resource':'https://r.example'}");
    assertThat(form(sent.getFirst()))
        .containsOnly(
            Map.entry("grant_type", "client_credentials"),
            Map.entry("scope", "a+b"),
            Map.entry("audience", "x"),
            Map.entry("resource", "https%3A%2F%2Fr.example"),
            Map.entry("client_id", "c"),
            Map.entry("client_secret", "s"));
    assertThat(sent.getFirst().headers()).noneMatch(each -> each.key().equals("authorization"));
  }

  @ParameterizedTest
  @CsvSource({"RSA,2048", "EC,256"})
  void aClientWithAKeyOfItsOwnSignsAnAssertion(String algorithm, int bits)
      throws GeneralSecurityException, InvalidJwtException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    KeyPair pair = generator.generateKeyPair();
    String pem =
        "-----BEGIN PRIVATE KEY-----\\n"
            + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\\n-----END PRIVATE KEY-----";
    var _ =
        token(
            "{"
                + URL
                + ",'clientId':'c','clientAuth':'private_key_jwt','refreshToken':'r','clientKeyId':'of-june',"
                + "'clientKey':'"
                + pem
                + "'}");
    JwtContext assertion =
        new JwtConsumerBuilder()
            .setVerificationKey(pair.getPublic())
            .setExpectedAudience("https://issuer.example/token?x=1")
            .setExpectedIssuer("c")
            .setExpectedSubject("c")
            .setRequireJwtId()
            .setRequireExpirationTime()
            .setEvaluationTime(
                org.jose4j.jwt.NumericDate.fromSeconds(world.clock.instant().getEpochSecond()))
            .build()
            .process(form(sent.getFirst()).get("client_assertion"));
    assertThat(assertion.getJwtClaims().getClaimsMap()).containsKeys("jti", "iat");
    assertThat(assertion.getJoseObjects())
        .extracting(JsonWebStructure::getKeyIdHeaderValue)
        .containsExactly("of-june");
  }

  @Test
  void aKeyThatIsNoneIsSaidAndNotShown() {
    assertThatThrownBy(
            () ->
                token(
                    "{"
                        + URL
                        + ",'clientId':'c','clientAuth':'private_key_jwt','refreshToken':'r',"
                        + "'clientKey':'canary'}"))
        .isInstanceOf(BadRequest.class)
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'error':'canary','error_description':'canary'}",
        "{'token_type':'bearer'}",
        "{'access_token':'a\\nb'}",
        "{'access_token':''}",
        "{'access_token':'a b'}",
        "{'access_token':'a\u007f'}",
        "[]",
        "canary"
      })
  void anAnswerThatIsNoneIsAFailureWithoutItsWords(String body) {
    reply = answer(200, body);
    assertThatThrownBy(() -> token(BASIC))
        .isInstanceOf(UpstreamUnreachable.class)
        .hasMessageNotContaining("canary");
  }

  @Test
  void aTokenIsOfAllCharactersThatAHeaderTakes() {
    reply = answer(299, "{'access_token':'!a~','token_type':'a b'}");
    AccessToken token = token(BASIC);
    assertThat(token.type()).isEqualTo("Bearer");
    assertThat(token.text()).isEqualTo("!a~");
  }

  @ParameterizedTest
  @ValueSource(ints = {199, 300, 500})
  void aTokenInAnotherAnswerThanASuccessIsNone(int status) {
    reply = answer(status, "{'access_token':'a'}");
    assertThatThrownBy(() -> token(BASIC)).isInstanceOf(UpstreamUnreachable.class);
  }

  @ParameterizedTest
  @CsvSource({"400,invalid_grant", "401,invalid_client", "200,invalid_scope"})
  void anErrorOfTheRfcIsToldByItsCode(int status, String error) {
    reply = answer(status, "{'error':'" + error + "','error_description':'canary'}");
    assertThatThrownBy(() -> token(BASIC))
        .isInstanceOf(Reauthorize.class)
        .hasMessageContaining(error)
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource({
    "bad_refresh_token,invalid_grant", // GitHub
    "incorrect_client_credentials,invalid_client",
    "invalid_refresh_token,invalid_grant", // Slack
    "bad_client_secret,invalid_client"
  })
  void whatGreatServersSayInItsPlaceIsTheCodeOfTheRfc(String said, String meant) {
    reply = answer(200, "{'ok':false,'error':'" + said + "'}");
    assertThatThrownBy(() -> token(BASIC))
        .isInstanceOf(Reauthorize.class)
        .hasMessageContaining(meant)
        .hasMessageNotContaining(said);
  }

  @ParameterizedTest
  @CsvSource({
    "7,7",
    "'7',7",
    "3155759999,3155759999",
    "3155760000,300",
    "-1,300",
    "99999999999999,300",
    "true,300",
    "[7],300",
    "null,300"
  })
  void whatIsNoTimeIsFiveMinutes(String said, long seconds) {
    reply = answer(200, "{'access_token':'a','expires_in':" + said + "}");
    assertThat(token(BASIC).expiresAt()).isEqualTo(world.clock.instant().plusSeconds(seconds));
  }

  @Test
  void theDeploymentsHostsBoundIt() {
    assertThatThrownBy(() -> token(BASIC, List.of(HostPattern.parse("x", "other.example"))))
        .isInstanceOf(Forbidden.class);
    assertThat(sent).isEmpty();
  }

  private AccessToken token(String data) {
    return token(data, List.of());
  }

  private AccessToken token(String data, List<HostPattern> ceiling) {
    var _ =
        world
            .vault()
            .store(
                key, LABEL, Contents.of(CredentialType.OAUTH, data), new None(), world.deadline());
    AccessTokens tokens =
        world
            .vaults
            .accessTokens()
            .apply(
                new TokenRequests(
                    (outgoing, deadline) -> {
                      sent.add(outgoing);
                      return reply;
                    },
                    new Places(List.of(), Set.of()),
                    ceiling,
                    world.randomness,
                    world.clock));
    return tokens.token(key, LABEL, world.deadline());
  }

  private static Reply answer(int status, String body) {
    return new Reply(status, List.of(), body.replace('\'', '"').getBytes(UTF_8));
  }

  private static String header(Outgoing call, String name) {
    return call.headers().stream()
        .filter(each -> each.name().equals(name))
        .map(Header::value)
        .findFirst()
        .orElse("");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static Map<String, String> form(Outgoing call) {
    Map<String, String> form = new TreeMap<>();
    Arrays.stream(new String(call.body(), UTF_8).split("&"))
        .map(each -> each.split("=", 2))
        .forEach(each -> form.put(each[0], each[1]));
    return form;
  }
}
