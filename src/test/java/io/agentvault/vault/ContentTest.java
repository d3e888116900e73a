package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.api.Json;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.PayloadTooLarge;
import io.agentvault.problem.Tampered;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {
  private static final int EMPTY_TEXT_FIELD_BYTES = "{\"a\":\"\"}".length();

  private final ContentCodec codec = new ContentCodec(Json.STORED);

  @Test
  void aNumberMayTakeAsManyDigitsAndAsMuchOfAnExponentAsCanBeReadAgain() {
    for (String number : List.of("1" + "0".repeat(799), "1E-9999", "1E+9999")) {
      Numbers.check("data", Contents.tree("{'n':" + number + "}"));
    }
    for (String number : List.of("1" + "0".repeat(800), "1E-10000", "1E+10000")) {
      Data over = Data.of(Contents.tree("{'n':[" + number + "]}"));
      assertRefused(over, Optional.empty(), "data must have numbers");
      assertRefused(Data.none(), Optional.of(over), "metadata must have numbers");
    }
  }

  private static void assertRefused(Data data, Optional<Data> metadata, String message) {
    assertThatThrownBy(
            () -> Content.checked(CredentialType.CUSTOM, data, metadata, Optional.empty()))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aFieldThatStandsNeitherInDataNorInMetadataIsMissing() {
    Data user = Data.of(Contents.tree("{'username':'u'}"));
    Data site = Data.of(Contents.tree("{'site':'x'}"));
    assertThatThrownBy(
            () -> Content.checked(CredentialType.LOGIN, user, Optional.of(site), Optional.empty()))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("password");
  }

  @Test
  void aValueIsFoundInDataFirstAndThenInMetadata() {
    Content content = Contents.withMetadata("{'a':'1','n':2.50}", "{'a':'3','b':'4'}");
    assertThat(content.value("a")).contains("1");
    assertThat(content.value("n")).contains("2.50");
    assertThat(content.value("b")).contains("4");
    assertThat(content.value("c")).isEmpty();
  }

  @Test
  void dataAndMetadataMayTake64KiBTogetherAndNoByteMore() {
    codec.checkSize(Contents.custom(dataOf(65_536)));
    codec.checkSize(Contents.withMetadata(dataOf(65_536 - 100), dataOf(100)));

    assertTooLarge(Contents.custom(dataOf(65_537)), "credential must be at most 64 KiB serialized");
    assertTooLarge(
        Contents.withMetadata(dataOf(65_536 - 100), dataOf(101)),
        "credential must be at most 64 KiB serialized");
  }

  @Test
  void metadataMayTake4KiBAndNoByteMore() {
    codec.checkSize(Contents.withMetadata("{}", dataOf(4_096)));

    assertTooLarge(
        Contents.withMetadata("{}", dataOf(4_097)), "metadata must be at most 4 KiB serialized");
  }

  @Test
  void theLimitsAreOfBytesAndNotOfCharacters() {
    String umlauts = "{'a':'" + "ä".repeat(2_049) + "'}";

    assertTooLarge(
        Contents.withMetadata("{}", umlauts), "metadata must be at most 4 KiB serialized");
  }

  private void assertTooLarge(Content content, String message) {
    assertThatThrownBy(() -> codec.checkSize(content))
        .isInstanceOf(PayloadTooLarge.class)
        .hasMessage(message);
  }

  private static String dataOf(int bytes) {
    return "{'a':'" + "x".repeat(bytes - EMPTY_TEXT_FIELD_BYTES) + "'}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'n':1.0,'m':1.00,'big':123456789012345678901234567890,'tiny':1.5E-400,'exact':0.1}",
        "{'text':'grüße 🔑 \\u0000','nested':{'a':[1,null,true,{'b':[]}]}}"
      })
  void whatIsWrittenIsReadBackWithEveryDigit(String data) {
    Content read = roundTrip(Contents.custom(data));

    assertThat(read.data().expose().toString())
        .isEqualTo(Contents.custom(data).data().expose().toString());
    assertThat(read).isEqualTo(Contents.custom(data));
  }

  @Test
  void metadataAreSealedApartAndTheExpiryInBoth() {
    Instant at = Instant.parse("2030-01-02T03:04:05.678Z");
    assertThat(roundTrip(Contents.expiring("{}", at)).expiresAt()).contains(at);
    assertThat(roundTrip(Contents.expiring("{}", at)).metadata()).isEmpty();
    assertThat(roundTrip(Contents.withMetadata("{}", "{'site':'x'}")).metadata())
        .contains(Data.of(Contents.tree("{'site':'x'}")));
    assertThat(roundTrip(Contents.withMetadata("{}", "{}")).expiresAt()).isEmpty();
  }

  private Content roundTrip(Content content) {
    Overview overview = codec.readOverview(codec.writeMetadata(content, 1), 1);
    assertThat(overview).isEqualTo(content.overview());
    return codec.readContent(codec.writeData(content, 1), overview.metadata(), 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "null",
        "7",
        "{\"revision\":7}",
        "{\"revision\":7,\"data\":[]}",
        "{\"revision\":7,\"data\":{},\"type\":\"canary\"}",
        "{\"revision\":7,\"data\":{\"n\":1.2E+99999999999},\"type\":\"CUSTOM\"}",
        "{"
      })
  void bytesThatAreNoContentAreTampered(String bytes) {
    assertTampered(bytes.getBytes(StandardCharsets.UTF_8), 7);
  }

  @Test
  void contentOfAnotherRevisionIsTampered() {
    assertTampered(codec.writeData(Contents.custom("{}"), 7), 6);
    assertTampered(codec.writeData(Contents.custom("{}"), 7), 8);
    assertThatThrownBy(() -> codec.readOverview(codec.writeMetadata(Contents.custom("{}"), 7), 8))
        .isInstanceOf(Tampered.class);
  }

  private void assertTampered(byte[] bytes, long revision) {
    assertThatThrownBy(() -> codec.readContent(bytes, Optional.empty(), revision))
        .isInstanceOf(Tampered.class);
  }

  @Test
  void contentIsExpiredFromTheInstantItNames() {
    Instant at = Instant.parse("2030-01-01T00:00:00Z");
    Content content = Contents.expiring("{}", at);

    assertThat(content.isExpired(at.minusMillis(1))).isFalse();
    assertThat(content.isExpired(at)).isTrue();
    assertThat(content.isExpired(at.plusSeconds(1))).isTrue();
    assertThat(Contents.custom("{}").isExpired(Instant.MAX)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'canary'", "{}", "7", "[7]", "['']", "['a',null]", "[['a']]"})
  void codesMustBeAnArrayOfTexts(String codes) {
    for (String field : List.of("backupCodes", "usedBackupCodes")) {
      assertThatThrownBy(() -> Contents.custom("{'" + field + "':" + codes + "}"))
          .isInstanceOf(BadRequest.class)
          .hasMessage("data." + field + " must be an array of non-empty strings");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'backupCodes':null}", "{'backupCodes':[]}"})
  void noCodesAreNoCodes(String data) {
    assertThat(Contents.custom(data).backupCodes()).isEmpty();
  }

  @Test
  void dataNeverPrintAndTheirTreeIsACopy() {
    Data data = Data.of(Contents.tree("{'key':'canary'}"));
    data.expose().put("key", "other");

    assertThat(data).hasToString("Data[redacted]");
    assertThat(Contents.custom("{'key':'canary'}").toString()).doesNotContain("canary");
    assertThat(data.text("key")).contains("canary");
    assertThat(data)
        .isEqualTo(Data.of(Contents.tree("{'key':'canary'}")))
        .hasSameHashCodeAs(Data.of(Contents.tree("{'key':'canary'}")))
        .isNotEqualTo(Data.of(Contents.tree("{'key':'other'}")))
        .isNotEqualTo("canary");
    assertThat(Data.of(Contents.tree("{}")).hashCode()).isNotEqualTo(data.hashCode());
  }
}
