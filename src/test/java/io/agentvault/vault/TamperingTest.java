package io.agentvault.vault;

import static io.agentvault.remote.Attributes.bytes;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static io.agentvault.vault.Contents.custom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.DataKeys;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.IdentityItem;
import io.agentvault.problem.Internal;
import io.agentvault.problem.Tampered;
import io.agentvault.vault.Precondition.None;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What somebody who can write to the table achieves: nothing but that things do not open. */
class TamperingTest {
  private static final Label LABEL = Label.parse("bank");
  private static final Label OTHER = Label.parse("other");

  private final World world = new World();
  private final AgentKey key = world.agent();
  private final AgentId id = key.claimedId();

  TamperingTest() {
    store(key, LABEL, "{'k':1}");
  }

  @Test
  void aSealedCredentialWithAnyBitFlippedIsTampered() {
    byte[] sealed = sealed();
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      plant("sealed", bytes(flipped));
      assertTampered(key, LABEL);
    }
    plant("sealed", bytes(sealed));
    assertThat(world.vault().get(key, LABEL, world.deadline()).data().integer("k")).contains(1);
  }

  @Test
  void aSealedCredentialCutAtAnyLengthIsTampered() {
    byte[] sealed = sealed();
    for (int length = 0; length < sealed.length; length++) {
      plant("sealed", bytes(Arrays.copyOf(sealed, length)));
      assertTampered(key, LABEL);
    }
    plant("sealed", bytes(Arrays.copyOf(sealed, sealed.length + 1)));
    assertTampered(key, LABEL);
  }

  @Test
  void aCredentialMovedToAnotherLabelIsTampered() {
    plant("sk", text("CREDENTIAL#other"));

    assertTampered(key, OTHER);
  }

  @Test
  void aCredentialMovedToAnotherIdentityIsTampered() {
    AgentKey other = world.agent();
    plant("pk", IdentityItem.partition(other.claimedId()));

    assertTampered(other, LABEL);
  }

  @Test
  void aCredentialUnderAnotherCredentialIdIsTampered() {
    plant("id", text("00000000-0000-0000-0000-000000000000"));

    assertTampered(key, LABEL);
  }

  @Test
  void aCredentialUnderAnotherRevisionIsTampered() {
    plant("revision", number(2));
    assertTampered(key, LABEL);

    plant("revision", number(0));
    assertTampered(key, LABEL);
  }

  @Test
  void anOlderSealPutBackUnderTheNewerRevisionIsTampered() {
    byte[] older = sealed();
    store(key, LABEL, "{'k':2}");
    plant("sealed", bytes(older));

    assertTampered(key, LABEL);
  }

  @Test
  void theSealsOfTwoLabelsExchangedAreTampered() {
    store(key, OTHER, "{'k':1}");
    Map<String, AttributeValue> other = world.credentials(id).get(1);
    plant("sealed", other.getOrDefault("sealed", bytes(new byte[0])));

    assertTampered(key, LABEL);
  }

  @Test
  void theDataKeyOfAnotherIdentityDoesNotUnwrap() {
    AgentKey other = world.agent();
    Map<String, AttributeValue> foreign = identity(other.claimedId());
    Map<String, AttributeValue> changed = new HashMap<>(identity(id));
    changed.put("wrappedDataKey", foreign.getOrDefault("wrappedDataKey", bytes(new byte[0])));
    world.table.plant(changed);

    assertTampered(key, LABEL);
  }

  @Test
  void anIdentityMovedToAnotherTenantDoesNotUnwrapOnAnyInstance() {
    Map<String, AttributeValue> changed = new HashMap<>(identity(id));
    changed.put("tenant", text("globex"));
    world.table.plant(changed);
    Vaults fresh = world.vaults(new DataKeys(world.keys, world.clock, Duration.ofMinutes(5)));

    assertTampered(key, LABEL);
    assertThatThrownBy(() -> fresh.vault().get(key, LABEL, world.deadline()))
        .isInstanceOf(Tampered.class);
  }

  @Test
  void storingOverADamagedCredentialMendsItAsARotation() {
    plant("sealed", bytes(new byte[100]));
    world.clock.advance(Duration.ofSeconds(1));
    Credential mended = store(key, LABEL, "{'k':1}");

    assertThat(mended.revision()).isEqualTo(2);
    assertThat(mended.rotatedAt()).contains(world.clock.instant());
    assertThat(world.vault().get(key, LABEL, world.deadline())).isEqualTo(mended);
  }

  @Test
  void aDamagedCredentialCanBeDeleted() {
    plant("sealed", bytes(new byte[100]));
    world.vault().delete(key, LABEL, new None(), world.deadline());

    assertThat(world.credentials(id)).isEmpty();
  }

  @Test
  void aListingShowsADamagedCredentialByNameAndTheOthersWhole() {
    Credential whole = store(key, OTHER, "{}");
    Map<String, AttributeValue> item = world.credentials(id).getFirst();
    for (String attribute : new String[] {"id", "sealedMetadata", "revision", "createdAt"}) {
      Map<String, AttributeValue> damaged = new HashMap<>(item);
      damaged.remove(attribute);
      world.table.plant(damaged);

      assertThat(world.vault().list(key, 10, Optional.empty(), world.deadline()).credentials())
          .as("without " + attribute)
          .containsExactly(
              new Listed.Damaged(LABEL), Credential.listed(of(OTHER), overview(whole), Map.of()));
    }
  }

  private StoredCredential of(Label label) {
    return world.credentials(id).stream()
        .map(CredentialItem::row)
        .filter(row -> row.label().equals(label))
        .flatMap(row -> row.credential().stream())
        .findFirst()
        .orElseThrow();
  }

  private static Overview overview(Credential credential) {
    return new Overview(
        credential.type(),
        credential.metadata(),
        credential.hasTotp(),
        credential.expiresAt(),
        credential.use());
  }

  @Test
  void aListingOpensTheMetadataAloneAndAGetBothSeals() {
    plant("sealed", bytes(Arrays.copyOf(sealed(), 60)));
    assertThat(world.vault().list(key, 10, Optional.empty(), world.deadline()).credentials())
        .hasOnlyElementsOfType(Credential.class);
    assertTampered(key, LABEL);
  }

  @Test
  void theTwoSealsOfACredentialAreNeitherExchangedNorLeftOut() {
    Map<String, AttributeValue> whole = world.credentials(id).getFirst();
    AttributeValue data = whole.getOrDefault("sealed", text(""));
    AttributeValue metadata = whole.getOrDefault("sealedMetadata", text(""));
    for (AttributeValue planted : new AttributeValue[] {data, bytes(new byte[60])}) {
      plant("sealedMetadata", planted);
      assertTampered(key, LABEL);
    }
    plant("sealedMetadata", metadata);
    plant("sealed", metadata);
    assertTampered(key, LABEL);

    Map<String, AttributeValue> cut = new HashMap<>(whole);
    cut.remove("sealedMetadata");
    world.table.plant(cut);
    assertTampered(key, LABEL);
  }

  @Test
  void theMetadataOfAnOlderRevisionPutBackAreTampered() {
    AttributeValue older =
        world.credentials(id).getFirst().getOrDefault("sealedMetadata", text(""));
    store(key, LABEL, "{'k':2}");
    plant("sealedMetadata", older);

    assertTampered(key, LABEL);
  }

  @Test
  void anItemWithoutWhatEveryCredentialHasIsInternalAndNotAbsent() {
    Map<String, AttributeValue> whole = world.credentials(id).getFirst();
    for (String attribute : new String[] {"id", "sealed", "revision", "createdAt", "updatedAt"}) {
      Map<String, AttributeValue> damaged = new HashMap<>(whole);
      damaged.remove(attribute);
      world.table.plant(damaged);
      assertThatThrownBy(() -> world.vault().get(key, LABEL, world.deadline()))
          .isInstanceOf(Internal.class)
          .hasMessage("a stored credential is malformed");
    }
  }

  private byte[] sealed() {
    return world.credentials(id).getFirst().getOrDefault("sealed", text("")).b().asByteArray();
  }

  private Map<String, AttributeValue> identity(AgentId of) {
    return world.partition(of).stream()
        .filter(item -> !CredentialItem.isCredential(item))
        .findFirst()
        .orElseThrow();
  }

  /** Changes one attribute of the first credential; of its key, by moving the item. */
  private void plant(String attribute, AttributeValue value) {
    Map<String, AttributeValue> item = world.credentials(id).getFirst();
    world.table.takeAway(item);
    Map<String, AttributeValue> changed = new HashMap<>(item);
    changed.put(attribute, value);
    world.table.plant(changed);
  }

  private Credential store(AgentKey of, Label label, String data) {
    return world.vault().store(of, label, custom(data), new None(), world.deadline());
  }

  private void assertTampered(AgentKey of, Label label) {
    assertThatThrownBy(() -> world.vault().get(of, label, world.deadline()))
        .isInstanceOf(Tampered.class)
        .hasMessage("the stored credential does not verify");
  }
}
