package io.agentvault.vault;

import static io.agentvault.vault.Contents.custom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.api.Json;
import io.agentvault.crypto.Envelope;
import io.agentvault.crypto.FakeKeyService;
import io.agentvault.identity.AgentKey;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.Unauthorized;
import io.agentvault.vault.Precondition.None;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A table that the release before envelope version 2 wrote, by its own code, kept as data: what it
 * holds is read, listed, changed, rotated and destroyed.
 */
class ReleaseBeforeTest {
  private final JsonNode table = table();
  private final World world =
      new World(new FakeKeyService(HexFormat.of().parseHex(table.path("wrappingKey").asText())));
  private final AgentKey key = key("key");

  ReleaseBeforeTest() {
    world.clock.advance(
        Duration.between(world.clock.instant(), Instant.parse(table.path("at").asText())));
    table.path("items").forEach(item -> world.table.plant(item(item)));
  }

  @Test
  void everyCredentialIsListedAndReadWithWhatItHeld() {
    assertThat(list(100))
        .allSatisfy(listed -> assertThat(listed).isInstanceOf(Credential.class))
        .extracting(each -> each.label().text())
        .containsExactly(".", "api key", "bank", "counter", "guide", "number");

    Credential bank = get("bank");
    assertThat(bank.type()).isEqualTo(CredentialType.LOGIN);
    assertThat(bank.data().text("password")).contains("not-a-real-password-2");
    assertThat(bank.data().texts("usedBackupCodes")).containsExactly("a-1");
    assertThat(bank.metadata().orElseThrow().expose())
        .hasToString("{\"site\":\"bank.example\",\"tags\":[\"x\",1.50]}");
    assertThat(bank.hasTotp()).isTrue();
    assertThat(bank.rotatedAt()).isPresent();
    assertThat(get("api key").expiresAt()).contains(Instant.parse("2099-01-01T00:00:00Z"));
  }

  @Test
  void aListingReadsItWholeAHundredACall() {
    store("bank 2");
    for (int i = 0; i < 195; i++) {
      plantCopy("counter", "copy %03d".formatted(i));
    }
    world.table.reset();

    assertThat(list(1_000))
        .hasSize(202)
        .satisfies(listed -> assertThat(listed).extracting(Listed::label).isSorted())
        .filteredOn(Credential.class::isInstance)
        .as("a copy under another label does not open")
        .extracting(each -> each.label().text())
        .containsExactly(".", "api key", "bank", "bank 2", "counter", "guide", "number");
    assertThat(world.table.operations())
        .containsExactly(
            "getItem", "query", "batchGetItem", "batchGetItem", "batchGetItem", "query", "putItem");
  }

  @Test
  void whatIsDeletedBeforeAListingHasReadItWholeIsNotListed() {
    world.table.reset();
    world.table.before(
        3, () -> world.vaults.vault().delete(key, label("bank"), new None(), world.deadline()));

    assertThat(list(100))
        .extracting(each -> each.label().text())
        .containsExactly(".", "api key", "counter", "guide", "number");
  }

  @Test
  void whenAllOfItIsDeletedBeforeAListingHasReadItWholeTheListingIsEmpty() {
    world.table.reset();
    world.table.before(
        3, () -> List.copyOf(world.credentials(key.claimedId())).forEach(world.table::takeAway));

    assertThat(list(100)).isEmpty();
  }

  /** Found by a hostile review: stored with 200, and then an error 500 for the whole listing. */
  @Test
  void aNumberThatTheReleaseBeforeStoredAndCouldNotReadIsRead() {
    assertThat(get("number").data().expose().path("n").decimalValue().precision()).isEqualTo(997);
  }

  @Test
  void itsCodesGoOnWhereTheyWere() {
    assertThatThrownBy(
            () ->
                world
                    .codes()
                    .code(
                        key,
                        label("bank"),
                        new OneTimeCodes.Wish(0, false, true, true),
                        world.deadline()))
        .as("the time step was handed out as unique")
        .isInstanceOf(Conflict.class);
    assertThat(
            world
                .codes()
                .code(
                    key,
                    label("counter"),
                    new OneTimeCodes.Wish(0, false, false, true),
                    world.deadline())
                .code())
        .as("RFC 4226, counter 2")
        .isEqualTo("359152");
    assertThat(world.codes().useBackupCode(key, label("bank"), world.deadline()).code())
        .isEqualTo("a-2");
  }

