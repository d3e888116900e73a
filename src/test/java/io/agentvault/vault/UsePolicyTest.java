package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsePolicyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aPolicyIsShownAsItWasGiven() {
    for (String text :
        List.of(
            "{'reveal':false,'allow':[{'host':'api.github.com','methods':['GET','POST'],"
                + "'paths':['/repos/acme/**']}],'as':{'type':'bearer','field':'key'}}",
            "{'reveal':true,'allow':[{'host':'*.example.com:8443'}],"
                + "'as':{'type':'basic','username':'literal:api','password':'key'}}",
            "{'reveal':true,'allow':[{'host':'a.example'}],"
                + "'as':{'type':'header','name':'X-Key','field':'key','prefix':'token '}}",
            "{'reveal':true,'allow':[{'host':'a.example'}],"
                + "'as':{'type':'query','name':'key','field':'key'}}",
            "{'reveal':true,'allow':[{'host':'s3.amazonaws.com'}],"
                + "'as':{'type':'aws-sigv4','service':'s3','region':'us-east-1'}}")) {
      assertThat(UsePolicyCodec.write(policy(text))).isEqualTo(json(text));
    }
  }

  @Test
  void theTypeSaysHowWhereThePolicyDoesNot() {
    ObjectNode tree = json("{'allow':[{'host':'a.example'}]}");
    assertThat(UsePolicyCodec.parse(CredentialType.LOGIN, tree).as())
        .contains(
            new Injection.Basic(
                new Injection.Part.Field("username"), new Injection.Part.Field("password")));
    assertThatThrownBy(() -> UsePolicyCodec.parse(CredentialType.CUSTOM, tree))
        .isInstanceOf(BadRequest.class)
        .hasMessage("use.as must be given for type CUSTOM");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'allow':[{'host':'*'}]}",
        "{'allow':[{'host':'*.com'}]}",
        "{'allow':[{'host':'a.*.com'}]}",
        "{'allow':[{'host':'*.*.example.com'}]}",
        "{'allow':[{'host':'api.github.com.'}]}",
        "{'allow':[{'host':'https://api.github.com'}]}",
        "{'allow':[{'host':'user@api.github.com'}]}",
        "{'allow':[{'host':'api.github.com/x'}]}",
        "{'allow':[{'host':'api.github.com:0'}]}",
        "{'allow':[{'host':'api.github.com:65536'}]}",
        "{'allow':[{'host':'0x7f.1'}]}",
        "{'allow':[{'host':'0177.0.0.1'}]}",
        "{'allow':[{'host':'2130706433'}]}",
        "{'allow':[{'host':'127.1'}]}",
        "{'allow':[{'host':'*.0.0.1'}]}",
        "{'allow':[{'host':'[::1]'}]}",
        "{'allow':[{'host':'bücher.example'}]}",
        "{'allow':[{'host':'a.example','methods':['get']}]}",
        "{'allow':[{'host':'a.example','methods':['TRACE']}]}",
        "{'allow':[{'host':'a.example','methods':[]}]}",
        "{'allow':[{'host':'a.example','paths':['repos']}]}",
        "{'allow':[{'host':'a.example','paths':['/a/../b']}]}",
        "{'allow':[{'host':'a.example','paths':['/a//b']}]}",
        "{'allow':[{'host':'a.example','paths':['/a**']}]}",
        "{'allow':[{'host':'a.example','paths':['/a%2fb']}]}",
        "{'allow':[{'host':'a.example','paths':['/a?b']}]}",
        "{'allow':[{'host':'a.example','paths':['/a;b']}]}",
        "{'allow':[{'host':'a.example','any':true}]}",
        "{'allow':[{}]}",
        "{'allow':{}}",
        "{'allow':[],'as':{'type':'bearer','field':'key'}}",
        "{'reveal':'no'}",
        "{'deny':[]}",
        "{'allow':[{'host':'a.example'}],'as':{'type':'cookie'}}",
        "{'allow':[{'host':'a.example'}],'as':{'type':'bearer','field':'a b'}}",
        "{'allow':[{'host':'a.example'}],'as':{'type':'header','name':'Host','field':'key'}}",
        "{'allow':[{'host':'a.example'}],'as':{'type':'header','name':'A\\r\\nB','field':'key'}}",
        "{'allow':[{'host':'a.example'}],"
            + "'as':{'type':'header','name':'A','field':'key','prefix':'a\\nb'}}"
      })
  void whatDoesNotParseIsRefusedAndNeverSkipped(String text) {
    assertThatThrownBy(() -> policy(text))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("use");
  }

  @ParameterizedTest
  @CsvSource({
    "bearer, 'field, type'",
    "basic, 'password, type, username'",
    "header, 'field, name, prefix, type'",
    "query, 'field, name, type'",
    "aws-sigv4, 'region, service, type'"
  })
  void aFieldThatAWayOfUseDoesNotHaveIsRefusedByName(String type, String known) {
    assertThatThrownBy(
            () ->
                policy(
                    "{'allow':[{'host':'a.example'}],'as':{'type':'"
                        + type
                        + "','name':'N','field':'key','username':'u','password':'key',"
                        + "'prefix':'p','service':'s','region':'r','extra':1}}"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("use.as must have no other fields than " + known);
  }

  @Test
  void twentyEntriesAndFourKibibytesAreTaken() {
    String entries = "{'host':'a.example'},".repeat(19) + "{'host':'a.example'}";
    assertThat(policy("{'allow':[" + entries + "]}").allow()).hasSize(20);
    String paths = ("'/" + "a".repeat(500) + "',").repeat(8);
    String most = "{'allow':[{'host':'a.example','paths':[" + paths + "'/%s']}]}";
    int rest = 4 * 1024 - json(most.formatted("")).toString().length();
    assertThat(policy(most.formatted("a".repeat(rest))).allow()).hasSize(1);
    assertThatThrownBy(() -> policy(most.formatted("a".repeat(rest + 1))))
        .hasMessage("use must be at most 4 KiB serialized");
  }

  @Test
  void aHostMayTakeAsMuchAsAName() {
    String name = ("a".repeat(60) + ".").repeat(4) + "example";
    String longest = "b".repeat(253 - name.length()) + name;
    assertThat(HostPattern.parse("host", longest + ":65535").matches(longest, 65_535)).isTrue();
    assertThatThrownBy(() -> HostPattern.parse("host", "b" + longest))
        .isInstanceOf(BadRequest.class);
  }

  @Test
  void overTwentyEntriesOrFourKibibytesIsRefused() {
    String entries = "{'host':'a.example'},".repeat(20) + "{'host':'a.example'}";
    assertThatThrownBy(() -> policy("{'allow':[" + entries + "]}")).isInstanceOf(BadRequest.class);
    String path = "/" + "a".repeat(500);
    assertThatThrownBy(
            () ->
                policy(
                    "{'allow':[{'host':'a.example','paths':["
                        + ("'" + path + "',").repeat(9)
                        + "'/b']}]}"))
        .hasMessage("use must be at most 4 KiB serialized");
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com, api.example.com, 443, true",
    "API.Example.com, api.example.com, 443, true",
    "api.example.com, api.example.com, 8443, false",
    "api.example.com:8443, api.example.com, 8443, true",
    "*.example.com, api.example.com, 443, true",
    "*.example.com, example.com, 443, false",
    "*.example.com, a.b.example.com, 443, false",
    "*.example.com, evil-example.com, 443, false",
    "*.example.com, .example.com, 443, false",
    "127.0.0.1:9000, 127.0.0.1, 9000, true"
  })
  void aHostPatternMatchesExactlyItsHosts(String pattern, String host, int port, boolean matches) {
    assertThat(HostPattern.parse("host", pattern).matches(host, port)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "/repos/acme/**, /repos/acme/x, true",
    "/repos/acme/**, /repos/acme/x/y, true",
    "/repos/acme/**, /repos/acme/, true",
    "/repos/acme/**, /repos/acme, false",
    "/repos/acme/**, /repos/acme-evil/x, false",
    "/repos/acme/**, /x/repos/acme/y, false",
    "/repos/*/issues, /repos/acme/issues, true",
    "/repos/*/issues, /repos/a/b/issues, false",
    "/repos/acme-*, /repos/acme-1, true",
    "/repos/a*c*e, /repos/abcde, true",
    "/repos/a*c*e, /repos/abde, false",
    "/repos/aba*aba, /repos/aba, false",
    "/**/issues, /issues, true",
    "/**/issues, /a/b/issues, true",
    "/**/issues, /a/b/issues/c, false",
    "/**, /, true",
    "/a, /a, true",
    "/a, /A, false"
  })
  void aPathPatternMatchesWholeSegments(String pattern, String path, boolean matches) {
    assertThat(PathPattern.parse("paths", pattern).matches(path)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'host':'*.example.com'} | {'host':'a.example.com'} | true",
        "{'host':'a.example.com'} | {'host':'*.example.com'} | false",
        "{'host':'a.example'} | {'host':'a.example:8443'} | false",
        "{'host':'a.example'} | {'host':'a.example','methods':['GET']} | true",
        "{'host':'a.example','methods':['GET']} | {'host':'a.example'} | false",
        "{'host':'a.example','paths':['/a/**']} | {'host':'a.example','paths':['/a/b/*']} | true",
        "{'host':'a.example','paths':['/a/**']} | {'host':'a.example','paths':['/a-b/c']} | false",
        "{'host':'a.example','paths':['/a/*']} | {'host':'a.example','paths':['/a/**']} | false",
        "{'host':'a.example','paths':['/a/b*']} | {'host':'a.example','paths':['/a/*']} | false",
        "{'host':'a.example','paths':['/**/b']} | {'host':'a.example','paths':['/**']} | false",
        "{'host':'a.example','paths':['/a']} | {'host':'a.example'} | false"
      })
  void tighteningIsDecidedByTheGrammar(String before, String after, boolean tighter) {
    assertThat(
            policy("{'allow':[" + after + "]}")
                .isNoLooserThan(policy("{'allow':[" + before + "]}")))
        .isEqualTo(tighter);
  }

  @Test
  void revealAndAsCanNotBeLoosenedBesideAKeptValue() {
    String allow = "'allow':[{'host':'a.example'}]";
    UsePolicy closed = policy("{'reveal':false," + allow + "}");
    UsePolicy open = policy("{" + allow + "}");
    UsePolicy other = policy("{" + allow + ",'as':{'type':'query','name':'k','field':'key'}}");
    assertThat(closed.isNoLooserThan(open)).isTrue();
    assertThat(open.isNoLooserThan(closed)).isFalse();
    assertThat(UsePolicy.NONE.isNoLooserThan(closed)).isFalse();
    assertThat(UsePolicy.NONE.isNoLooserThan(open)).isTrue();
    assertThat(other.isNoLooserThan(open)).isFalse();
    assertThat(open.isNoLooserThan(UsePolicy.NONE)).isFalse();
  }

  @Test
  void aHostBeyondTheOperatorsCeilingIsRefusedByName() {
    List<HostPattern> ceiling = List.of(HostPattern.parse("ceiling", "*.example.com"));
    policy("{'allow':[{'host':'a.example.com'}]}").checkWithin(ceiling);
    UsePolicy beyond = policy("{'allow':[{'host':'a.example.com'},{'host':'b.example.org'}]}");
    beyond.checkWithin(List.of());
    assertThatThrownBy(() -> beyond.checkWithin(ceiling))
        .hasMessage("use.allow[1].host must be among the hosts that this deployment allows");
  }

  private static UsePolicy policy(String text) {
    return UsePolicyCodec.parse(CredentialType.API_KEY, json(text));
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
