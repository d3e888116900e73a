package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.wire.World.Agent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Listings page by page: everything once, in order, and never from another partition. */
class PagesIT {
  private static final World WORLD = World.shared();
  private static final List<String> LABELS =
      List.of("!", "A", "B b", "a", "a!", "a-1", "a-10", "a-2", "b", "~");

  private static final Agent OWNER = WORLD.newAgent("vault:read", "vault:write");
  private static final Agent STRANGER = WORLD.newAgent("vault:read", "vault:write");

  @BeforeAll
  static void storeInNoOrder() {
    List<String> labels = new ArrayList<>(LABELS);
    Collections.shuffle(labels, new Random(7));
    for (String label : labels) {
      store(OWNER, label);
    }
    store(STRANGER, "c");
  }

  private static void store(Agent agent, String label) {
    WORLD.succeed(Way.DIRECT, Call.of("store", agent.key(), label).body(World.API_KEY));
  }

  @ParameterizedTest
  @CsvSource({"HTTP,1", "HTTP,3", "HTTP,10", "HTTP,1000", "DIRECT,1", "DIRECT,4", "DIRECT,11"})
  void pagesHoldEveryCredentialOnceSortedByName(Way way, int limit) {
    List<String> names = new ArrayList<>();
    String token = "";
    do {
      Call call = Call.of("list", OWNER.key()).with("limit", limit);
      Answer page = WORLD.succeed(way, token.isEmpty() ? call : call.with("pageToken", token));
      page.body().get("credentials").forEach(each -> names.add(each.get("name").asText()));
      assertThat(page.body().get("count").asInt())
          .isEqualTo(page.body().get("credentials").size())
          .isLessThanOrEqualTo(limit);
      token = page.text("nextPageToken");
    } while (!token.isEmpty());
    assertThat(names).isEqualTo(LABELS);
  }

  @ParameterizedTest
  @EnumSource
  void aTokenOfAnotherVaultIsAtWorstAPlaceInOnesOwn(Way way) {
    String token = nextPageToken(Call.of("list", OWNER.key()).with("limit", 2));
    Answer answer = WORLD.send(way, Call.of("list", STRANGER.key()).with("pageToken", token));
    if (!answer.isError()) {
      answer
          .body()
          .get("credentials")
          .forEach(each -> assertThat(each.get("name").asText()).isEqualTo("c"));
    }
  }

  @Test
  void aTokenNamesNoPartition() {
    String token = nextPageToken(Call.of("list", OWNER.key()).with("limit", 2));
    String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.ISO_8859_1);
    assertThat(text).doesNotContain(OWNER.id(), "AGENT#");
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "x",
    "!!!",
    "bDE6",
    "bDE6LyU",
    "bDI6YQ",
    "bDE6YSBhIA",
    "AAAA",
    "eyJwayI6IkFHRU5UIn0",
    "aTE6MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAyMDI2LTAxLTAxVDAwOjAwOjAwWg",
  })
  void aTokenThatWasNeverHandedOutIsRefused(String token) {
    for (Way way : Way.values()) {
      Answer answer = WORLD.send(way, Call.of("list", OWNER.key()).with("pageToken", token));
      assertThat(answer.status()).as("%s", answer).isEqualTo(400);
      assertThat(answer.message()).contains("pageToken");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTenantsIdentitiesComePageByPageAndNoOthers(Way way) {
    Caller.Operator operator = WORLD.operator("pages-" + way);
    Set<String> created = new TreeSet<>();
    for (int i = 0; i < 5; i++) {
      created.add(
          WORLD.succeed(Way.DIRECT, Call.of("createIdentity", operator)).text("identityId"));
    }
    Set<String> listed = new TreeSet<>();
    String token = "";
    int pages = 0;
    do {
      Call call = Call.of("listIdentities", operator).with("limit", 2);
      Answer page = WORLD.succeed(way, token.isEmpty() ? call : call.with("pageToken", token));
      for (JsonNode identity : page.body().get("identities")) {
        assertThat(listed.add(identity.get("identityId").asText())).as("new").isTrue();
      }
      token = page.text("nextPageToken");
      pages++;
    } while (!token.isEmpty());
    assertThat(listed).isEqualTo(created);
    assertThat(pages).isBetween(3, 4);
  }

  @Test
  void anIdentityTokenOfAnotherTenantShowsNoneOfItsIdentities() {
    Caller.Operator owner = WORLD.operator("tokens-owner");
    for (int i = 0; i < 3; i++) {
      WORLD.succeed(Way.DIRECT, Call.of("createIdentity", owner));
    }
    String token = nextPageToken(Call.of("listIdentities", owner).with("limit", 1));
    for (Way way : Way.values()) {
      Answer answer =
          WORLD.send(
              way,
              Call.of("listIdentities", WORLD.operator("tokens-stranger"))
                  .with("pageToken", token));
      assertThat(answer.isError() || answer.body().get("count").asInt() == 0).isTrue();
    }
  }

  private static String nextPageToken(Call call) {
    String token = WORLD.succeed(Way.DIRECT, call).text("nextPageToken");
    assertThat(token).isNotEmpty();
    return token;
  }
}
