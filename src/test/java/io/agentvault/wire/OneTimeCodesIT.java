package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.local.faults.WireTap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One-time codes and backup codes, through the whole stack. */
class OneTimeCodesIT {
  private static final World WORLD = World.shared();

  /**
   * Starts the instances a few at a time: ten at once would starve each other past their timeout. A
   * call is made slow, so that each of those at once needs an instance of its own.
   */
  @BeforeAll
  static void startInstances() {
    WireTap tap = WORLD.cloud().tap();
    Call get = Call.of("get", WORLD.agent().key(), WORLD.stored(World.API_KEY));
    FaultRule slow =
        tap.fault(
            io.agentvault.local.faults.Call.by("vault"),
            Fault.delay(Duration.ofSeconds(1)),
            FaultRule.Times.ALWAYS);
    for (int callers : List.of(3, 6, 8, 10)) {
      atOnce(callers, get);
    }
    tap.remove(slow);
  }

  @ParameterizedTest
  @CsvSource({
    "SHA1,6,30",
    "SHA1,8,30",
    "SHA256,7,60",
    "SHA256,8,1",
    "SHA512,6,3600",
    "SHA512,8,17",
  })
  void aCodeIsTheReferenceImplementationsForItsInstant(String algorithm, int digits, int period) {
    String settings =
        "{'secret':'%s','algorithm':'%s','digits':%d,'period':%d}"
            .formatted(World.SEED, algorithm, digits, period);
    String uri =
        "otpauth://totp/Example:ada?secret=%s&issuer=Example&algorithm=%s&digits=%d&period=%d"
            .formatted(World.SEED, algorithm, digits, period);
    for (String json :
        List.of(
            "{'type':'TOTP','data':" + settings + "}",
            "{'type':'TOTP','data':{'otpauth':'" + uri + "'}}",
            "{'type':'CUSTOM','data':{'totp':" + settings + "}}",
            "{'type':'CUSTOM','data':{'totp':'" + uri + "'}}")) {
      String label = WORLD.stored(json);
      for (Way way : Way.values()) {
        JsonNode body = totp(way, label).body();
        Instant at = Instant.parse(body.get("generatedAt").asText());
        assertThat(body.get("code").asText())
            .isEqualTo(ReferenceCodes.totp(World.SEED, algorithm, digits, period, at));
        assertThat(body.get("digits").asInt()).isEqualTo(digits);
        assertThat(body.get("period").asInt()).isEqualTo(period);
        assertThat(body.get("algorithm").asText()).isEqualTo(algorithm);
        Instant end = Instant.parse(body.get("expiresAt").asText());
        assertThat(end.getEpochSecond() % period).isZero();
        assertThat(body.get("remaining").asLong())
            .isEqualTo(end.getEpochSecond() - at.getEpochSecond())
            .isBetween(1L, (long) period);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyCallOfACounterBasedSeedAnswersTheNextCode(Way way) {
    String label =
        WORLD.stored(
            "{'type':'TOTP','data':{'otpauth':'otpauth://hotp/a?secret=%s&counter=41&digits=8'}}"
                .formatted(World.SEED));
    for (long counter = 41; counter < 46; counter++) {
      JsonNode body = nextCode(way, label).body();
      assertThat(body.get("code").asText())
          .isEqualTo(ReferenceCodes.hotp(World.SEED, "SHA1", 8, counter));
      for (String none : List.of("remaining", "period", "expiresAt")) {
        assertThat(body.get(none).isNull()).as(none).isTrue();
      }
    }
  }

  @Test
  void noTwoCallersGetTheSameCounter() {
    String label =
        WORLD.stored(
            "{'type':'TOTP','data':{'otpauth':'otpauth://hotp/a?secret=%s&counter=0&digits=8'}}"
                .formatted(World.SEED));
    List<Answer> answers = atOnce(30, Call.of("nextCode", WORLD.agent().key(), label));
    Set<String> codes = new HashSet<>();
    answers.forEach(answer -> codes.add(answer.text("code")));
    Set<String> expected = new HashSet<>();
    for (long counter = 0; counter < 30; counter++) {
      expected.add(ReferenceCodes.hotp(World.SEED, "SHA1", 8, counter));
    }
    assertThat(codes).isEqualTo(expected);
  }

  @Test
  void storingTheSameSeedAgainDoesNotTurnTheCounterBack() {
    String json =
        "{'type':'TOTP','data':{'otpauth':'otpauth://hotp/a?secret=%s&counter=0&digits=8'}%s}";
    String label = WORLD.stored(json.formatted(World.SEED, ""));
    String first = nextCode(Way.HTTP, label).text("code");
    WORLD.succeed(
        Way.HTTP,
        Call.of("store", WORLD.agent().key(), label)
            .body(json.formatted(World.SEED, ",'metadata':{'note':'new'}")));
    assertThat(nextCode(Way.HTTP, label).text("code"))
        .isNotEqualTo(first)
        .isEqualTo(ReferenceCodes.hotp(World.SEED, "SHA1", 8, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "steam://%s",
    "otpauth://steam/ada?secret=%s",
    "otpauth://totp/Steam:ada?secret=%s",
  })
  void steamGivesFiveCharactersOfItsAlphabet(String uri) {
    String label =
        WORLD.stored("{'type':'TOTP','data':{'otpauth':'" + uri.formatted(World.SEED) + "'}}");
    for (Way way : Way.values()) {
      JsonNode body = totp(way, label).body();
      Instant at = Instant.parse(body.get("generatedAt").asText());
      assertThat(body.get("code").asText()).isEqualTo(ReferenceCodes.steam(World.SEED, at));
      assertThat(body.get("digits").asInt()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withTooFewSecondsLeftTheNextPeriodsCodeIsAnswered(Way way) {
    String label =
        WORLD.stored("{'type':'TOTP','data':{'secret':'" + World.SEED + "','period':4}}");
    for (int i = 0; i < 3; i++) {
      Answer answer =
          WORLD.succeed(
              way,
              Call.of("totp", WORLD.agent().key(), label)
                  .with("minRemaining", 3)
                  .with("wait", true));
      assertThat(answer.body().get("remaining").asInt()).isBetween(3, 4);
      Instant at = Instant.parse(answer.text("generatedAt"));
      assertThat(answer.text("code")).isEqualTo(ReferenceCodes.totp(World.SEED, "SHA1", 6, 4, at));
    }
  }

  @Test
  void aUniqueCodeIsHandedOutToOneOfManyCallers() {
    String label =
        WORLD.stored("{'type':'TOTP','data':{'secret':'" + World.SEED + "','period':3600}}");
    Call unique = Call.of("totp", WORLD.agent().key(), label).with("unique", true);
    List<Answer> answers = atOnce(20, unique);
    assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
    assertThat(answers.stream().filter(Answer::isError))
        .hasSize(19)
        .allSatisfy(
            refused -> {
              assertThat(refused.status()).isEqualTo(409);
              assertThat(refused.message()).containsPattern("[0-9]+ second");
            });
    assertThat(totp(Way.HTTP, label).status()).as("without unique").isEqualTo(200);
  }

  @Test
  void aHundredCallersOverTenBackupCodesGetTenDifferentOnes() {
    ObjectNode body =
        Call.json("{'type':'LOGIN','data':{'username':'ada','password':'x'}}").deepCopy();
    Set<String> codes = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      codes.add("backup-" + i);
    }
    codes.forEach(body.withObject("data").withArray("backupCodes")::add);
    String label = WORLD.stored(body);
    Call use = Call.of("useBackupCode", WORLD.agent().key(), label);

    List<Answer> answers = atOnce(100, use);

    List<Answer> given = answers.stream().filter(answer -> answer.status() == 200).toList();
    assertThat(given.stream().map(answer -> answer.text("code")))
        .containsExactlyInAnyOrderElementsOf(codes);
    assertThat(given.stream().map(answer -> answer.body().get("remaining").asInt()))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(answers.stream().filter(answer -> answer.status() == 400)).hasSize(90);
    JsonNode data = WORLD.succeed(Way.HTTP, Call.of("get", WORLD.agent().key(), label)).body();
    assertThat(data.at("/data/usedBackupCodes"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrderElementsOf(codes);
  }

  @ParameterizedTest
  @EnumSource
  void aBackupCodeMovesFromTheUnusedToTheUsedOnes(Way way) {
    String label =
        WORLD.stored(
            "{'type':'LOGIN','data':{'username':'a','password':'b','totp':'%s','backupCodes':['x-1','x-2']}}"
                .formatted(World.SEED));
    Call get = Call.of("get", WORLD.agent().key(), label);
    assertThat(WORLD.succeed(way, get).body().toString()).doesNotContain("x-1", "x-2", World.SEED);
    assertThat(totp(way, label).body().get("backupCodesRemaining").asInt()).isEqualTo(2);
    Answer used = WORLD.succeed(way, Call.of("useBackupCode", WORLD.agent().key(), label));
    assertThat(used.body().get("remaining").asInt()).isEqualTo(1);
    Answer after = WORLD.succeed(way, get);
    assertThat(after.body().at("/data/usedBackupCodes").size()).isEqualTo(1);
    assertThat(after.body().at("/data/usedBackupCodes/0").asText()).isEqualTo(used.text("code"));
    assertThat(totp(way, label).body().get("backupCodesRemaining").asInt()).isEqualTo(1);
  }

  private static Answer totp(Way way, String label) {
    return WORLD.succeed(way, Call.of("totp", WORLD.agent().key(), label));
  }

  private static Answer nextCode(Way way, String label) {
    return WORLD.succeed(way, Call.of("nextCode", WORLD.agent().key(), label));
  }

  /** A GET is repeated by clients and by what stands between. */
  @Test
  void aCountersCodeIsNotHadByGet() {
    String label =
        WORLD.stored(
            "{'type':'TOTP','data':{'otpauth':'otpauth://hotp/a?secret=%s&counter=0'}}"
                .formatted(World.SEED));
    Answer refused = WORLD.send(Way.HTTP, Call.of("totp", WORLD.agent().key(), label));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("message")).contains("POST");
    assertThat(nextCode(Way.HTTP, label).text("code"))
        .isEqualTo(ReferenceCodes.hotp(World.SEED, "SHA1", 6, 0));
  }

  /** Not through the gateway, which gives up on who waits half a minute for an instance. */
  private static List<Answer> atOnce(int callers, Call call) {
    return AtOnce.call(callers, () -> WORLD.send(Way.DIRECT, call));
  }
}
