package io.agentvault.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Use policies as JSON. A field that is not known is refused: nothing is skipped in silence. */
public final class UsePolicyCodec {
  private static final String USE = "use";
  private static final int MOST_ENTRIES = 20;
  private static final int MOST_BYTES = 4 * 1024;

  private UsePolicyCodec() {}

  /**
   * The policy in {@code tree}, for a credential of {@code type}.
   *
   * @throws BadRequest naming the field that breaks a rule
   */
  public static UsePolicy parse(CredentialType type, ObjectNode tree) {
    if (tree.toString().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw new BadRequest(USE, "must be at most 4 KiB serialized");
    }
    onlyFields(USE, tree, Set.of("reveal", "allow", "as"));
    List<Allowed> allow = allowed(tree.get("allow"));
    Optional<Injection> given = InjectionCodec.parse(USE + ".as", tree.get("as"));
    if (allow.isEmpty()) {
      if (given.isPresent()) {
        throw new BadRequest(USE + ".allow", "must name at least one host");
      }
      return new UsePolicy(flag(tree.get("reveal")), allow, Optional.empty());
    }
    Injection as =
        given
            .or(() -> Injection.ofType(type))
            .orElseThrow(
                () -> new BadRequest(USE + ".as", "must be given for type " + type.name()));
    return new UsePolicy(flag(tree.get("reveal")), allow, Optional.of(as));
  }

  private static boolean flag(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return true;
    }
    if (!node.isBoolean()) {
      throw new BadRequest(USE + ".reveal", "must be true or false");
    }
    return node.booleanValue();
  }

  private static List<Allowed> allowed(@Nullable JsonNode node) {
    String field = USE + ".allow";
    List<Allowed> allowed = new ArrayList<>();
    for (JsonNode each : array(field, node, MOST_ENTRIES)) {
      allowed.add(allowed(field + "[" + allowed.size() + "]", each));
    }
    return allowed;
  }

  private static Allowed allowed(String field, JsonNode node) {
    if (!(node instanceof ObjectNode tree)) {
      throw new BadRequest(field, "must be an object with a host");
    }
    onlyFields(field, tree, Set.of("host", "methods", "paths"));
    return new Allowed(
        HostPattern.parse(field + ".host", text(field + ".host", tree.get("host"))),
        texts(field + ".methods", tree.get("methods"))
            .map(methods -> methods.stream().map(each -> method(field, each)).distinct().toList()),
        texts(field + ".paths", tree.get("paths"))
            .map(
                paths ->
                    paths.stream()
                        .map(each -> PathPattern.parse(field + ".paths", each))
                        .toList()));
  }

  private static String method(String field, String text) {
    if (!Allowed.METHODS.contains(text)) {
      throw new BadRequest(
          field + ".methods", "must be among " + String.join(", ", Allowed.METHODS));
    }
    return text;
  }

  private static Optional<List<String>> texts(String field, @Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    array(field, node, MOST_ENTRIES).forEach(each -> texts.add(text(field, each)));
    if (texts.isEmpty()) {
      throw new BadRequest(field, "must not be empty; leave it out for all");
    }
    return Optional.of(texts);
  }

  private static Iterable<JsonNode> array(String field, @Nullable JsonNode node, int most) {
    if (node == null || node.isNull()) {
      return List.of();
    }
    if (!node.isArray() || node.size() > most) {
      throw new BadRequest(field, "must be an array of at most " + most + " entries");
    }
    return node;
  }

  static String text(String field, @Nullable JsonNode node) {
    if (node == null || !node.isTextual()) {
      throw new BadRequest(field, "must be a string");
    }
    return node.textValue();
  }

  static void onlyFields(String field, ObjectNode tree, Set<String> known) {
    tree.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw new BadRequest(
                    field, "must have no other fields than " + String.join(", ", sorted(known)));
              }
            });
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  /** The policy as it is stored and shown: it holds no secret. */
  public static ObjectNode write(UsePolicy policy) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("reveal", policy.reveal());
    ArrayNode allow = tree.putArray("allow");
    policy.allow().forEach(each -> allow.add(write(each)));
    tree.set("as", policy.as().map(InjectionCodec::write).orElse(null));
    return tree;
  }

  private static ObjectNode write(Allowed allowed) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("host", allowed.host().text());
    allowed.methods().ifPresent(methods -> methods.forEach(tree.putArray("methods")::add));
    allowed
        .paths()
        .ifPresent(
            paths -> {
              ArrayNode array = tree.putArray("paths");
              paths.forEach(path -> array.add(path.text()));
            });
    return tree;
  }
}
