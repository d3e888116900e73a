package io.agentvault.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Expired;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;

/**
 * {@code tools/call}: an action's answer, or its failure, as a tool's result. A failure that a
 * model can do something about is a result; only what is no call at all is a protocol error.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/server/tools">Tools</a>
 */
final class ToolCalls {
  private final ObjectMapper json;
  private final HandIn handIn;

  ToolCalls(ObjectMapper json, Backoff.Pause pause) {
    this.json = json;
    this.handIn = new HandIn(json, pause);
  }

  /**
   * The result of a call.
   *
   * @throws ProtocolError when there is no such tool, or these are no parameters of a call
   * @throws Unauthorized when the caller is nobody
   */
  ObjectNode result(Era era, ObjectNode params, Actions actions, Deadline deadline) {
    Tool tool =
        Tool.named(params.path("name").asText())
            .orElseThrow(() -> ProtocolError.invalidParams("Unknown tool"));
    Call call = new Call(tool, arguments(params));
    try {
      return switch (handIn.onReturn(call, params, actions, deadline)) {
        case HandIn.Resolved.GoOn goOn -> performed(call, actions, deadline);
        case HandIn.Resolved.Ended(String message) -> failure(json, message);
      };
    } catch (Unauthorized nobody) {
      throw nobody;
    } catch (NotFound | Expired missing) {
      return tool.canAskForCredential()
          ? handIn.ask(era, call, missing, actions, deadline)
          : failure(json, missing);
    } catch (Problem problem) {
      return failure(json, problem);
    }
  }

  private static ObjectNode arguments(ObjectNode params) {
    JsonNode arguments = params.path("arguments");
    if (arguments.isMissingNode()) {
      return params.objectNode();
    }
    if (arguments instanceof ObjectNode object) {
      return object;
    }
    throw ProtocolError.invalidParams("params.arguments must be an object");
  }

  private ObjectNode performed(Call call, Actions actions, Deadline deadline) {
    ObjectNode answer =
        actions.perform(call.tool().action(), call.arguments().deepCopy(), deadline);
    ObjectNode result = text(json, answer.toString());
    if (call.tool().isStructured()) {
      result.set("structuredContent", answer);
    }
    return result.put("isError", false);
  }

  /** A problem as a tool's result: its code, which a model can act on, and what it says. */
  static ObjectNode failure(ObjectMapper json, Problem problem) {
    ObjectNode error = json.createObjectNode().put("error", problem.code());
    error.put("message", problem.getMessage()).put("status", problem.status());
    return failure(json, error.toString());
  }

  static ObjectNode failure(ObjectMapper json, String message) {
    return text(json, message).put("isError", true);
  }

  private static ObjectNode text(ObjectMapper json, String text) {
    ObjectNode result = json.createObjectNode();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result;
  }

  /**
   * What a client asks for.
   *
   * @param tool which
   * @param arguments as they were sent
   */
  record Call(Tool tool, ObjectNode arguments) {}
}
