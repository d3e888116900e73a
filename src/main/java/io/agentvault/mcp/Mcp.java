package io.agentvault.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The MCP endpoint: one POST, one JSON answer. */
public final class Mcp {
  private static final int LIST_FRESH_MILLISECONDS = 60_000;
  private static final int DISCOVERY_FRESH_MILLISECONDS = 3_600_000;
  private static final String CHALLENGE = "Bearer realm=\"agent-vault\"";
  private static final String INSTRUCTIONS =
      "A vault of credentials that you can use without seeing them. Call APIs with vault_use;"
          + " get one-time codes with vault_totp. When a secret is missing, a person hands it in on"
          + " a page: give them the link and the code, never ask for the secret itself.";

  private final ObjectMapper json;
  private final Origins origins;
  private final String version;
  private final Toolbox toolbox;
  private final ToolCalls calls;

  /**
   * @param json reads what clients send; its settings must refuse a name that stands twice
   * @param version of this build, which clients show
   * @param pause how to wait for a human
   */
  public Mcp(ObjectMapper json, Origins origins, String version, Backoff.Pause pause) {
    this.json = json;
    this.origins = origins;
    this.version = version;
    this.toolbox = new Toolbox(json);
    this.calls = new ToolCalls(json, pause);
  }

  /**
   * Answers one request.
   *
   * @param actions what may be done in its name
   */
  public Outgoing answer(Incoming http, Actions actions, Deadline deadline) {
    if (!origins.allow(http)) {
      return error(403, Optional.empty(), new ProtocolError(403, 403, "foreign origin or host"));
    }
    if (!http.method().equals("POST")) {
      return Outgoing.empty(405, Map.of("allow", "POST"));
    }
    Message message;
    try {
      message = Message.parse(json, http.body());
    } catch (ProtocolError refused) {
      return error(refused.status(), Optional.empty(), refused);
    }
    return switch (message) {
      case Message.Notification notification -> accepted(http, notification);
      case Message.Request request -> answered(http, request, actions, deadline);
    };
  }

  /** None means anything here: nothing runs between two requests that could be told. */
  private Outgoing accepted(Incoming http, Message.Notification notification) {
    try {
      Era.of(http, notification);
      return Outgoing.empty(202, Map.of());
    } catch (ProtocolError refused) {
      return error(refused.status(), Optional.empty(), refused);
    }
  }

  private Outgoing answered(
      Incoming http, Message.Request request, Actions actions, Deadline deadline) {
    Optional<JsonNode> id = Optional.of(request.id());
    try {
      Era era = Era.of(http, request);
      ObjectNode result = result(era, request, actions, deadline);
      ObjectNode body = envelope(id);
      body.set("result", signed(era, result));
      return Outgoing.of(200, body).calling(request.method());
    } catch (ProtocolError refused) {
      return error(refused.status(), id, refused);
    } catch (Problem problem) {
      return failed(id, problem);
    }
  }

  private ObjectNode result(Era era, Message.Request request, Actions actions, Deadline deadline) {
    return switch (request.method()) {
      case "server/discover" -> modern(era, () -> discovery(whoami(actions, deadline)));
      case "initialize" -> legacy(era, () -> initialized(request, whoami(actions, deadline)));
      case "ping" ->
          legacy(
              era,
              () -> {
                whoami(actions, deadline);
                return json.createObjectNode();
              });
      case "tools/list" -> tools(era, request, whoami(actions, deadline));
      case "tools/call" -> calls.result(era, request.params(), actions, deadline);
      default -> throw unknownMethod(era);
    };
  }

  private static ObjectNode modern(Era era, Supplier<ObjectNode> result) {
    return switch (era) {
      case Era.Modern modern -> result.get();
      case Era.Legacy legacy -> throw unknownMethod(era);
    };
  }

  private static ObjectNode legacy(Era era, Supplier<ObjectNode> result) {
    return switch (era) {
      case Era.Modern modern -> throw unknownMethod(era);
      case Era.Legacy legacy -> result.get();
    };
  }

