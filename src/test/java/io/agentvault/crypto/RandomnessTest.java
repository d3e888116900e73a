package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class RandomnessTest {
  private final Randomness randomness = Randomness.secure();

  @Test
  void bytesAreAsManyAsAskedAndNeverTheSame() {
    assertThat(randomness.bytes(0)).isEmpty();
    assertThat(randomness.bytes(32)).hasSize(32).isNotEqualTo(randomness.bytes(32));
    assertThat(randomness.bytes(32)).isNotEqualTo(Randomness.secure().bytes(32));
  }

  @Test
  void theGeneratorIsMadeOnFirstUseAndKeptAfterwards() throws ReflectiveOperationException {
    Field generator = SecureRandomness.class.getDeclaredField("generator");
    generator.setAccessible(true);

    assertThat(generator.get(randomness)).isNull();
    randomness.bytes(1);
    Object made = generator.get(randomness);
    randomness.bytes(1);
    assertThat(made).isInstanceOf(SecureRandom.class).isSameAs(generator.get(randomness));
  }

  @Test
  void noGeneratorStandsInAStaticField() {
    assertThat(SecureRandomness.class.getDeclaredFields())
        .filteredOn(field -> !field.isSynthetic()) // what measures coverage adds one
        .noneMatch(field -> Modifier.isStatic(field.getModifiers()));
  }
}
