package io.agentvault.vault;

import static io.agentvault.vault.Contents.SEED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.identity.AgentKey;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.PayloadTooLarge;
import io.agentvault.vault.Precondition.None;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Read, change, put back: what can't be read stays, and nobody loosens a policy around it. */
class KeptTest {
  private static final Label LABEL = Label.parse("it");
  private static final String LOGIN =
      "{'username':'u','password':'12345678','totp':{'secret':'"
          + SEED
          + "'},'backupCodes':['a','b']}";
  private static final String NARROW =
      "{'allow':[{'host':'a.example','methods':['GET'],'paths':['/x/**']}]}";

  private final World world = new World();
  private final AgentKey key = world.agent();

  @Test
  void whatGetAnswersPutBackChangesNothing() {
    store(CredentialType.LOGIN, LOGIN, "null");
    world.codes().useBackupCode(key, LABEL, world.deadline());
    Data read = world.vault().get(key, LABEL, world.deadline()).data();
    assertThat(read.expose().toString()).doesNotContain(SEED, "\"b\"");
    store(CredentialType.LOGIN, read.expose().put("note", "n").toString(), "null");

    Content kept = stored();
    assertThat(kept.otp()).isPresent();
    assertThat(kept.backupCodes()).containsExactly("b");
    assertThat(kept.data().texts("usedBackupCodes")).containsExactly("a");
    assertThat(kept.data().text("note")).contains("n");
  }

  @Test
  void aPlaceholderStandsForTheSameFieldWhereverItIs() {
    store(CredentialType.CUSTOM, "{'a':'1','b':{'c':[{'d':'2'}]},'e':{'f':3}}", "null");
    store(
        CredentialType.CUSTOM,
        "{'a':'[write-only]','b':{'c':[{'d':'[write-only]'}]},'e':'[write-only]','g':'new'}",
        "null");

    assertThat(stored().data().expose())
        .hasToString("{\"a\":\"1\",\"b\":{\"c\":[{\"d\":\"2\"}]},\"e\":{\"f\":3},\"g\":\"new\"}");
  }

  @Test
  void aKeptValueCountsTowardsWhatACredentialMayHold() {
    String half = "x".repeat(40 * 1024);
    store(CredentialType.CUSTOM, "{'a':'" + half + "'}", "null");
    String both = "{'a':'[write-only]','b':'" + half + "'}";

    assertThatThrownBy(() -> store(CredentialType.CUSTOM, both, "null"))
        .isInstanceOf(PayloadTooLarge.class);
    assertThat(stored().data().text("b")).isEmpty();
  }

  @Test
  void noBackupCodesSentRemovesThem() {
    store(CredentialType.LOGIN, LOGIN, "null");
    store(CredentialType.LOGIN, LOGIN.replace("'a','b'", ""), "null");

    assertThat(stored().backupCodes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'username':'u','password':'[write-only]','x':'[write-only]'}",
        "{'username':'u','password':{'x':'[write-only]'}}",
        "{'username':'u','password':'p','list':['[write-only]']}",
        "{'username':'u','password':'p','totp_secret':'" + Placeholder.SEED + "'}"
      })
  void aPlaceholderWithNothingBehindItIsRefused(String data) {
    assertThatThrownBy(() -> store(CredentialType.LOGIN, data, "null"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("data.");
    store(CredentialType.LOGIN, LOGIN, "null");
    assertThatThrownBy(() -> store(CredentialType.LOGIN, data, "null"))
        .isInstanceOf(BadRequest.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'allow':[{'host':'b.example'}]}",
        "{'allow':[{'host':'a.example','methods':['GET','POST'],'paths':['/x/**']}]}",
        "{'allow':[{'host':'a.example','methods':['GET']}]}",
        "{'allow':[{'host':'a.example','methods':['GET'],'paths':['/x/**']}],"
            + "'as':{'type':'query','name':'q','field':'password'}}",
      })
  void aKeptValueMayNotGoAnywhereElse(String looser) {
    store(CredentialType.LOGIN, LOGIN, NARROW);
    String kept = LOGIN.replace("12345678", "[write-only]").replace("'a','b'", "");
    String omitted = "{'username':'u','password':'12345678'}";

    for (String data : new String[] {kept, omitted}) {
      assertThatThrownBy(() -> store(CredentialType.LOGIN, data, looser))
          .isInstanceOf(Forbidden.class);
    }
    assertThat(stored().use().orElseThrow().allow()).hasSize(1);
    store(CredentialType.LOGIN, LOGIN.replace("'a','b'", ""), looser);
    assertThat(stored().backupCodes()).isEmpty();
  }

  @Test
  void aKeptValueMayBeGuardedMoreCloselyAndNotBeRevealedAgain() {
    store(CredentialType.LOGIN, LOGIN, NARROW);
    String kept = LOGIN.replace("12345678", "[write-only]");
    String hidden = NARROW.replace("{'allow'", "{'reveal':false,'allow'");
    store(CredentialType.LOGIN, kept, hidden);

    assertThat(stored().isReadable()).isFalse();
    assertThat(stored().data().text("password")).contains("12345678");
    for (String looser : new String[] {NARROW, "null"}) {
      assertThatThrownBy(() -> store(CredentialType.LOGIN, kept, looser))
          .isInstanceOf(Forbidden.class);
    }
  }

  @Test
  void aKeptValueStaysOfItsTypeAndItsTokensComeFromWhereTheyCame() {
    store(CredentialType.OAUTH, "{'refreshToken':'r','tokenUrl':'https://a.example'}", "null");

    assertForbidden(CredentialType.CUSTOM, "{'refreshToken':'[write-only]'}");
    assertForbidden(CredentialType.OAUTH, "{'refreshToken':'[write-only]'}");
    assertForbidden(
        CredentialType.OAUTH, "{'refreshToken':'[write-only]','tokenUrl':'https://b.example'}");
    store(
        CredentialType.OAUTH,
        "{'refreshToken':'[write-only]','tokenUrl':'https://a.example','scope':'s'}",
        "null");
    assertThat(stored().data().text("refreshToken")).contains("r");
  }

  private void assertForbidden(CredentialType type, String data) {
    assertThatThrownBy(() -> store(type, data, "null")).isInstanceOf(Forbidden.class);
  }

  @Test
  void whatIsNotRevealedIsReadInNoWayAndItsCodesAnswer() {
    String hidden = NARROW.replace("{'allow'", "{'reveal':false,'allow'");
    store(CredentialType.LOGIN, LOGIN, hidden);

    assertThatThrownBy(() -> world.vault().get(key, LABEL, world.deadline()))
        .isInstanceOf(Forbidden.class);
    assertThatThrownBy(() -> world.codes().useBackupCode(key, LABEL, world.deadline()))
        .isInstanceOf(Forbidden.class);
    assertThat(
            world
                .codes()
                .code(key, LABEL, new OneTimeCodes.Wish(0, false, false, false), world.deadline())
                .backupCodesRemaining())
        .isEqualTo(2);
    assertThatThrownBy(
            () -> store(CredentialType.LOGIN, LOGIN.replace("12345678", "1234567"), hidden))
        .isInstanceOf(BadRequest.class)
        .hasMessage("data.password must be at least 8 bytes where use.reveal is false");
  }

  private void store(CredentialType type, String data, String use) {
    Content content = Contents.of(type, data);
    Content guarded =
        use.equals("null") ? content : content.with(UsePolicyCodec.parse(type, Contents.tree(use)));
    world.vault().store(key, LABEL, guarded, new None(), world.deadline());
  }

  private Content stored() {
    return world.opened(key);
  }
}
