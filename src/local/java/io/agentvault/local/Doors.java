package io.agentvault.local;

import io.agentvault.local.gateway.FunctionUrl;
import io.agentvault.local.gateway.HttpGateway;
import io.agentvault.local.host.Parts;
import io.agentvault.local.runtime.Invoker;
import io.agentvault.local.template.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ways into a cloud over HTTP: each API of the template and each Function URL on a port of its
 * own.
 */
final class Doors {
  private final Map<String, HttpGateway> apis = new LinkedHashMap<>();
  private final Map<String, FunctionUrl> functionUrls = new LinkedHashMap<>();

  private Doors() {}

  static Doors open(Options options, Template template, Parts parts, Invoker invoker) {
    Doors doors = new Doors();
    for (String api : template.apis()) {
      List<Template.Route> routes =
          template.functions().stream()
              .flatMap(function -> function.routes().stream())
              .filter(route -> route.api().equals(api))
              .toList();
      int port = doors.apis.isEmpty() ? options.port : 0;
      doors.apis.put(api, parts.keep(new HttpGateway(port, routes, options.throttled, invoker)));
    }
    for (Template.Function function : template.functions()) {
      String name = function.name();
      if (function.url() || options.functionUrls.contains(name)) {
        doors.functionUrls.put(name, parts.keep(new FunctionUrl(0, name, invoker)));
      }
    }
    return doors;
  }

  /** The agents' API is the template's first. */
  String agents() {
    return apis.values().iterator().next().url();
  }

  Optional<String> api(String logicalId) {
    return Optional.ofNullable(apis.get(logicalId)).map(HttpGateway::url);
  }

  Optional<String> functionUrl(String function) {
    return Optional.ofNullable(functionUrls.get(function)).map(FunctionUrl::url);
  }
}
