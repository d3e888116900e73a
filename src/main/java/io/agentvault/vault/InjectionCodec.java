package io.agentvault.vault;

import static io.agentvault.vault.UsePolicyCodec.onlyFields;
import static io.agentvault.vault.UsePolicyCodec.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import io.agentvault.vault.Injection.AwsSigV4;
import io.agentvault.vault.Injection.Basic;
import io.agentvault.vault.Injection.Bearer;
import io.agentvault.vault.Injection.Header;
import io.agentvault.vault.Injection.Part;
import io.agentvault.vault.Injection.Query;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code as} of a use policy as JSON. */
final class InjectionCodec {
  private static final String LITERAL = "literal:";
  private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
  private static final Pattern QUERY = Pattern.compile("[A-Za-z0-9._~\\[\\]-]{1,64}");
  private static final Pattern PRINTABLE = Pattern.compile("[ -~]{0,64}");
  private static final Pattern AWS_NAME = Pattern.compile("[a-z0-9-]{1,64}");

  /** Framing, routing and state are never a credential's to set. */
  private static final Set<String> NEVER =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "content-encoding",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "cookie",
          "range",
          "if-range",
          "accept-encoding",
          "forwarded",
          "via");

  private InjectionCodec() {}

  static Optional<Injection> parse(String field, @Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    if (!(node instanceof ObjectNode tree)) {
      throw new BadRequest(field, "must be an object with a type");
    }
    return Optional.of(
        switch (text(field + ".type", tree.get("type"))) {
          case "bearer" -> {
            onlyFields(field, tree, Set.of("type", "field"));
            yield new Bearer(name(field + ".field", tree.get("field")));
          }
          case "basic" -> {
            onlyFields(field, tree, Set.of("type", "username", "password"));
            yield new Basic(
                part(field + ".username", tree.get("username")),
                part(field + ".password", tree.get("password")));
          }
          case "header" -> header(field, tree);
          case "query" -> {
            onlyFields(field, tree, Set.of("type", "name", "field"));
            yield new Query(
                matching(
                    QUERY, field + ".name", tree.get("name"), "letters, digits and . _ ~ [ ] -"),
                name(field + ".field", tree.get("field")));
          }
          case "aws-sigv4" -> {
            onlyFields(field, tree, Set.of("type", "service", "region"));
            yield new AwsSigV4(
                matching(AWS_NAME, field + ".service", tree.get("service"), "a to z, 0 to 9 and -"),
                matching(AWS_NAME, field + ".region", tree.get("region"), "a to z, 0 to 9 and -"));
          }
          default ->
              throw new BadRequest(
                  field + ".type", "must be bearer, basic, header, query or aws-sigv4");
        });
  }

  private static Header header(String field, ObjectNode tree) {
    onlyFields(field, tree, Set.of("type", "name", "field", "prefix"));
    String name =
        matching(HEADER, field + ".name", tree.get("name"), "the characters of a header's name");
    String lower = name.toLowerCase(Locale.ROOT);
    if (NEVER.contains(lower) || lower.startsWith("x-forwarded-") || lower.startsWith("x-amzn-")) {
      throw new BadRequest(field + ".name", "must not be a header that frames or routes a request");
    }
    @Nullable JsonNode prefix = tree.get("prefix");
    return new Header(
        name,
        name(field + ".field", tree.get("field")),
        prefix == null || prefix.isNull()
            ? Optional.empty()
            : Optional.of(
                matching(PRINTABLE, field + ".prefix", prefix, "printable ASCII characters")));
  }

  private static Part part(String field, @Nullable JsonNode node) {
    String text = text(field, node);
    return text.startsWith(LITERAL)
        ? new Part.Literal(literal(field, text.substring(LITERAL.length())))
        : new Part.Field(name(field, node));
  }

  private static String literal(String field, String text) {
    if (!PRINTABLE.matcher(text).matches()) {
      throw new BadRequest(field, "must be up to 64 printable ASCII characters behind literal:");
    }
    return text;
  }

  private static String name(String field, @Nullable JsonNode node) {
    return matching(FIELD, field, node, "letters, digits and _ . - that name a field");
  }

  private static String matching(
      Pattern pattern, String field, @Nullable JsonNode node, String rule) {
    String text = text(field, node);
    if (!pattern.matcher(text).matches()) {
      throw new BadRequest(field, "must be made of " + rule);
    }
    return text;
  }

  static ObjectNode write(Injection injection) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    return switch (injection) {
      case Bearer(String field) -> tree.put("type", "bearer").put("field", field);
      case Basic(Part username, Part password) ->
          tree.put("type", "basic")
              .put("username", write(username))
              .put("password", write(password));
      case Header(String name, String field, Optional<String> prefix) -> {
        tree.put("type", "header").put("name", name).put("field", field);
        prefix.ifPresent(text -> tree.put("prefix", text));
        yield tree;
      }
      case Query(String name, String field) ->
          tree.put("type", "query").put("name", name).put("field", field);
      case AwsSigV4(String service, String region) ->
          tree.put("type", "aws-sigv4").put("service", service).put("region", region);
    };
  }

  private static String write(Part part) {
    return switch (part) {
      case Part.Field(String name) -> name;
      case Part.Literal(String text) -> LITERAL + text;
    };
  }
}
