package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.wire.CredentialSamples.Sample;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a type requires, what is kept, and what a second store changes. */
class CredentialRulesIT {
  private static final World WORLD = World.shared();
  private static final List<String> SEEDS = List.of("secret", "otpauth");

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("samples")
  void everyTypeComesBackAsItWasStored(Way way, Sample sample) {
    String label = WORLD.freshLabel();
    Answer stored =
        WORLD.succeed(way, Call.of("store", WORLD.agent().key(), label).body(sample.body()));
    Answer got = WORLD.succeed(way, Call.of("get", WORLD.agent().key(), label));

    boolean seeded = sample.body().path("type").asText().equals("TOTP");
    List<String> unreadable = seeded ? SEEDS : List.of();
    assertThat(without(got.body().get("data"), unreadable))
        .isEqualTo(without(Call.json(sample.body()).get("data"), unreadable));
    assertThat(got.body().toString()).doesNotContain(World.SEED);
    assertThat(got.body().get("type")).isEqualTo(sample.body().get("type"));
    assertThat(got.body().get("metadata")).isEqualTo(orNull(sample.body().get("metadata")));
    assertThat(without(got.body(), List.of("data"))).isEqualTo(stored.body());
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("samples")
  void aRequiredFieldThatIsMissingEmptyOrNullIsNamed(Way way, Sample sample) {
    for (String field : sample.required()) {
      ObjectNode empty = sample.without(field);
      ((ObjectNode) empty.get("data")).put(field, "");
      ObjectNode nothing = sample.without(field);
      ((ObjectNode) nothing.get("data")).putNull(field);
      for (ObjectNode body : List.of(sample.without(field), empty, nothing)) {
        Answer answer = WORLD.send(way, Call.of("store", WORLD.agent().key(), "never").body(body));
        assertThat(answer.status()).as(field).isEqualTo(400);
        assertThat(answer.message()).contains("data").contains(field);
      }
    }
  }

  static Stream<Arguments> samples() {
    return CredentialSamples.load().stream()
        .flatMap(sample -> Stream.of(Way.values()).map(way -> Arguments.of(way, sample)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'data':{}}",
        "{'type':'CUSTOM'}",
        "{'type':'custom','data':{}}",
        "{'type':'PASSKEY','data':{}}",
        "{'type':7,'data':{}}",
        "{'type':'CUSTOM','data':[]}",
        "{'type':'CUSTOM','data':'text'}",
        "{'type':'CUSTOM','data':null}",
        "{'type':'CUSTOM','data':{},'metadata':'text'}",
        "{'type':'CUSTOM','data':{},'metadata':[]}",
        "{'type':'CUSTOM','data':{},'expiresAt':'2020-01-01T00:00:00Z'}",
        "{'type':'CUSTOM','data':{},'expiresAt':'tomorrow'}",
        "{'type':'CUSTOM','data':{},'expiresAt':4102444800}",
        "{'type':'CUSTOM','data':{},'expiresAt':'+999999999-12-31T23:59:59Z'}",
        "{'type':'CUSTOM','data':{'backupCodes':'one'}}",
        "{'type':'CUSTOM','data':{'backupCodes':[1]}}",
        "{'type':'CUSTOM','data':{'backupCodes':['']}}",
        "{'type':'CUSTOM','data':{'totp':7}}",
        "{'type':'CUSTOM','data':{'totp':''}}",
        "{'type':'CUSTOM','data':{'totp':{}}}",
        "{'type':'CUSTOM','data':{'totp':'otpauth://totp/a?secret=!!!'}}",
        "{'type':'CUSTOM','data':{'totp':{'secret':'GEZDGNBVGY3TQOJQ','digits':9}}}",
        "{'type':'CUSTOM','data':{'totp':{'secret':'GEZDGNBVGY3TQOJQ','digits':'6'}}}",
        "{'type':'CUSTOM','data':{'totp':{'secret':'GEZDGNBVGY3TQOJQ','period':0}}}",
        "{'type':'CUSTOM','data':{'totp':{'secret':'GEZDGNBVGY3TQOJQ','period':3601}}}",
        "{'type':'CUSTOM','data':{'totp':{'secret':'GEZDGNBVGY3TQOJQ','algorithm':'MD5'}}}",
        "{'type':'TOTP','data':{'secret':'GEZDGNBVGY3TQOI'}}",
        "{'type':'TOTP','data':{'secret':'not base32, 189'}}",
      })
  void whatBreaksARuleIsRefusedWithoutAnEcho(String json) {
    for (Way way : Way.values()) {
      Answer answer = WORLD.send(way, Call.of("store", WORLD.agent().key(), "never").body(json));
      assertThat(answer.status()).as("%s", answer).isEqualTo(400);
      assertThat(answer.message())
          .doesNotContainPattern("GEZDGNBV|189|!!!|PASSKEY|tomorrow|4102444800|999999999|otpauth:");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSecondStoreKeepsIdAndBirthAndCountsOn(Way way) {
    String label = WORLD.freshLabel();
    Call store = Call.of("store", WORLD.agent().key(), label);
    JsonNode first = WORLD.succeed(way, store.body(World.API_KEY)).body();
    JsonNode same = WORLD.succeed(way, store.body(World.API_KEY)).body();
    JsonNode other =
        WORLD.succeed(way, store.body(World.API_KEY.replace("an-example", "another"))).body();

    assertThat(first.get("revision").asInt()).isEqualTo(1);
    assertThat(first.get("lastRotatedAt").isNull()).isTrue();
    assertThat(first.get("updatedAt")).isEqualTo(first.get("createdAt"));
    assertThat(same.get("revision").asInt()).isEqualTo(2);
    assertThat(same.get("lastRotatedAt").isNull()).as("the data are the same").isTrue();
    assertThat(other.get("revision").asInt()).isEqualTo(3);
    assertThat(other.get("lastRotatedAt")).isEqualTo(other.get("updatedAt"));
    for (String kept : List.of("credentialId", "createdAt", "name", "type")) {
      assertThat(other.get(kept)).as(kept).isEqualTo(first.get(kept));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailedConditionChangesNothing(Way way) {
    String label = WORLD.stored(World.API_KEY);
    Call get = Call.of("get", WORLD.agent().key(), label);
    Answer before = WORLD.succeed(way, get);
    Call store =
        Call.of("store", WORLD.agent().key(), label)
            .body(World.API_KEY.replace("an-example", "another"));
    assertThat(WORLD.send(way, store.with("ifNoneMatch", "*")).status()).isEqualTo(409);
    String etag = WORLD.etag(label);
    assertThat(WORLD.send(way, store.with("ifMatch", etag.replace(".1", ".2"))).status())
        .isEqualTo(409);
    assertThat(uncounted(WORLD.succeed(way, get))).isEqualTo(uncounted(before));
    assertThat(WORLD.send(way, store.with("ifMatch", etag)).status()).isEqualTo(200);
  }

  /** Without what the scribe counts, beside the calls and after them: the first get is a use. */
  private static JsonNode uncounted(Answer answer) {
    ObjectNode body = answer.body().deepCopy();
    return body.remove(List.of("lastUsedAt", "usageCount"));
  }

  @Test
  void theEntityTagIsTheCredentialAtARevisionAndWhatIfMatchTakes() {
    String label = WORLD.stored(World.API_KEY);
    Call store = Call.of("store", WORLD.agent().key(), label).body(World.API_KEY);
    for (int revision = 1; revision <= 3; revision++) {
      Answer got = WORLD.succeed(Way.HTTP, Call.of("get", WORLD.agent().key(), label));
      assertThat(got.headers()).containsEntry("etag", tag(got, revision));
      Answer stored =
          WORLD.succeed(
              Way.HTTP, store.with("ifMatch", got.headers().getOrDefault("etag", "none")));
      assertThat(stored.headers()).containsEntry("etag", tag(got, revision + 1));
    }
  }

  private static String tag(Answer answer, int revision) {
    return "\"%s.%d\"".formatted(answer.body().path("credentialId").asText(), revision);
  }

  @Test
  void aLabelMayBeAnyPrintableTextOfItsGrammar() {
    List<String> labels =
        List.of("a b", "~", "!\"$&'()*+,-.:;<=>@[]^_`{|}~", "x".repeat(128), "a+b", "+");
    for (String label : labels) {
      for (Way way : Way.values()) {
        Call store = Call.of("store", WORLD.agent().key(), label).body(World.API_KEY);
        assertThat(WORLD.succeed(way, store).text("name")).isEqualTo(label);
        Answer got = WORLD.succeed(way, Call.of("get", WORLD.agent().key(), label));
        assertThat(got.text("name")).isEqualTo(label);
        WORLD.succeed(way, Call.of("delete", WORLD.agent().key(), label));
      }
    }
  }

  private static JsonNode without(JsonNode object, List<String> fields) {
    ObjectNode copy = object.deepCopy();
    copy.remove(fields);
    return copy;
  }

  private static JsonNode orNull(@Nullable JsonNode node) {
    return node == null ? NullNode.getInstance() : node;
  }
}
