package io.agentvault.local.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The HTTP APIs of a template and their routes: from functions' events, from a definition in
 * OpenAPI and from route resources, whichever way the template has them.
 */
final class HttpApis {
  private static final String SAM = "AWS::Serverless::HttpApi";
  private static final String PLAIN = "AWS::ApiGatewayV2::Api";

  private final Template template;

  HttpApis(Template template) {
    this.template = template;
  }

  /** Logical ids, in the template's order. */
  List<String> names() {
    List<String> names = new ArrayList<>(template.resources(SAM).keySet());
    names.addAll(template.resources(PLAIN).keySet());
    return names;
  }

  List<Template.Route> routesTo(String function) {
    List<Template.Route> routes = new ArrayList<>();
    template
        .resources("AWS::Serverless::Function")
        .forEach(
            (id, properties) ->
                Template.events(properties, "HttpApi")
                    .values()
                    .forEach(event -> routes.addAll(ofEvent(Template.shortName(id), event))));
    for (String api : names()) {
      routes.addAll(ofDefinition(api));
    }
    template.resources("AWS::ApiGatewayV2::Route").values().forEach(r -> routes.addAll(ofRoute(r)));
    return routes.stream().filter(route -> route.function().equals(function)).toList();
  }

  private List<Template.Route> ofEvent(String function, Map<String, Object> event) {
    return names().stream()
        .filter(api -> !event.containsKey("ApiId") || isApi(event.get("ApiId"), api))
        .findFirst()
        .map(
            api ->
                List.of(
                    route(
                        api,
                        function,
                        template.text(event.getOrDefault("Method", "ANY")),
                        template.text(event.getOrDefault("Path", "$default")),
                        template.resolved(Template.at(event, "RouteSettings")))))
        .orElse(List.of());
  }

  private boolean isApi(Object reference, String api) {
    return template.text(reference).equals(template.text(Map.of("Ref", api)));
  }

  /** The paths of an OpenAPI document with API Gateway's integrations. */
  private List<Template.Route> ofDefinition(String api) {
    List<Template.Route> routes = new ArrayList<>();
    Map<String, Object> properties = properties(api);
    for (String key : List.of("DefinitionBody", "Body")) {
      Map<String, Object> paths = Template.at(Template.at(properties, key), "paths");
      paths.forEach(
          (path, methods) ->
              Template.at(paths, path)
                  .forEach(
                      (method, operation) -> {
                        Map<String, Object> integration =
                            Template.at(
                                Template.at(Template.at(paths, path), method),
                                "x-amazon-apigateway-integration");
                        target(integration.getOrDefault("uri", ""))
                            .forEach(
                                function ->
                                    routes.add(route(api, function, verb(method), path, Map.of())));
                      }));
    }
    return routes;
  }

  private static String verb(String method) {
    return method.equals("x-amazon-apigateway-any-method") ? "ANY" : method;
  }

  private List<Template.Route> ofRoute(Map<String, Object> route) {
    List<Template.Route> routes = new ArrayList<>();
    String[] key = template.text(route.getOrDefault("RouteKey", "$default")).split(" ", 2);
    String target = template.text(route.getOrDefault("Target", ""));
    template
        .resources("AWS::ApiGatewayV2::Integration")
        .forEach(
            (id, integration) -> {
              if (target.equals("integrations/" + template.text(Map.of("Ref", id)))) {
                for (String function : target(integration.getOrDefault("IntegrationUri", ""))) {
                  for (String api : names()) {
                    if (isApi(route.getOrDefault("ApiId", ""), api)) {
                      routes.add(
                          route(
                              api,
                              function,
                              key.length == 2 ? key[0] : "ANY",
                              key[key.length - 1],
                              Map.of()));
                    }
                  }
                }
              }
            });
    return routes;
  }

  private List<String> target(Object uri) {
    return template.resources("AWS::Serverless::Function").keySet().stream()
        .filter(id -> template.refersTo(uri, id))
        .map(Template::shortName)
        .toList();
  }

  private Map<String, Object> properties(String api) {
    Map<String, Object> sam = template.resources(SAM).get(api);
    Map<String, Object> plain = template.resources(PLAIN).get(api);
    return sam != null ? sam : plain != null ? plain : Map.of();
  }

  private Template.Route route(
      String api, String function, String method, String path, Map<String, Object> own) {
    String verb = method.toUpperCase(Locale.ROOT);
    String key = path.equals("$default") ? path : verb + " " + path;
    Map<String, Object> settings = new LinkedHashMap<>();
    for (Map<String, Object> owner : stages(api)) {
      settings.putAll(template.resolved(Template.at(owner, "DefaultRouteSettings")));
      settings.putAll(Template.at(template.resolved(Template.at(owner, "RouteSettings")), key));
    }
    settings.putAll(own);
    return new Template.Route(
        api,
        function,
        verb,
        path,
        new Template.Throttle(
            Double.parseDouble(
                settings
                    .getOrDefault("ThrottlingRateLimit", Template.Throttle.NONE.ratePerSecond())
                    .toString()),
            Integer.parseInt(
                settings
                    .getOrDefault("ThrottlingBurstLimit", Template.Throttle.NONE.burst())
                    .toString())));
  }

  /**
   * What has an API's route settings: itself, or its stages where they are resources of their own.
   */
  private List<Map<String, Object>> stages(String api) {
    List<Map<String, Object>> stages = new ArrayList<>();
    stages.add(properties(api));
    template.resources("AWS::ApiGatewayV2::Stage").values().stream()
        .filter(stage -> isApi(stage.getOrDefault("ApiId", ""), api))
        .forEach(stages::add);
    return stages;
  }
}
