package io.agentvault.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.mcp.ToolCalls.Call;
import io.agentvault.remote.Deadline;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * What a client carries from a call to its repetition: {@code <depositId>.<until>.<proof>}. The
 * proof covers both and the call, under a key of the caller's identity, so it is worth nothing with
 * another agent, with another call, or later.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr">Multi
 *     round-trip requests, server requirements 4 and 5</a>
 */
final class CallState {
  /** As long as a link lives at most. */
  private static final Duration LIFETIME = Duration.ofHours(24);

  private static final String PURPOSE = "mcp request state 1";

  private CallState() {}

  static String make(String depositId, Call call, Actions actions, Deadline deadline) {
    String until = Long.toString(now(deadline).plus(LIFETIME).getEpochSecond());
    return depositId + "." + until + "." + proof(depositId, until, call, actions, deadline);
  }

  /**
   * The deposit that {@code state} is about.
   *
   * @throws ProtocolError when it was not made for this agent and this call, or is too old
   */
  static String depositId(String state, Call call, Actions actions, Deadline deadline) {
    String[] parts = state.split("\\.", -1);
    if (parts.length != 3
        || !parts[1].matches("[0-9]{1,12}")
        || !MessageDigest.isEqual(
            parts[2].getBytes(UTF_8),
            proof(parts[0], parts[1], call, actions, deadline).getBytes(UTF_8))
        || Long.parseLong(parts[1]) < now(deadline).getEpochSecond()) {
      throw ProtocolError.invalidParams("params.requestState is not one of this call");
    }
    return parts[0];
  }

  private static Instant now(Deadline deadline) {
    return deadline.clock().instant();
  }

  private static String proof(
      String depositId, String until, Call call, Actions actions, Deadline deadline) {
    return actions.vouch(String.join("\n", PURPOSE, depositId, until, digest(call)), deadline);
  }

  private static String digest(Call call) {
    String text = call.tool().wireName() + canonical(call.arguments());
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /** The same for the same arguments, in whatever order a client writes their names. */
  private static String canonical(JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, String> fields = new TreeMap<>();
      node.properties().forEach(field -> fields.put(field.getKey(), canonical(field.getValue())));
      StringBuilder text = new StringBuilder("{");
      fields.forEach(
          (name, value) -> text.append(name.length()).append(':').append(name).append(value));
      return text.append('}').toString();
    }
    if (node.isArray()) {
      StringBuilder text = new StringBuilder("[");
      node.forEach(each -> text.append(canonical(each)).append(','));
      return text.append(']').toString();
    }
    return node.toString();
  }
}
