package io.agentvault.vault;

import static io.agentvault.vault.Contents.SEED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import io.agentvault.totp.Algorithm;
import io.agentvault.totp.Otp;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedsTest {
  private static final String URI = "otpauth://totp/x:y?secret=" + SEED;

  /** Every place where a seed may stand, {@code S} for a seed and {@code U} for a URI of one. */
  private static final String PLACES =
      """
      TOTP   | {'secret':'S'}
      TOTP   | {'secret':'U'}
      TOTP   | {'otpauth':'U'}
      TOTP   | {'secret':'S','otpauth':'U'}
      TOTP   | {'secret':'S','otpauth':{'nested':'S'}}
      TOTP   | {'otpauth':'U','secret':['S']}
      TOTP   | {'secret':'S','totp':'S'}
      TOTP   | {'secret':'S','totp':{'secret':'S'}}
      CUSTOM | {'totp':'S'}
      CUSTOM | {'totp':'U'}
      CUSTOM | {'totp':'steam://S'}
      CUSTOM | {'totp':{'secret':'S'}}
      CUSTOM | {'totp':{'secret':'U'}}
      CUSTOM | {'totp':{'otpauth':'U'}}
      CUSTOM | {'totp':{'otpauth':'U','secret':'S'}}
      CUSTOM | {'totp':{'secret':'S','otpauth':['U']}}
      LOGIN  | {'username':'u','password':'p','totp':'U'}
      LOGIN  | {'username':'u','password':'p','totpSecret':'S'}
      LOGIN  | {'username':'u','password':'p','totp_secret':'U'}
      LOGIN  | {'username':'u','password':'p','secret':'S'}
      CUSTOM | {'totpSecret':'S','more':{'totp_secret':'S','list':[{'totp':'S'},'U']}}
      CUSTOM | {'totp':'S','qr':'U','more':{'secretUrl':'U'}}
      """;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = PLACES)
  void aSeedIsUsedAndNeverReadBackWhereverItStands(CredentialType type, String data) {
    Content content = Contents.of(type, filled(data));

    assertThat(content.hasTotp()).isTrue();
    assertThat(content.otp()).isPresent();
    assertThat(content.readable().expose().toString().toUpperCase(Locale.ROOT))
        .doesNotContain(SEED)
        .doesNotContain(SEED.substring(0, 8))
        .contains("[WRITE-ONLY");
    assertThat(content.data().expose().toString()).as("what is sealed").contains(SEED);
  }

  @Test
  void thePlaceholderStandsExactlyWhereTheSeedStood() {
    assertThat(readable(CredentialType.TOTP, "{'secret':'S','note':'n'}"))
        .isEqualTo("{\"secret\":\"" + Placeholder.SEED + "\",\"note\":\"n\"}");
    assertThat(readable(CredentialType.CUSTOM, "{'totp':{'secret':'S','digits':8},'key':'k'}"))
        .isEqualTo(
            "{\"totp\":{\"secret\":\"" + Placeholder.SEED + "\",\"digits\":8},\"key\":\"k\"}");
    assertThat(readable(CredentialType.CUSTOM, "{'totp':'S'}"))
        .isEqualTo("{\"totp\":\"" + Placeholder.SEED + "\"}");
    assertThat(Placeholder.SEED).contains("GET /v0/vault/{label}/totp");
  }

  @Test
  void fieldsThatAreNoSeedsStayReadable() {
    assertThat(readable(CredentialType.API_KEY, "{'clientId':'c','secret':'s'}"))
        .isEqualTo("{\"clientId\":\"c\",\"secret\":\"s\"}");
    assertThat(readable(CredentialType.CUSTOM, "{'totpSecret':'no seed!','secret':'S'}"))
        .isEqualTo("{\"totpSecret\":\"no seed!\",\"secret\":\"" + SEED + "\"}");
    assertThat(readable(CredentialType.CUSTOM, "{'otpauth':'x','totp':null}"))
        .isEqualTo("{\"otpauth\":\"x\",\"totp\":null}");
    assertThat(readable(CredentialType.TOTP, "{'secret':'S','otpauth':null}"))
        .contains("\"otpauth\":null");
  }

  @Test
  void unusedBackupCodesAreLeftOutAndUsedOnesShown() {
    assertThat(
            readable(CredentialType.CUSTOM, "{'backupCodes':['canary'],'usedBackupCodes':['u']}"))
        .isEqualTo("{\"usedBackupCodes\":[\"u\"]}");
  }

  @Test
  void backupCodesBesideTheSeedStandWithTheOthersAndAreAsHidden() {
    Content content =
        Contents.custom(
            filled("{'totp':{'secret':'S','backupCodes':['b','c']},'backupCodes':['a']}"));

    assertThat(content.backupCodes()).containsExactly("a", "b", "c");
    assertThat(content.readable().expose().toString()).doesNotContain("\"b\"", "backupCodes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LOGIN  | {'totpSecret':'S'}",
        "LOGIN  | {'a':{'totp':'S'}}",
        "LOGIN  | {'secret':'S'}",
        "CUSTOM | {'qr':'U'}",
        "TOTP   | {'secret':'S'}"
      })
  void metadataHoldNoSeed(CredentialType type, String metadata) {
    Data data = Data.of(Contents.tree(filled("{'username':'u','password':'p','secret':'S'}")));
    assertThatThrownBy(
            () ->
                Content.checked(
                    type,
                    data,
                    Optional.of(Data.of(Contents.tree(filled(metadata)))),
                    Optional.empty()))
        .isInstanceOf(BadRequest.class)
        .hasMessage("metadata must not hold what is never read back; it belongs in data");
  }

  @Test
  void whatTheVaultGetsAccessTokensWithIsNeverReadBack() {
    String oauth = "'refreshToken':'r','clientSecret':'c','clientKey':'k','clientId':'i'";
    assertThat(readable(CredentialType.OAUTH, "{" + oauth + "}")).contains("\"r\"", "\"c\"");
    assertThat(readable(CredentialType.OAUTH, "{" + oauth + ",'tokenUrl':'https://t.example'}"))
        .doesNotContain("\"r\"", "\"c\"", "\"k\"")
        .contains("\"i\"", Placeholder.TOKEN);
  }

  @Test
  void aCredentialWithoutASeedHasNone() {
    for (String data : new String[] {"{}", "{'totp':null}", "{'secret':'S'}", "{'otpauth':'U'}"}) {
      Content content = Contents.custom(filled(data));
      assertThat(content.hasTotp()).isFalse();
      assertThat(content.otp()).isEmpty();
    }
  }

  @Test
  void theObjectFormCarriesItsSettings() {
    assertThat(
            otp(
                CredentialType.CUSTOM,
                "{'totp':{'secret':'S','algorithm':'SHA256','digits':8,'period':60}}"))
        .isEqualTo(Otp.of("x", SEED, "SHA256", 8, 60));
    assertThat(otp(CredentialType.TOTP, "{'secret':'S','digits':7}").digits()).isEqualTo(7);
    assertThat(otp(CredentialType.TOTP, "{'secret':'S','digits':null}").digits()).isEqualTo(6);
    assertThat(otp(CredentialType.TOTP, "{'secret':'S'}").algorithm()).isEqualTo(Algorithm.SHA1);
  }

  @Test
  void theFieldsOfTypeTotpComeBeforeTheTotpField() {
    assertThat(otp(CredentialType.TOTP, "{'secret':'S','totp':{'secret':'S','digits':8}}").digits())
        .isEqualTo(6);
    assertThat(
            otp(
                    CredentialType.TOTP,
                    "{'otpauth':'U','secret':'otpauth://totp/x?secret=S&digits=8'}")
                .digits())
        .isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TOTP   | {'secret':'GEZDGNBV'}            | data.secret",
        "TOTP   | {'secret':'canary!canary!canary!'} | data.secret",
        "TOTP   | {'secret':7}                     | data.secret",
        "TOTP   | {'otpauth':'http://canary'}      | data.otpauth",
        "TOTP   | {'otpauth':'canary'}             | data.otpauth",
        "TOTP   | {'secret':'S','digits':9}        | data.digits",
        "TOTP   | {'secret':'S','digits':'8'}      | data.digits",
        "TOTP   | {'secret':'S','digits':8.5}      | data.digits",
        "TOTP   | {'secret':'S','period':0}        | data.period",
        "TOTP   | {'secret':'S','period':[]}       | data.period",
        "TOTP   | {'secret':'S','algorithm':'MD5'} | data.algorithm",
        "TOTP   | {'secret':'S','algorithm':1}     | data.algorithm",
        "TOTP   | {'secret':'S','totp':'canary'}   | data.totp",
        "CUSTOM | {'totp':''}                      | data.totp",
        "CUSTOM | {'totp':'canary'}                | data.totp",
        "CUSTOM | {'totp':7}                       | data.totp",
        "CUSTOM | {'totp':['S']}                   | data.totp",
        "CUSTOM | {'totp':{}}                      | data.totp.secret",
        "CUSTOM | {'totp':{'secret':'canary'}}     | data.totp.secret",
        "CUSTOM | {'totp':{'secret':'S','digits':5}} | data.totp.digits",
        "CUSTOM | {'totp':{'otpauth':'canary'}}    | data.totp.otpauth",
      })
  void aSeedThatBreaksARuleIsRefusedOnStoreWithoutRepeatingIt(
      CredentialType type, String data, String field) {
    assertThatThrownBy(() -> Contents.of(type, filled(data)))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith(field + " must ")
        .hasMessageNotContaining("canary")
        .hasMessageNotContaining(SEED);
  }

  private static String readable(CredentialType type, String data) {
    return Contents.of(type, filled(data)).readable().expose().toString();
  }

  private static Otp otp(CredentialType type, String data) {
    return Contents.of(type, filled(data)).otp().orElseThrow();
  }

  private static String filled(String data) {
    return data.replace("'U'", "'" + URI + "'")
        .replace("'S'", "'" + SEED + "'")
        .replace("//S'", "//" + SEED + "'")
        .replace("=S&", "=" + SEED + "&");
  }
}
