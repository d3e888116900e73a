package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;

/** Hostile JSON in, exact JSON out: numbers keep their digits, and no name may stand twice. */
public final class Json {
  /** How deep objects and arrays may be nested in what a caller sends. */
  static final int MAXIMUM_DEPTH = 16;

  /** An event is built by AWS around what a caller sends; its own nesting is small. */
  private static final int MAXIMUM_EVENT_DEPTH = 64;

  private static final int LONGEST_NUMBER_CHARACTERS = 1_000;

  /**
   * No number in a request or a credential of 64 KiB is longer: what was let in under other limits,
   * or is written longer than it was read, is still read.
   */
  private static final int LONGEST_STORED_NUMBER_CHARACTERS = 128 * 1024;

  /** For the trees of this vault; it maps no classes. */
  public static final ObjectMapper MAPPER = mapper(LONGEST_NUMBER_CHARACTERS);

  /** For what this vault has sealed itself. */
  public static final ObjectMapper STORED = mapper(LONGEST_STORED_NUMBER_CHARACTERS);

  private static ObjectMapper mapper(int longestNumberCharacters) {
    ObjectMapper mapper =
        JsonMapper.builder(
                JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(MAXIMUM_EVENT_DEPTH)
                            .maxNumberLength(longestNumberCharacters)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    try {
      // Jackson looks up at the first tree how to read and to write one: a native image holds it.
      mapper.readTree(mapper.writeValueAsBytes(mapper.createObjectNode()));
    } catch (IOException e) {
      throw new IllegalStateException("an empty object can be written and read", e);
    }
    return mapper;
  }

  private Json() {}

  /**
   * The object in {@code bytes}, which are UTF-8.
   *
   * @param field what to call it in an error
   * @throws BadRequest when it is not one well-formed object
   */
  static ObjectNode object(String field, byte[] bytes) {
    try {
      if (MAPPER.readTree(text(bytes)) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException | NumberFormatException | ArithmeticException e) {
      // what the parser says quotes what was sent; an absurd exponent is not even its own exception
    }
    throw new BadRequest(
        field, "must be one JSON object in UTF-8, without a name that stands twice");
  }

  /**
   * Strictly decoded: the parser's own decoder takes overlong forms for the characters they hide.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc3629#section-3">RFC 3629, 3</a>
   */
  private static String text(byte[] bytes) throws CharacterCodingException {
    return UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes))
        .toString();
  }

  /**
   * Holds what a caller sent to the limits that a parser does not know.
   *
   * @throws BadRequest when it is nested too deep, or a text is not well-formed Unicode
   */
  static void check(String field, JsonNode tree) {
    check(field, tree, 1);
  }

  private static void check(String field, JsonNode node, int depth) {
    if (node.isTextual()) {
      requireUnicode(field, node.textValue());
    } else if (node.isContainerNode()) {
      if (depth > MAXIMUM_DEPTH) {
        throw new BadRequest(field, "must be nested at most " + MAXIMUM_DEPTH + " deep");
      }
      node.fieldNames().forEachRemaining(name -> requireUnicode(field, name));
      node.forEach(child -> check(field, child, depth + 1));
    }
  }

  /**
   * Holds a text to well-formed Unicode.
   *
   * @throws BadRequest when it has a lone surrogate
   */
  static void requireUnicode(String field, String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isHighSurrogate(unit)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(unit)) {
        throw new BadRequest(field, "must be well-formed Unicode, without a lone surrogate");
      }
    }
  }

  static byte[] bytes(ObjectNode tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of our own can be written");
    }
  }
}