  /** 404 is the modern era's; to an older client it would mean that its session has ended. */
  private static ProtocolError unknownMethod(Era era) {
    int status =
        switch (era) {
          case Era.Modern modern -> 404;
          case Era.Legacy legacy -> 200;
        };
    return new ProtocolError(status, ProtocolError.METHOD_NOT_FOUND, "Method not found");
  }

  /** Who asks; that the key is good is found out with the first request, not the first tool. */
  private static ObjectNode whoami(Actions actions, Deadline deadline) {
    return actions.perform(
        Tool.VAULT_WHOAMI.action(), JsonNodeFactory.instance.objectNode(), deadline);
  }

  private ObjectNode discovery(ObjectNode whoami) {
    ObjectNode result = json.createObjectNode();
    Era.VERSIONS.forEach(result.putArray("supportedVersions")::add);
    result.putObject("capabilities").putObject("tools");
    result.put("instructions", INSTRUCTIONS);
    result.put("ttlMs", DISCOVERY_FRESH_MILLISECONDS);
    return result.put("cacheScope", "private");
  }

  private ObjectNode initialized(Message.Request request, ObjectNode whoami) {
    JsonNode asked = request.params().path("protocolVersion");
    if (!asked.isTextual()) {
      throw ProtocolError.invalidParams("params.protocolVersion must be given");
    }
    boolean known = Era.VERSIONS.contains(asked.asText()) && !asked.asText().equals(Era.MODERN);
    ObjectNode result = json.createObjectNode();
    result.put("protocolVersion", known ? asked.asText() : Era.LEGACY);
    result.putObject("capabilities").putObject("tools");
    result.set("serverInfo", serverInfo());
    return result.put("instructions", INSTRUCTIONS);
  }

  private ObjectNode tools(Era era, Message.Request request, ObjectNode whoami) {
    if (request.params().hasNonNull("cursor")) {
      throw ProtocolError.invalidParams("params.cursor must not be given: there is one page");
    }
    Set<String> scopes = new HashSet<>();
    whoami.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    ObjectNode result = json.createObjectNode();
    toolbox.list(scopes, result.putArray("tools"));
    return switch (era) {
      case Era.Legacy legacy -> result;
      case Era.Modern modern ->
          result.put("ttlMs", LIST_FRESH_MILLISECONDS).put("cacheScope", "private");
    };
  }

  /** What every modern result says besides. */
  private ObjectNode signed(Era era, ObjectNode result) {
    return switch (era) {
      case Era.Legacy legacy -> result;
      case Era.Modern modern -> {
        if (!result.has("resultType")) {
          result.put("resultType", "complete");
        }
        result.putObject("_meta").set(Era.META_PREFIX + "serverInfo", serverInfo());
        yield result;
      }
    };
  }

  private ObjectNode serverInfo() {
    return json.createObjectNode().put("name", "agent-vault").put("version", version);
  }

  private ObjectNode envelope(Optional<JsonNode> id) {
    ObjectNode body = json.createObjectNode().put("jsonrpc", "2.0");
    id.ifPresent(given -> body.set("id", given));
    return body;
  }

  private Outgoing error(int status, Optional<JsonNode> id, ProtocolError refused) {
    ObjectNode body = envelope(id);
    ObjectNode error = body.putObject("error");
    error.put("code", refused.code()).put("message", refused.getMessage());
    refused.data().ifPresent(data -> error.set("data", data));
    return Outgoing.of(status, body);
  }

  /** Outside JSON-RPC's reserved numbers a server may choose its own: the HTTP status. */
  private Outgoing failed(Optional<JsonNode> id, Problem problem) {
    ObjectNode body = envelope(id);
    ObjectNode error = body.putObject("error");
    error.put("code", problem.status()).put("message", problem.getMessage());
    error.putObject("data").put("error", problem.code());
    Map<String, String> headers =
        problem instanceof Unauthorized
            ? Map.of("www-authenticate", CHALLENGE)
            : problem instanceof Unavailable unavailable
                ? Map.of("retry-after", Integer.toString(unavailable.retryAfterSeconds()))
                : Map.of();
    return new Outgoing(problem.status(), headers, Optional.of(body), Optional.empty());
  }
}
