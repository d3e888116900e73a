package io.agentvault.renewal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import io.agentvault.renewal.OtherServers.Running;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every grant and way to authenticate a client, at authorization servers of others. */
class GrantsIT {
  private static final KeyPair KEY = keyPair();
  private static final Deque<AutoCloseable> started = new ArrayDeque<>();

  @SuppressWarnings("NullAway.Init")
  private static Running provider;

  @SuppressWarnings("NullAway.Init")
  private static Running mock;

  @SuppressWarnings("NullAway.Init")
  private static LocalCloud cloud;

  @BeforeAll
  static void start() throws JoseException {
    JsonWebKey jwk = JsonWebKey.Factory.newJwk(KEY.getPublic());
    jwk.setKeyId("k1");
    provider = kept(OtherServers.oidcProvider(300, jwk.toJson()));
    mock = kept(OtherServers.mockOauth2Server());
    cloud =
        kept(
            LocalCloud.options()
                .environment(
                    "broker", "VAULT_LOCAL_UPSTREAMS", provider.address() + "," + mock.address())
                .maxInstances(2)
                .start());
  }

  private static <T extends AutoCloseable> T kept(T part) {
    started.push(part);
    return part;
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : started) { // some are not where a server is not to be had
      each.close();
    }
  }

  private final Client agent = Client.newAgent(cloud);

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode credential(String url, String client, Map<String, String> more) {
    ObjectNode credential = Client.JSON.createObjectNode().put("type", "OAUTH");
    ObjectNode data = credential.putObject("data").put("tokenUrl", url).put("clientId", client);
    more.forEach(data::put);
    return credential;
  }

  /** A client of oidc-provider, and what proves it. */
  private static ObjectNode ofProvider(String auth, Map<String, String> more) {
    String client = auth.equals("basic") ? "basic: a client" : auth;
    ObjectNode credential = credential(provider.at("/token").toString(), client, more);
    ObjectNode data = (ObjectNode) credential.path("data");
    data.put("clientAuth", auth);
    switch (auth) {
      case "basic", "post" -> data.put("clientSecret", "s+e/c=r:e&t % of " + client);
      case "private_key_jwt" -> data.put("clientKey", pem()).put("clientKeyId", "k1");
      default -> {}
    }
    return credential;
  }

  private static String pem() {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(KEY.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private JsonNode token(ObjectNode credential) {
    assertThat(agent.put("c", credential).status()).isEqualTo(200);
    Client.Response response = agent.get("/v0/vault/c/token");
    assertThat(response.status()).as(response.body().toString()).isEqualTo(200);
    return response.body();
  }

  private static JsonNode claims(JsonNode token) throws IOException {
    String text = token.path("accessToken").asText();
    return Client.JSON.readTree(
        new String(Base64.getUrlDecoder().decode(text.split("\\.", -1)[1]), UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", "post", "none", "private_key_jwt"})
  void oidcProviderRenewsForAClientThatProvesItselfSo(String auth) {
    String client = auth.equals("basic") ? "basic: a client" : auth;
    String first = provider.consent(client);
    JsonNode token = token(ofProvider(auth, Map.of("refreshToken", first)));
    assertThat(token.path("tokenType").asText()).isEqualTo("Bearer");
    assertThat(token.path("scope").asText()).isEqualTo("openid offline_access mail");

    ObjectNode usable = ofProvider(auth, Map.of("refreshToken", first, "scope", "mail"));
    usable.putObject("use").putArray("allow").addObject().put("host", provider.address());
    assertThat(agent.put("c", usable).status()).isEqualTo(200); // another wish: renewed, rotated
    JsonNode used =
        agent
            .send(
                "POST",
                "/v0/vault/c/use",
                "{\"method\":\"GET\",\"url\":\"" + provider.at("/me") + "\"}")
            .body();
    assertThat(used.path("status").asInt()).as(used.toString()).isEqualTo(200);
    assertThat(used.path("body").asText()).isEqualTo("{\"sub\":\"alice\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", "post", "private_key_jwt"})
  void oidcProviderGivesAClientATokenOfItsOwnForAResource(String auth) throws IOException {
    JsonNode token =
        token(
            ofProvider(
                auth,
                Map.of(
                    "grant", "client_credentials",
                    "scope", "mail",
                    "resource", "https://api.example")));
    assertThat(token.path("scope").asText()).isEqualTo("mail");
    assertThat(claims(token).path("aud").asText()).isEqualTo("https://api.example");
  }

  @Test
  void oidcProviderRefusesAWrongSecretAndTheRightOneMendsIt() {
    Map<String, String> grant = Map.of("refreshToken", provider.consent("post"));
    ObjectNode wrong = ofProvider("post", grant);
    ((ObjectNode) wrong.path("data")).put("clientSecret", "wrong");
    assertThat(agent.put("c", wrong).status()).isEqualTo(200);
    Client.Response refused = agent.get("/v0/vault/c/token");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body().path("message").asText()).contains("invalid_client");
    assertThat(token(ofProvider("post", grant)).path("accessToken").asText()).isNotEmpty();
  }

  @Test
  void mockOauth2ServerIsAskedForAnAudience() throws IOException {
    JsonNode token =
        token(
            credential(
                mock.at("/default/token").toString(),
                "client",
                Map.of(
                    "clientSecret", "secret",
                    "grant", "client_credentials",
                    "audience", "https://api.example")));
    assertThat(claims(token).path("aud").toString()).contains("https://api.example");
    assertThat(claims(token).path("sub").asText()).isEqualTo("client");
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", "post", "private_key_jwt"})
  void mockOauth2ServerGivesAClientATokenOfItsOwn(String auth) throws IOException {
    Map<String, String> proof =
        auth.equals("private_key_jwt")
            ? Map.of("clientKey", pem())
            : Map.of("clientSecret", "s+e/c");
    ObjectNode credential = credential(mock.at("/default/token").toString(), "client", proof);
    ((ObjectNode) credential.path("data"))
        .put("grant", "client_credentials")
        .put("scope", "mail")
        .put("clientAuth", auth);
    assertThat(claims(token(credential)).path("sub").asText()).isEqualTo("client");
  }
}
