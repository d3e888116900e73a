package io.agentvault.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.wire.CredentialSamples.Sample;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Credentials of every type with anything in them that JSON can hold. */
final class RandomCredentials {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int LONGEST_TEXT = 40;
  private static final int DEEPEST = 4;

  private RandomCredentials() {}

  /** Bodies of store requests that keep every rule. */
  static Arbitrary<ObjectNode> bodies() {
    return Combinators.combine(
            Arbitraries.of(CredentialSamples.load()), fields("x-"), metadata(), seed(), codes())
        .as(RandomCredentials::body);
  }

  private static ObjectNode body(
      Sample sample, ObjectNode extra, JsonNode metadata, JsonNode seed, JsonNode codes) {
    ObjectNode body = sample.body().deepCopy();
    ObjectNode data = body.withObject("data");
    data.setAll(extra);
    if (!seed.isMissingNode()) {
      data.set("totp", seed);
    }
    if (!codes.isMissingNode()) {
      data.set("backupCodes", codes);
    }
    body.set("metadata", metadata);
    return body;
  }

  private static Arbitrary<JsonNode> metadata() {
    return Arbitraries.oneOf(
        Arbitraries.just(NODES.nullNode()), fields("").map(node -> (JsonNode) node));
  }

  private static Arbitrary<JsonNode> seed() {
    return Arbitraries.of(
            "null",
            "'GEZDGNBVGY3TQOJQ'",
            "'gezd gnbv-gy3t qojq'",
            "'otpauth://totp/Example:ada?secret=GEZDGNBVGY3TQOJQ&digits=8'",
            "'otpauth://hotp/ada?secret=GEZDGNBVGY3TQOJQ&counter=7'",
            "'steam://GEZDGNBVGY3TQOJQ'",
            "{'secret':'GEZDGNBVGY3TQOJQ','algorithm':'SHA512','digits':7,'period':60,'note':'x'}")
        .map(Call::json)
        .optional(0.5)
        .map(node -> node.orElse(NODES.missingNode()));
  }

  private static Arbitrary<JsonNode> codes() {
    return texts(1)
        .list()
        .ofMaxSize(5)
        .map(texts -> array(texts.stream().<JsonNode>map(NODES::textNode).toList()));
  }

  private static Arbitrary<ObjectNode> fields(String prefix) {
    return fields(prefix, DEEPEST);
  }

  private static Arbitrary<ObjectNode> fields(String prefix, int depth) {
    return Arbitraries.maps(texts(0).map(name -> prefix + name), values(depth))
        .ofMaxSize(4)
        .map(RandomCredentials::object);
  }

  private static ObjectNode object(Map<String, JsonNode> fields) {
    ObjectNode object = NODES.objectNode();
    fields.forEach(object::set);
    return object;
  }

  private static Arbitrary<JsonNode> values(int depth) {
    Arbitrary<JsonNode> scalars =
        Arbitraries.oneOf(
            texts(0).map(NODES::textNode),
            Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(30).negate(), BigInteger.TEN.pow(30))
                .map(NODES::numberNode),
            Arbitraries.bigDecimals().ofScale(12).map(NODES::numberNode),
            Arbitraries.of(
                    new BigDecimal("1E+400"), new BigDecimal("-1E-400"), new BigDecimal("0.00"))
                .map(NODES::numberNode),
            Arbitraries.of(true, false).map(NODES::booleanNode),
            Arbitraries.just(NODES.nullNode()));
    if (depth == 0) {
      return scalars;
    }
    return Arbitraries.frequencyOf(
        Tuple.of(5, scalars),
        Tuple.of(1, fields("", depth - 1).map(node -> (JsonNode) node)),
        Tuple.of(1, values(depth - 1).list().ofMaxSize(3).map(RandomCredentials::array)));
  }

  private static JsonNode array(List<JsonNode> items) {
    return NODES.arrayNode().addAll(items);
  }

  /** Any Unicode but half a surrogate pair. */
  private static Arbitrary<String> texts(int shortest) {
    Arbitrary<Integer> points =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.integers().between(' ', '~')),
            Tuple.of(1, Arbitraries.integers().between(0, 0xD7FF)),
            Tuple.of(1, Arbitraries.integers().between(0xE000, 0x10FFFF)));
    return points
        .list()
        .ofMinSize(shortest)
        .ofMaxSize(LONGEST_TEXT)
        .map(
            list -> {
              StringBuilder text = new StringBuilder();
              list.forEach(text::appendCodePoint);
              return text.toString();
            });
  }
}
