package io.agentvault.vault;

import static io.agentvault.vault.Contents.custom;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.identity.AgentKey;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Precondition.None;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

class ListingTest {
  private final World world = new World();
  private final AgentKey key = world.agent();

  @Test
  void anEmptyVaultIsAnEmptyListingThatAsksNoKeyService() {
    Vault.Listing listing = page(10, Optional.empty());

    assertThat(listing.credentials()).isEmpty();
    assertThat(listing.next()).isEmpty();
    assertThat(world.keys.unwraps()).isZero();
  }

  @Test
  void credentialsAreSortedByLabelAsBytes() {
    for (String label : List.of("b", "a", "B", "a!", "a b", "~", "!")) {
      store(label, "{}");
    }

    assertThat(labels(page(10, Optional.empty())))
        .containsExactly("!", "B", "a", "a b", "a!", "b", "~");
  }

  @Test
  void everyLimitAndPageSizeShowsEveryCredentialOnce() {
    List<String> all = List.of("a", "b", "c", "d", "e");
    all.forEach(label -> store(label, "{}"));
    for (int limit = 1; limit <= 7; limit++) {
      for (int pageSize = 1; pageSize <= 7; pageSize++) {
        world.table.pageSize(pageSize);
        assertThat(walked(limit)).as("limit %d, page %d", limit, pageSize).isEqualTo(all);
      }
    }
  }

  private List<String> walked(int limit) {
    List<String> labels = new ArrayList<>();
    Optional<Label> after = Optional.empty();
    do {
      Vault.Listing listing = page(limit, after);
      assertThat(listing.credentials()).hasSizeBetween(1, limit);
      labels.addAll(labels(listing));
      after = listing.next();
    } while (after.isPresent());
    return labels;
  }

  @Test
  void aListingThatIsShownWholeHasNoNextThoughTheLimitIsReached() {
    store("a", "{}");
    store("b", "{}");

    assertThat(page(2, Optional.empty()).next()).isEmpty();
    assertThat(page(1, Optional.empty()).next()).contains(Label.parse("a"));
  }

  @Test
  void aListingGoesOnBehindALabelThatIsGoneOrNeverWas() {
    store("a", "{}");
    store("c", "{}");

    assertThat(labels(page(10, Optional.of(Label.parse("b"))))).containsExactly("c");
    assertThat(page(10, Optional.of(Label.parse("c"))).credentials()).isEmpty();
  }

  @Test
  void aPageEndsEarlyWhereItsAnswerWouldGrowTooLarge() {
    String metadata = "{'m':'" + "x".repeat(4_096 - "{'m':''}".length()) + "'}";
    Content content = Contents.withMetadata("{}", metadata);
    for (int i = 0; i < 500; i++) {
      Label label = Label.parse(String.format("%03d", i));
      world.vault().store(key, label, content, new None(), world.deadline());
    }
    world.table.pageSize(200);

    Vault.Listing listing = page(1_000, Optional.empty());
    assertThat(listing.credentials())
        .as("2 MiB of 512 + 4,096 bytes each and the seal's")
        .hasSize(445);
    assertThat(listing.next()).contains(listing.credentials().getLast().label());
    assertThat(walked(1_000)).hasSize(500);
  }

  @Test
  void aListingHoldsMetadataAndNoData() {
    world
        .vault()
        .store(
            key,
            Label.parse("a"),
            Contents.withMetadata("{'k':'canary','totp':'" + Contents.SEED + "'}", "{'m':1}"),
            new None(),
            world.deadline());
    Credential listed = (Credential) page(10, Optional.empty()).credentials().getFirst();

    assertThat(listed.data().expose()).isEmpty();
    assertThat(listed.metadata()).contains(Data.of(Contents.tree("{'m':1}")));
    assertThat(listed.hasTotp()).isTrue();
    assertThat(listed.type()).isEqualTo(CredentialType.CUSTOM);
  }

  @Test
  void aListingAsksForNoMoreThanItNeeds() {
    for (String label : List.of("a", "b", "c")) {
      store(label, "{}");
    }
    world.table.reset();
    page(1, Optional.empty());

    List<QueryRequest> queries = world.table.requests(QueryRequest.class);
    assertThat(queries)
        .extracting(QueryRequest::limit)
        .containsExactly(2, null); // and the counts between the first and the last shown
    assertThat(queries.getFirst().projectionExpression().split(", "))
        .contains("sealedMetadata")
        .doesNotContain("sealed");
  }

  @Test
  void whatAnotherAgentHasIsNotListed() {
    store("mine", "{}");
    AgentKey other = world.agent();
    world.vault().store(other, Label.parse("theirs"), custom("{}"), new None(), world.deadline());

    assertThat(labels(page(10, Optional.empty()))).containsExactly("mine");
  }

  private void store(String label, String data) {
    Deadline deadline = world.deadline();
    world.vault().store(key, Label.parse(label), custom(data), new None(), deadline);
  }

  private Vault.Listing page(int limit, Optional<Label> after) {
    return world.vault().list(key, limit, after, world.deadline());
  }

  private static List<String> labels(Vault.Listing listing) {
    return listing.credentials().stream().map(each -> each.label().text()).toList();
  }
}
