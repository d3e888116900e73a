package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SecretTest {
  private static final String CANARY = "canary-7f1b";

  @Test
  void aSecretPrintsAsRedactedAloneAndInsideACollection() {
    Secret secret = Secret.ofUtf8(CANARY);

    assertThat(secret).hasToString("Secret[redacted]");
    assertThat(List.of(secret).toString()).isEqualTo("[Secret[redacted]]");
  }

  @Test
  void exposeGivesTheBytesThemselves() {
    byte[] bytes = {1, 2, 3};

    assertThat(Secret.of(bytes).expose()).isSameAs(bytes);
  }

  @Test
  void aClosedSecretIsZerosAndRefusesToBeUsed() {
    byte[] bytes = {1, 2, 3};
    Secret secret = Secret.of(bytes);
    secret.close();
    secret.close();

    assertThat(bytes).containsOnly(0);
    assertThatIllegalStateException().isThrownBy(secret::expose);
    assertThatIllegalStateException().isThrownBy(secret::copy);
  }

  @Test
  void aCopyOutlivesItsOriginal() {
    Secret original = Secret.of(new byte[] {1, 2, 3});
    Secret copy = original.copy();
    original.close();

    assertThat(copy.expose()).containsExactly(1, 2, 3);
  }

  @Test
  void equalBytesAreEqualAndHashesTellNothing() {
    assertThat(Secret.ofUtf8("a")).isEqualTo(Secret.ofUtf8("a")).isNotEqualTo(Secret.ofUtf8("b"));
    assertThat(Secret.ofUtf8("a")).isNotEqualTo(Secret.ofUtf8("aa")).isNotEqualTo("a");
    assertThat(Secret.ofUtf8("a")).hasSameHashCodeAs(Secret.ofUtf8("b"));
  }

  @Test
  void aWipedSecretEqualsOnlyItselfThoughOthersAreZerosToo() {
    Secret one = Secret.ofUtf8("a");
    Secret other = Secret.ofUtf8("b");
    one.close();
    other.close();

    assertThat(one).isNotEqualTo(other).isEqualTo(one);
    assertThat(one).isNotEqualTo(Secret.of(new byte[1]));
    assertThat(Secret.of(new byte[1])).isNotEqualTo(one);
  }

  @Test
  void aSecretHasNoSerialisedForm() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      assertThatThrownBy(() -> objects.writeObject(Secret.ofUtf8(CANARY)))
          .isInstanceOf(NotSerializableException.class);
    }
    assertThat(out.toString(StandardCharsets.ISO_8859_1)).doesNotContain(CANARY);
  }

  @Test
  void textWithALoneSurrogateIsRefusedWithoutQuotingIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Secret.ofUtf8(CANARY + "\ud800"))
        .withMessage("text with a lone surrogate has no UTF-8 encoding")
        .withNoCause();
  }

  @Property
  void textTurnsToItsUtf8(@ForAll String text) {
    if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      assertThat(Secret.ofUtf8(text).expose()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    } else {
      assertThatIllegalArgumentException().isThrownBy(() -> Secret.ofUtf8(text));
    }
  }
}
