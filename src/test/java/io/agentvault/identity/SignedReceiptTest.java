package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.crypto.FakeSigner;
import io.agentvault.evidence.Checkpoints;
import io.agentvault.evidence.Notary;
import io.agentvault.identity.table.Faults;
import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.World;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.model.DisabledException;

/** What of a revocation is signed when, and that no signature stands in a revocation's way. */
class SignedReceiptTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final World world = new World();
  private final FakeSigner signer = new FakeSigner();
  private final Revocation revocation =
      new Revocation(
          world.store,
          world.remains,
          world.evidence.recorder(),
          world.clock,
          Recovery.of(Duration.ofDays(35), ""),
          Optional.of(
              new ReceiptSigner(
                  world.store,
                  new Notary(
                      Checkpoints.onDynamoDb(world.table, world.backoff, InMemoryTable.LOG, JSON),
                      signer,
                      JSON))));
  private final AgentId id = world.agent().claimedId();

  @Test
  void aReceiptIsSignedOnceOverEverythingThatIsFinal() throws Exception {
    Receipt receipt = revoke();

    JsonNode said = verified(receipt.signed().orElseThrow());
    assertThat(said.path("identityId").asText()).isEqualTo(id.text());
    assertThat(said.path("tenant").asText()).isEqualTo("acme");
    assertThat(said.path("keyDestroyed").asBoolean()).isTrue();
    assertThat(said.path("complete").asBoolean()).isTrue();
    assertThat(said.path("credentialsDestroyed").isInt()).isTrue();
    assertThat(said.path("accessTokensValidUntil").isNull()).isTrue();
    assertThat(said.path("log").isNull()).isTrue();
    assertThat(revoke()).isEqualTo(receipt);
    assertThat(signer.signs).hasSize(1);
  }

  @Test
  void whatIsNotFinalIsLeftOutAndSignedOnceWhenItIs() throws Exception {
    world.table.fail(2, Faults.outage()); // the sweep's query
    Receipt shredded = revoke();
    assertThat(shredded.complete()).isFalse();
    JsonNode part = verified(shredded.signed().orElseThrow());
    assertThat(part.path("complete").asBoolean()).isFalse();
    assertThat(part.has("credentialsDestroyed")).isFalse();

    Receipt complete = revoke();
    JsonNode whole = verified(complete.signed().orElseThrow());
    assertThat(whole.path("complete").asBoolean()).isTrue();
    assertThat(whole.path("revokedAt")).isEqualTo(part.path("revokedAt"));
    assertThat(revoke()).isEqualTo(complete);
    assertThat(signer.signs).hasSize(2);
  }

  @Test
  void withoutASignatureTheRevocationIsAnsweredAllTheSameAndSignedWhenAskedAgain() {
    signer.fault = DisabledException.builder().statusCode(400).build();
    Receipt receipt = revoke();
    assertThat(receipt.complete()).isTrue();
    assertThat(receipt.signed()).isEmpty();
    assertThat(world.store.find(id, world.deadline())).isEmpty();

    signer.fault = null;
    assertThat(revoke().signed()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 8})
  void whateverStorageCallOfTheSignatureFailsTheRevocationIsAnswered(int call) {
    world.table.fail(call, Faults.outage()); // the last checkpoint is read, the signature written
    Receipt receipt = revoke();
    assertThat(world.table.isPlayedOut()).isTrue();
    assertThat(receipt.complete()).isTrue();
    assertThat(receipt.signed()).isEmpty();
    assertThat(revoke().signed()).isPresent();
  }

  @Test
  void twoWhoSignAtOnceAnswerTheSameSignature() {
    Receipt[] other = new Receipt[1];
    world.table.before(8, () -> other[0] = revoke());
    Receipt receipt = revoke();
    assertThat(receipt).isEqualTo(other[0]);
  }

  @Test
  void theSweepLeavesTheSignatureItsShareOfTheTime() {
    Deadline tight = Deadline.after(ReceiptSigner.SHARE.plusMillis(500), world.clock);
    Receipt receipt = revocation.revoke(world.operator, id, tight);
    assertThat(receipt.complete()).as("a page takes a second").isFalse();
    assertThat(receipt.signed()).isPresent();
  }

  @Test
  void withNoTimeForTheShredNothingIsSigned() {
    Deadline over = Deadline.after(Duration.ZERO, world.clock);
    assertThatThrownBy(() -> revocation.revoke(world.operator, id, over))
        .isInstanceOf(Unavailable.class);
    assertThat(signer.signs).isEmpty();
  }

  @Test
  void anyBitOfASignedReceiptCounts() {
    String jws = revoke().signed().orElseThrow();
    for (int part = 0, from = 0; part < 3; part++) {
      int to = part == 2 ? jws.length() : jws.indexOf('.', from);
      byte[] bytes = Base64.getUrlDecoder().decode(jws.substring(from, to));
      for (int bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        String changed =
            jws.substring(0, from)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
                + jws.substring(to);
        assertThat(isVerified(changed)).as("part %d, bit %d", part, bit).isFalse();
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
      }
      from = to + 1;
    }
    assertThat(isVerified(jws)).isTrue();
  }

  private Receipt revoke() {
    return revocation.revoke(world.operator, id, world.deadline());
  }

  private JsonNode verified(String jws) throws IOException {
    assertThat(isVerified(jws)).isTrue();
    return JSON.readTree(Base64.getUrlDecoder().decode(jws.split("\\.", -1)[1]));
  }

  /** By an independent library, with the published key. */
  private boolean isVerified(String jws) {
    try {
      JsonWebSignature read = new JsonWebSignature();
      read.setCompactSerialization(jws);
      read.setKey(
          new JsonWebKeySet(signer.publicKeys(world.deadline()))
              .getJsonWebKeys()
              .getFirst()
              .getKey());
      return read.verifySignature()
          && "agent-vault-receipt+jws".equals(read.getHeader("typ"))
          && "ES256".equals(read.getAlgorithmHeaderValue());
    } catch (JoseException e) {
      return false;
    }
  }
}
