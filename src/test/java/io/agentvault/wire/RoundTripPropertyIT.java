package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is stored comes back, through gateway, function, KMS and table: but seeds and codes. */
class RoundTripPropertyIT {
  private static final World WORLD = World.shared();
  private static final List<String> SEEDS = List.of("secret", "otpauth");
  private static final String TEST_SEED = "GEZDGNBVGY3TQOJQ";

  @Property(tries = 200)
  void getAnswersWhatWasStoredWithoutSeedAndUnusedBackupCodes(
      @ForAll("bodies") ObjectNode random, @ForAll Way there, @ForAll Way back) {
    ObjectNode body = (ObjectNode) Call.json(random);
    String label = WORLD.freshLabel();
    Answer stored = WORLD.succeed(there, Call.of("store", WORLD.agent().key(), label).body(body));
    Answer got = WORLD.succeed(back, Call.of("get", WORLD.agent().key(), label));

    assertThat(readable(got.body())).isEqualTo(readable(body));
    assertThat(got.body().get("metadata")).isEqualTo(body.get("metadata"));
    assertThat(got.body().get("type")).isEqualTo(body.get("type"));
    for (JsonNode placeholder : seeds(got.body())) {
      assertThat(placeholder.asText()).contains("/totp");
    }
    assertThat(seeds(got.body())).hasSameSizeAs(seeds(body));
    assertThat(got.body().toString()).doesNotContainIgnoringCase(TEST_SEED);
    boolean seeded =
        body.at("/type").asText().equals("TOTP") || body.at("/data").hasNonNull("totp");
    assertThat(stored.body().get("hasTotp").asBoolean()).isEqualTo(seeded);
    WORLD.succeed(there, Call.of("delete", WORLD.agent().key(), label));
  }

  @Provide
  Arbitrary<ObjectNode> bodies() {
    return RandomCredentials.bodies();
  }

  /** The data without what may not come back. */
  private static JsonNode readable(JsonNode credential) {
    ObjectNode data = credential.get("data").deepCopy();
    data.remove("backupCodes");
    if (credential.get("type").asText().equals("TOTP")) {
      data.remove(SEEDS);
    }
    if (data.get("totp") instanceof ObjectNode settings) {
      settings.remove(SEEDS);
    } else if (data.hasNonNull("totp")) {
      data.remove("totp");
    }
    return data;
  }

  /** Where seeds stand. */
  private static List<JsonNode> seeds(JsonNode credential) {
    JsonNode data = credential.get("data");
    List<JsonNode> seeds = new ArrayList<>();
    if (credential.get("type").asText().equals("TOTP")) {
      SEEDS.stream().filter(data::hasNonNull).map(data::get).forEach(seeds::add);
    }
    JsonNode totp = data.path("totp");
    if (totp.isTextual()) {
      seeds.add(totp);
    }
    SEEDS.stream().filter(totp::hasNonNull).map(totp::get).forEach(seeds::add);
    return seeds;
  }
}