  @Test
  void whatIsStoredOverItIsOfThisReleaseAndKeepsItsIdAndTimes() {
    Credential before = get("bank");
    assertThat(Envelope.isWithoutPart(stored("bank").seals().data())).isTrue();
    Credential after =
        world
            .vault()
            .store(
                key,
                label("bank"),
                custom("{'k':1,'backupCodes':[]}"),
                new None(),
                world.deadline());

    assertThat(after.credentialId()).isEqualTo(before.credentialId());
    assertThat(after.createdAt()).isEqualTo(before.createdAt());
    assertThat(after.revision()).isEqualTo(before.revision() + 1);
    assertThat(Envelope.isWithoutPart(stored("bank").seals().data())).isFalse();
    assertThat(stored("bank").seals().metadata()).isPresent();
    assertThat(get("bank")).isEqualTo(after);
  }

  @Test
  void itsKeysAreRotatedAndItsPreviousOneWorksUntilItsGraceEnds() {
    AgentKey previous = key("previousKey");
    assertThat(world.vault().whoami(previous, world.deadline()).agent().identity().name())
        .contains("old agent");
    AgentKey next =
        world
            .identities
            .rotateKey(world.operator, key.claimedId(), Duration.ZERO, world.deadline())
            .key();

    assertThatThrownBy(() -> get("bank")).isInstanceOf(Unauthorized.class);
    assertThat(world.vault().get(next, label("bank"), world.deadline()).data().text("username"))
        .contains("ada");
  }

  @Test
  void aRevocationDestroysItAndCountsWhatItHeld() {
    assertThat(world.revocation.revoke(world.operator, key.claimedId(), world.deadline()))
        .satisfies(
            receipt -> {
              assertThat(receipt.credentialsDestroyed()).isEqualTo(OptionalLong.of(6));
              assertThat(receipt.complete()).isTrue();
            });
    assertThat(world.partition(key.claimedId())).isEmpty();
    assertThat(
            world.vault().get(key("otherKey"), label("theirs"), world.deadline()).data().text("k"))
        .contains("other");
  }

  private List<Listed> list(int limit) {
    return world.vault().list(key, limit, Optional.empty(), world.deadline()).credentials();
  }

  private void store(String label) {
    world.vault().store(key, label(label), custom("{}"), new None(), world.deadline());
  }

  private void plantCopy(String label, String other) {
    Map<String, AttributeValue> copy =
        new HashMap<>(
            world.credentials(key.claimedId()).stream()
                .filter(item -> CredentialItem.label(item).equals(label(label)))
                .findFirst()
                .orElseThrow());
    copy.put("sk", AttributeValue.fromS(CredentialItem.SORT_KEY_PREFIX + other));
    world.table.plant(copy);
  }

  private Credential get(String label) {
    return world.vault().get(key, label(label), world.deadline());
  }

  private StoredCredential stored(String label) {
    return world.credentials(key.claimedId()).stream()
        .map(CredentialItem::read)
        .filter(each -> each.label().equals(label(label)))
        .findFirst()
        .orElseThrow();
  }

  private static Label label(String text) {
    return Label.parse(text);
  }

  private AgentKey key(String field) {
    return AgentKey.parse(table.path(field).asText());
  }

  private static JsonNode table() {
    try (InputStream file =
        ReleaseBeforeTest.class.getResourceAsStream("/vault/table-of-the-release-before.json")) {
      return Json.MAPPER.readTree(Objects.requireNonNull(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, AttributeValue> item(JsonNode item) {
    Map<String, AttributeValue> attributes = new HashMap<>();
    item.properties().forEach(each -> attributes.put(each.getKey(), value(each.getValue())));
    return attributes;
  }

  private static AttributeValue value(JsonNode typed) {
    Map.Entry<String, JsonNode> only = typed.properties().iterator().next();
    String text = only.getValue().asText();
    return switch (only.getKey()) {
      case "S" -> AttributeValue.fromS(text);
      case "N" -> AttributeValue.fromN(text);
      case "B" -> AttributeValue.fromB(SdkBytes.fromByteArray(Base64.getDecoder().decode(text)));
      case "L" ->
          AttributeValue.fromL(
              only.getValue().valueStream().map(ReleaseBeforeTest::value).toList());
      default -> throw new AssertionError(only.getKey());
    };
  }
}
