package io.agentvault.mcp;

import static io.agentvault.mcp.Post.error;
import static io.agentvault.mcp.Post.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.problem.Expired;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Multi round-trip requests and URL elicitation: a human hands in what a call misses. */
class HandInTest {
  private final FakeActions agent = new FakeActions("a", "vault:use");

  private static Post use() {
    Post post = Post.modern("tools/call").openingUrls().calling("vault_use");
    post.arguments().put("method", "GET").put("url", "https://API.github.com:8443/user");
    return post;
  }

  private Post retry(String action) {
    Post post = use();
    post.params().set("requestState", result(use().to(agent)).required("requestState"));
    post.params().putObject("inputResponses").putObject("deposit").put("action", action);
    return post;
  }

  @Test
  void elicitation_aMissingCredentialIsAskedForByAUrl() {
    JsonNode result = result(use().to(agent));
    assertThat(result.path("resultType").asText()).isEqualTo("input_required");
    JsonNode request = result.at("/inputRequests/deposit");
    assertThat(request.path("method").asText()).isEqualTo("elicitation/create");
    assertThat(request.at("/params/mode").asText()).isEqualTo("url");
    assertThat(request.at("/params/url").asText()).isEqualTo(FakeActions.URL);
    assertThat(request.at("/params/message").asText()).contains("ABCD-EFGH");
    assertThat(result.has("ttlMs")).isFalse();
  }

  @Test
  void elicitation_theImpliedDepositIsAnApiKeyForTheHostAlone() {
    use().to(agent);
    assertThat(agent.performed)
        .contains(
            "vault.requestDeposit{\"label\":\"github\",\"type\":\"API_KEY\","
                + "\"use\":{\"allow\":[{\"host\":\"api.github.com:8443\"}]}}");
    Post.modern("tools/call").openingUrls().calling("vault_totp").to(agent);
    assertThat(agent.performed)
        .contains("vault.requestDeposit{\"label\":\"github\",\"type\":\"TOTP\"}");
    agent.failure = Optional.of(new Expired());
    use().to(agent);
    assertThat(agent.performed).contains("vault.requestDeposit{\"label\":\"github\"}");
  }

  @Test
  void mrtr_aClientThatCannotOpenUrlsIsGivenTheLinkAsText() {
    Post modern = Post.modern("tools/call").calling("vault_use");
    Post legacy = Post.legacy("tools/call").calling("vault_use");
    for (Post post : java.util.List.of(modern, legacy)) {
      post.arguments().put("method", "GET").put("url", "https://api.github.com/user");
      JsonNode result = result(post.to(agent));
      assertThat(result.path("isError").asBoolean()).isTrue();
      assertThat(result.at("/content/0/text").asText())
          .contains(FakeActions.URL, "ABCD-EFGH")
          .doesNotContain("-32042");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vault_get", "vault_delete"})
  void mrtr_otherToolsJustFail(String tool) {
    Post post = Post.modern("tools/call").openingUrls().calling(tool);
    post.arguments().put("url", "https://api.github.com/user");
    JsonNode result = result(post.to(agent));
    assertThat(result.at("/content/0/text").asText()).contains("not_found");
    assertThat(agent.performed).noneMatch(call -> call.startsWith("vault.requestDeposit"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not a url", "mailto:someone"})
  void mrtr_noLinkIsMadeForACallWithoutAHost(String url) {
    Post post = use();
    post.arguments().put("url", url);
    assertThat(result(post.to(agent)).at("/content/0/text").asText()).contains("not_found");
  }

  @Test
  void mrtr_whoMayNotAskIsToldWhatIsMissing() {
    agent.mayAsk = false;
    assertThat(result(use().to(agent)).at("/content/0/text").asText()).contains("not_found");
  }

  @Test
  void mrtr_whatWasHandedInIsUsed() {
    Post retry = retry("accept");
    agent.handedIn = true;
    assertThat(result(retry.to(agent)).path("isError").asBoolean(true)).isFalse();
  }

  @Test
  void mrtr_acceptWaitsAtMost5SecondsAndNeverAsksTwice() {
    Post retry = retry("accept");
    Post.PAUSES.clear();
    JsonNode result = result(retry.to(agent));
    assertThat(result.path("resultType").asText()).isEqualTo("complete");
    assertThat(result.at("/content/0/text").asText()).contains("not yet handed in");
    assertThat(Post.PAUSES.stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"decline", "cancel"})
  void mrtr_whoDeclinesEndsTheLink(String action) {
    JsonNode result = result(retry(action).to(agent));
    assertThat(agent.withdrawn).isTrue();
    assertThat(result.path("isError").asBoolean()).isTrue();
  }

  @Test
  void mrtr_aRetryWithoutOurAnswerIsAskedAgain() {
    Post retry = retry("accept");
    retry.params().putObject("inputResponses").putObject("other").put("action", "accept");
    assertThat(result(retry.to(agent)).path("resultType").asText()).isEqualTo("input_required");
  }

  @ParameterizedTest
  @CsvSource({"agent", "label", "tool", "time", "deposit", "proof", "shape"})
  void mrtr_stateThatWasNotGivenForThisCallIsRefused(String what) {
    Post retry = retry("accept");
    String state = retry.params().path("requestState").asText();
    FakeActions caller = agent;
    switch (what) {
      case "agent" -> caller = new FakeActions("b", "vault:use");
      case "label" -> retry.arguments().put("label", "gitlab");
      case "tool" -> retry.calling("vault_totp");
      case "time" -> retry.now = retry.now.plus(Duration.ofHours(24)).plusSeconds(1);
      case "deposit" -> retry.params().put("requestState", "d2" + state.substring(2));
      case "proof" -> retry.params().put("requestState", state + "0");
      default -> retry.params().put("requestState", 7);
    }
    assertThat(error(retry.to(caller))).isEqualTo(-32602);
  }

  @Test
  void mrtr_argumentsInAnotherOrderAreTheSameCall() {
    Post retry = retry("accept");
    agent.handedIn = true;
    var label = retry.arguments().remove("label");
    retry.arguments().set("label", label);
    assertThat(result(retry.to(agent)).path("isError").asBoolean(true)).isFalse();
  }

  @Test
  void mrtr_stateHoldsForADay() {
    Post retry = retry("accept");
    agent.handedIn = true;
    retry.now = retry.now.plus(Duration.ofHours(24));
    assertThat(result(retry.to(agent)).path("isError").asBoolean(true)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[1,2]|[2,1]", "[1,2]|[12]", "[1,2]|[1]", "[[1],2]|[1,2]"})
  void mrtr_whatIsInAListAndInWhichOrderIsPartOfTheCall(String asked, String retried)
      throws IOException {
    Post first = use();
    first.arguments().set("list", Post.JSON.readTree(asked));
    Post retry = retry("accept");
    retry.params().set("requestState", result(first.to(agent)).required("requestState"));
    agent.handedIn = true;

    retry.arguments().set("list", Post.JSON.readTree(retried));
    assertThat(error(retry.to(agent))).isEqualTo(-32602);
    retry.arguments().set("list", Post.JSON.readTree(asked));
    assertThat(result(retry.to(agent)).path("isError").asBoolean(true)).isFalse();
  }
}
