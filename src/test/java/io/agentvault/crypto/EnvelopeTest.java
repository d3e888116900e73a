package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.Binding.Part;
import io.agentvault.problem.Tampered;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final Binding BINDING =
      new Binding("agent-1", "github", "credential-1", Part.DATA);
  private static final byte[] PLAINTEXT = "a plain text".getBytes(StandardCharsets.UTF_8);

  private final Envelope envelope = new Envelope(Randomness.secure());
  private final Secret dataKey = Secret.of(Randomness.secure().bytes(32));
  private final byte[] sealed = envelope.under(dataKey).seal(BINDING, PLAINTEXT);

  @Property(tries = 200)
  void whatIsSealedOpensWithTheSameKeyAndBinding(
      @ForAll byte[] plaintext, @ForAll("parts") String label) {
    Binding binding = new Binding("agent-1", label, "credential-1", Part.DATA);
    byte[] bytes = envelope.under(dataKey).seal(binding, plaintext);

    assertThat(bytes).hasSize(Envelope.OVERHEAD_BYTES + plaintext.length);
    assertThat(envelope.under(dataKey).open(binding, bytes)).isEqualTo(plaintext);
  }

  @Property(tries = 200)
  void theContentKeyIsWhatTheJdksOwnKdfDerives(
      @ForAll @Size(32) byte[] key, @ForAll @Size(32) byte[] salt, @ForAll("parts") String label)
      throws GeneralSecurityException {
    Binding binding = new Binding("agent-1", label, "credential-1", Part.DATA);
    byte[] bound = binding.encoded(Binding.VERSION);
    byte[] bytes =
        new Envelope(count -> salt.clone()).under(Secret.of(key.clone())).seal(binding, PLAINTEXT);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        KDF.getInstance("HKDF-SHA256")
            .deriveKey(
                "AES",
                HKDFParameterSpec.ofExtract().addIKM(key).addSalt(salt).thenExpand(bound, 32)),
        new GCMParameterSpec(128, new byte[12]));
    cipher.updateAAD(bound);

    assertThat(cipher.doFinal(bytes, 33, bytes.length - 33)).isEqualTo(PLAINTEXT);
  }

  @Test
  void onceLentAKeySealsAndOpensManyInAnyOrder() {
    Envelope.Keyed keyed = envelope.under(dataKey);
    byte[] first = keyed.seal(BINDING, PLAINTEXT);
    byte[] second = keyed.seal(BINDING, PLAINTEXT);
    byte[] flipped = first.clone();
    flipped[flipped.length - 1] ^= 1;

    assertThat(keyed.open(BINDING, sealed)).isEqualTo(PLAINTEXT);
    assertThatThrownBy(() -> keyed.open(BINDING, flipped)).isExactlyInstanceOf(Tampered.class);
    assertThat(keyed.open(BINDING, first)).isEqualTo(PLAINTEXT);
    assertThat(keyed.open(BINDING, second)).isEqualTo(PLAINTEXT);
    assertThat(envelope.under(dataKey).open(BINDING, keyed.seal(BINDING, PLAINTEXT)))
        .isEqualTo(PLAINTEXT);
    assertThat(first).isNotEqualTo(second);
  }

  @Provide
  Arbitrary<String> parts() {
    return Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(128);
  }

  @Test
  void anyBitFlippedIsTampered() {
    for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
      assertTampered(dataKey, BINDING, flipped);
    }
  }

  @Test
  void cutAtAnyLengthIsTampered() {
    for (int length = 0; length < sealed.length; length++) {
      assertTampered(dataKey, BINDING, Arrays.copyOf(sealed, length));
      assertTampered(
          dataKey, BINDING, Arrays.copyOfRange(sealed, sealed.length - length, sealed.length));
    }
  }

  @Test
  void extendedByAnyByteIsTampered() {
    for (int value = 0; value < 256; value++) {
      byte[] extended = Arrays.copyOf(sealed, sealed.length + 1);
      extended[sealed.length] = (byte) value;
      assertTampered(dataKey, BINDING, extended);
    }
  }

  @Test
  void anyOtherVersionIsTampered() {
    for (int version = 0; version < 256; version++) {
      byte[] versioned = sealed.clone();
      versioned[0] = (byte) version;
      if (version != 2) {
        assertTampered(dataKey, BINDING, versioned);
      }
    }
  }

  @Property(tries = 500)
  void arbitraryBytesAreTampered(@ForAll byte[] bytes) {
    assertTampered(dataKey, BINDING, bytes);
    byte[] versioned = bytes.clone();
    if (versioned.length > 0) {
      for (byte version = 1; version <= 2; version++) {
        versioned[0] = version;
        assertTampered(dataKey, BINDING, versioned);
      }
    }
  }

  @Test
  void envelopeMovedToAnotherAgentIsTampered() {
    assertTampered(dataKey, new Binding("agent-2", "github", "credential-1", Part.DATA), sealed);
  }

  @Test
  void envelopeMovedToAnotherLabelIsTampered() {
    assertTampered(dataKey, new Binding("agent-1", "gitlab", "credential-1", Part.DATA), sealed);
  }

  @Test
  void envelopeMovedToAnotherCredentialOfTheSameLabelIsTampered() {
    assertTampered(dataKey, new Binding("agent-1", "github", "credential-2", Part.DATA), sealed);
  }

  @Test
  void envelopeOfOnePartOpenedAsAnotherIsTampered() {
    for (Part part : Part.values()) {
      if (part != Part.DATA) {
        assertTampered(dataKey, new Binding("agent-1", "github", "credential-1", part), sealed);
      }
    }
  }

  @Test
  void envelopeWithItsPartsSwappedIsTampered() {
    assertTampered(dataKey, new Binding("github", "agent-1", "credential-1", Part.DATA), sealed);
    assertTampered(dataKey, new Binding("agent-1", "credential-1", "github", Part.DATA), sealed);
    assertTampered(dataKey, new Binding("credential-1", "github", "agent-1", Part.DATA), sealed);
  }

  @Test
  void envelopeOfAnotherDataKeyIsTampered() {
    assertTampered(Secret.of(Randomness.secure().bytes(32)), BINDING, sealed);
    for (int bit = 0; bit < 32 * Byte.SIZE; bit++) {
      byte[] flipped = dataKey.expose().clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
      assertTampered(Secret.of(flipped), BINDING, sealed);
    }
  }

  @Test
  void partsOfTwoEnvelopesDoNotMakeAThird() {
    byte[] other =
        envelope.under(dataKey).seal(BINDING, "another text".getBytes(StandardCharsets.UTF_8));
    for (int cut = 1; cut < sealed.length; cut++) {
      byte[] spliced = sealed.clone();
      System.arraycopy(other, cut, spliced, cut, sealed.length - cut);
      if (!Arrays.equals(spliced, sealed) && !Arrays.equals(spliced, other)) {
        assertTampered(dataKey, BINDING, spliced);
      }
    }
  }

  @Test
  void thePlaintextSealedTwiceHasNothingInCommon() {
    byte[] again = envelope.under(dataKey).seal(BINDING, PLAINTEXT);

    assertThat(Arrays.copyOfRange(again, 1, 33)).isNotEqualTo(Arrays.copyOfRange(sealed, 1, 33));
    assertThat(Arrays.copyOfRange(again, 33, again.length))
        .isNotEqualTo(Arrays.copyOfRange(sealed, 33, sealed.length));
  }

  @Test
  void sealedBytesShowNeitherThePlaintextNorTheBinding() {
    String seen = new String(sealed, StandardCharsets.ISO_8859_1);

    assertThat(seen).doesNotContain("a plain text").doesNotContain("github");
  }

  @Test
  void aDataKeyOfAnotherLengthIsADefect() {
    for (int length : new int[] {0, 16, 31, 33, 64}) {
      Secret key = Secret.of(new byte[length]);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> envelope.under(key).seal(BINDING, PLAINTEXT))
          .withMessage("a data key must be 32 bytes");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> envelope.under(key).open(BINDING, sealed));
    }
  }

  @Test
  void onlyTheFirstByteSaysThatTheReleaseBeforeSealed() {
    assertThat(Envelope.isWithoutPart(new byte[0])).isFalse();
    assertThat(Envelope.isWithoutPart(new byte[] {Binding.VERSION_WITHOUT_PART})).isTrue();
    assertThat(Envelope.isWithoutPart(new byte[] {Binding.VERSION})).isFalse();
  }

  private void assertTampered(Secret key, Binding binding, byte[] bytes) {
    assertThatThrownBy(() -> envelope.under(key).open(binding, bytes))
        .isExactlyInstanceOf(Tampered.class)
        .hasMessage("the stored credential does not verify")
        .hasNoCause();
  }
}
