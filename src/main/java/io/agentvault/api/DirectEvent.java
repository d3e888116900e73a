package io.agentvault.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import java.util.Map;
import java.util.Optional;

/** A direct invocation: {@code {"action":"vault.get","key":"…","label":"…", …}}. */
final class DirectEvent {
  private static final Map<String, String> PRECONDITION_FIELDS =
      Map.of("if-match", "ifMatch", "if-none-match", "ifNoneMatch");

  /**
   * The filter {@code action} of records under a name of its own: here {@code action} is the call.
   */
  static final String RECORDED_ACTION = "recordedAction";

  private DirectEvent() {}

  /**
   * The call that {@code event} is.
   *
   * @throws BadRequest when its action is none of this function's
   */
  static Request request(Route.Plane plane, ObjectNode event) {
    Json.check("event", event);
    Fields fields = new Fields(event);
    Route route =
        Route.ofAction(plane, fields.text("action").orElse(""))
            .orElseThrow(() -> new BadRequest("action", "must be one of this function's actions"));
    String target = plane == Route.Plane.IDENTITY ? "identityId" : "label";
    return new Request(
        route,
        true,
        fields.text("key"),
        fields.text(target),
        name -> parameter(event, name.equals("action") ? RECORDED_ACTION : name),
        header -> fields.text(PRECONDITION_FIELDS.getOrDefault(header, header)),
        () -> Optional.of(event),
        Optional.empty());
  }

  private static Optional<JsonNode> parameter(ObjectNode event, String name) {
    return Optional.ofNullable(event.get(name)).filter(node -> !node.isNull());
  }
}
