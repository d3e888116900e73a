package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The template's routes are those of the wire contract, each with its function and its limit. */
class RoutesTest {
  private static final Map<String, String> CONTRACT =
      Map.ofEntries(
          Map.entry("GET /v0/whoami", "VaultFunction"),
          Map.entry("GET /v0/vault", "VaultFunction"),
          Map.entry("PUT /v0/vault/{label}", "VaultFunction"),
          Map.entry("GET /v0/vault/{label}", "VaultFunction"),
          Map.entry("DELETE /v0/vault/{label}", "VaultFunction"),
          Map.entry("GET /v0/vault/{label}/totp", "VaultFunction"),
          Map.entry("POST /v0/vault/{label}/totp", "VaultFunction"),
          Map.entry("POST /v0/vault/{label}/totp/backup", "VaultFunction"),
          Map.entry("POST /v0/vault/{label}/use", "BrokerFunction"),
          Map.entry("ANY /v0/proxy/{label}/{path+}", "BrokerFunction"),
          Map.entry("ANY /mcp", "BrokerFunction"),
          Map.entry("$default", "BrokerFunction"),
          Map.entry("POST /v0/platform/identities", "IdentityFunction"),
          Map.entry("GET /v0/platform/identities", "IdentityFunction"),
          Map.entry("GET /v0/platform/identities/{id}", "IdentityFunction"),
          Map.entry("PATCH /v0/platform/identities/{id}", "IdentityFunction"),
          Map.entry("DELETE /v0/platform/identities/{id}", "IdentityFunction"),
          Map.entry("POST /v0/platform/identities/{id}/rotate-key", "IdentityFunction"),
          Map.entry("POST /v0/platform/identities/{id}/deposits", "IdentityFunction"),
          Map.entry("GET /v0/platform/identities/{id}/deposits", "IdentityFunction"),
          Map.entry("GET /v0/platform/identities/{id}/checkpoints", "IdentityFunction"),
          Map.entry("GET /v0/platform/identities/{id}/logs", "IdentityFunction"),
          Map.entry("GET /v0/logs", "VaultFunction"),
          Map.entry("GET /v0/logs/stats", "VaultFunction"),
          Map.entry("POST /v0/tokens", "VaultFunction"),
          Map.entry("GET /v0/vault/{label}/token", "BrokerFunction"),
          Map.entry(
              "DELETE /v0/platform/identities/{id}/deposits/{depositId}", "IdentityFunction"));

  private static final CloudFormation template = CloudFormation.read(CloudFormation.TEMPLATE);

  @Test
  void routesAreThoseOfTheContract() {
    assertThat(routes()).containsExactlyInAnyOrderEntriesOf(CONTRACT);
  }

  @Test
  void everyRouteHasALimitAndNoLimitIsLeftOver() {
    Map<String, Object> limits = Tree.map(Tree.at(template.properties("Api"), "RouteSettings"));
    assertThat(limits.keySet()).isEqualTo(new TreeSet<>(routes().keySet()));
    assertThat(limits.values())
        .allSatisfy(
            limit -> {
              assertThat(rate(limit, "ThrottlingRateLimit")).isBetween(1.0, 5000.0);
              assertThat(rate(limit, "ThrottlingBurstLimit")).isBetween(1.0, 5000.0);
            });
    assertThat(Tree.find(template.properties("Api"), "DefaultRouteSettings", "ThrottlingRateLimit"))
        .isPresent();
  }

  @Test
  void operatorsOwnApiHasTheRoutesOfOperatorsAndExcludesStrangers() {
    assertThat(template.resources("AWS::ApiGatewayV2::Route")).isEmpty();
    for (String access : Set.of("iam", "mtls")) {
      CloudFormation own = template.deployed("x", Map.of("OperatorAccess", access));
      Set<String> keys = new TreeSet<>();
      for (String id : own.resources("AWS::ApiGatewayV2::Route").keySet()) {
        keys.add(Tree.text(own.properties(id), "RouteKey"));
        assertThat(Tree.text(own.properties(id), "AuthorizationType"))
            .isEqualTo(access.equals("iam") ? "AWS_IAM" : "NONE");
      }
      Map<String, String> operators = new LinkedHashMap<>(CONTRACT);
      operators.values().removeIf(function -> !function.equals("IdentityFunction"));
      assertThat(keys).isEqualTo(new TreeSet<>(operators.keySet()));
      // Without a certificate to show, its own name would be an open door.
      assertThat(own.properties("OperatorApi"))
          .containsEntry("DisableExecuteApiEndpoint", access.equals("mtls"));
      assertThat(own.resources("AWS::ApiGatewayV2::DomainName").isEmpty())
          .isEqualTo(access.equals("iam"));
    }
  }

  @Test
  void whatStrangersMayAskForNeverInvokesIdentityAndPlatformRoutesCanBeClosed() {
    assertThat(CONTRACT).containsEntry("$default", "BrokerFunction");
    CloudFormation closed = template.deployed("x", Map.of("PlatformCallsPerSecond", "0"));
    Map<String, Object> limits = Tree.map(Tree.at(closed.properties("Api"), "RouteSettings"));
    CONTRACT.forEach(
        (route, function) ->
            assertThat(Tree.text(Tree.at(limits, route), "ThrottlingRateLimit").equals("0"))
                .isEqualTo(function.equals("IdentityFunction")));
  }

  private static double rate(Object limit, String name) {
    return Double.parseDouble(Tree.text(limit, name));
  }

  private static Map<String, String> routes() {
    Map<String, String> routes = new LinkedHashMap<>();
    for (String function : template.resources("AWS::Serverless::Function").keySet()) {
      Tree.map(Tree.find(template.properties(function), "Events").orElse(Map.of()))
          .values()
          .stream()
          .filter(event -> Tree.text(event, "Type").equals("HttpApi"))
          .map(event -> Tree.at(event, "Properties"))
          .forEach(
              route ->
                  routes.put(
                      Tree.find(route, "Path")
                          .map(path -> Tree.text(route, "Method") + " " + path)
                          .orElse("$default"),
                      function));
    }
    return routes;
  }
}
