package io.agentvault.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.crypto.FakeSigner;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.time.Duration;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.model.KmsInternalException;

class SigningKeysTest {
  private final FakeSigner signer = new FakeSigner();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(9), new MutableClock());

  @Test
  void anybodyGetsTheKeysWithWhichSignaturesAreChecked() throws Exception {
    Planes planes = new Planes();
    ObjectNode answer = planes.invoke(planes.broker, Events.http("GET", "/.well-known/jwks.json"));
    JsonWebSignature signed = new JsonWebSignature();
    signed.setCompactSerialization(planes.signer.sign("a type", "text", deadline));
    signed.setKey(
        new JsonWebKeySet(planes.body(200, answer).toString())
            .findJsonWebKey(signed.getKeyIdHeaderValue(), null, null, null)
            .getKey());

    assertThat(signed.verifySignature()).isTrue();
    assertThat(answer.path("headers").path("cache-control").asText()).contains("max-age");
  }

  @Test
  void aKeyIsAskedForOnceAndAFailureIsTriedAgain() {
    SigningKeys keys = new SigningKeys(Optional.of(signer), Optional.empty());
    signer.fault = KmsInternalException.builder().statusCode(500).build();
    assertThatThrownBy(() -> keys.answer(deadline)).isInstanceOf(Unavailable.class);
    signer.fault = null;
    Answer first = keys.answer(deadline);
    signer.fault = KmsInternalException.builder().statusCode(500).build();

    assertThat(keys.answer(deadline)).isEqualTo(first);
  }

  @Test
  void aFormerKeyIsShownBehindTheOneThatSigns() {
    String former = new FakeSigner().publicKeys(deadline).replace("0fedcba9", "former00");
    SigningKeys keys = new SigningKeys(Optional.of(signer), Optional.of(former));

    assertThat(keys.answer(deadline).body())
        .isInstanceOfSatisfying(
            Answer.Body.Json.class,
            json ->
                assertThat(json.tree().path("keys").findValuesAsText("kid"))
                    .hasSize(2)
                    .last()
                    .asString()
                    .startsWith("former00"));
  }
}
