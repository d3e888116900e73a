package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
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
          Map.entry("POST /v0/vault/{label}/totp/backup", "VaultFunction"),
          Map.entry("POST /v0/platform/identities", "IdentityFunction"),
          Map.entry("GET /v0/platform/identities", "IdentityFunction"),
          Map.entry("GET /v0/platform/identities/{id}", "IdentityFunction"),
          Map.entry("PATCH /v0/platform/identities/{id}", "IdentityFunction"),
          Map.entry("DELETE /v0/platform/identities/{id}", "IdentityFunction"),
          Map.entry("POST /v0/platform/identities/{id}/rotate-key", "IdentityFunction"),
          Map.entry("POST /v0/platform/identities/{id}/deposits", "IdentityFunction"),
          Map.entry("GET /v0/platform/identities/{id}/deposits", "IdentityFunction"),
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
                      Tree.text(route, "Method") + " " + Tree.text(route, "Path"), function));
    }
    return routes;
  }
}
