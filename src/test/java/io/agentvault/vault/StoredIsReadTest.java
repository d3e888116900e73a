package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.api.Json;
import io.agentvault.identity.AgentKey;
import io.agentvault.problem.BadRequest;
import io.agentvault.vault.Precondition.None;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant 10: whatever a store accepted, every later read opens, and its answer is accepted. */
class StoredIsReadTest {
  private static final Label LABEL = Label.parse("it");

  @Property(tries = 500)
  void whatAStoreAcceptsIsReadListedAndPutBack(
      @ForAll("objects") String data, @ForAll("objects") String metadata) throws Exception {
    Optional<Content> content = accepted(data, metadata);
    if (content.isEmpty()) {
      return;
    }
    World world = new World();
    AgentKey key = world.agent();
    world.vault().store(key, LABEL, content.get(), new None(), world.deadline());
    Credential read = world.vault().get(key, LABEL, world.deadline());

    assertThat(text(read.data())).isEqualTo(text(content.get().data()));
    assertThat(text(read.metadata().orElseThrow()))
        .isEqualTo(text(content.get().metadata().orElseThrow()));
    assertThat(world.vault().list(key, 1, Optional.empty(), world.deadline()).credentials())
        .isEqualTo(List.of(listed(read)));
    assertThat(accepted(text(read.data()), text(read.metadata().orElseThrow()))).isPresent();
  }

  private static Credential listed(Credential read) {
    return new Credential(
        read.label(),
        read.credentialId(),
        read.type(),
        Data.none(),
        read.metadata(),
        read.hasTotp(),
        read.expiresAt(),
        read.use(),
        read.rotatedAt(),
        read.createdAt(),
        read.updatedAt(),
        read.revision(),
        read.lastUsedAt(),
        read.usageCount());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"12e2147483647", "1e-10000", "1e10000", "0.000e-9999", "-1.5e99999", "1e-99999"})
  void anAbsurdExponentIsRefusedAtTheStore(String number) {
    for (String field : new String[] {"data", "metadata"}) {
      String other = "{'a':[{'n':" + number + "}]}";
      assertThatThrownBy(
              () ->
                  content(field.equals("data") ? other : "{}", field.equals("data") ? "{}" : other))
          .isInstanceOf(BadRequest.class)
          .hasMessageStartingWith(field + " must have numbers of at most 800 digits");
    }
  }

  private static Optional<Content> accepted(String data, String metadata) {
    try {
      return Optional.of(content(data, metadata));
    } catch (BadRequest | JsonProcessingException | ArithmeticException | NumberFormatException e) {
      return Optional.empty(); // as api.Json refuses it
    }
  }

  private static Content content(String data, String metadata) throws JsonProcessingException {
    return Content.checked(
        CredentialType.CUSTOM,
        Data.of(tree(data)),
        Optional.of(Data.of(tree(metadata))),
        Optional.empty());
  }

  private static ObjectNode tree(String json) throws JsonProcessingException {
    return (ObjectNode) Json.MAPPER.readTree(json.replace('\'', '"'));
  }

  private static String text(Data data) {
    return data.expose().toString();
  }

  @Provide
  Arbitrary<String> objects() {
    Arbitrary<String> texts =
        Arbitraries.strings()
            .ofMaxLength(20)
            .filter(text -> text.chars().noneMatch(c -> Character.isSurrogate((char) c)))
            .map(text -> Json.MAPPER.valueToTree(text).toString());
    return Arbitraries.lazyOf(
            this::numbers,
            this::numbers,
            () -> texts,
            () -> Arbitraries.of("true", "false", "null", "[]", "{}"))
        .list()
        .ofMaxSize(4)
        .map(values -> "{\"a\":[" + String.join(",", values) + "]}");
  }

  private Arbitrary<String> numbers() {
    Arbitrary<String> digits =
        Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(1_000).map(each -> "1" + each);
    return Combinators.combine(
            Arbitraries.of("", "-"),
            Arbitraries.oneOf(Arbitraries.of("0", "7"), digits),
            Arbitraries.oneOf(Arbitraries.just(""), digits.map(each -> "." + each)),
            Arbitraries.oneOf(
                Arbitraries.just(""),
                exponents(3_000_000_000L).map(n -> "e" + n),
                exponents(10_000).map(n -> "E" + n)))
        .as((sign, whole, fraction, exponent) -> sign + whole + fraction + exponent);
  }

  /** Not 0: what is written 7e0 is read as the whole number that it is. */
  private static Arbitrary<Long> exponents(long most) {
    return Arbitraries.longs().between(-most, most).filter(exponent -> exponent != 0);
  }
}
