package io.agentvault.vault;

import static io.agentvault.vault.Contents.custom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.Binding;
import io.agentvault.crypto.Binding.Part;
import io.agentvault.identity.AgentKey;
import io.agentvault.vault.Precondition.None;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Envelope: plaintext is wiped by whoever sealed or opened it. */
class KeyringTest {
  private final World world = new World();
  private final AgentKey key = world.agent();
  private final List<byte[]> seen = new ArrayList<>();

  KeyringTest() {
    world.vault().store(key, Label.parse("bank"), custom("{'k':1}"), new None(), world.deadline());
  }

  @Test
  void whatWasOpenedIsWipedOnceItWasRead() {
    int length = opened(bytes -> bytes.length);
    assertThat(length).isPositive();
    assertWiped();
  }

  @Test
  void whatWasOpenedIsWipedThoughItCouldNotBeRead() {
    assertThatThrownBy(
            () ->
                opened(
                    bytes -> {
                      throw new IllegalStateException("unreadable");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertWiped();
  }

  @Test
  void whatWasSealedIsWiped() {
    byte[] plaintext = {1, 2, 3};
    seen.add(plaintext);
    byte[] sealed =
        world.unlocked(
            key,
            (unlocked, stored) ->
                unlocked.seal(
                    new Binding(key.claimedId().text(), "bank", "id", Part.DATA), plaintext));
    assertThat(sealed).hasSizeGreaterThan(plaintext.length);
    assertWiped();
  }

  private <T> T opened(Function<byte[], T> read) {
    return world.unlocked(
        key,
        (unlocked, stored) ->
            unlocked.open(
                stored,
                Part.DATA,
                stored.seals().data(),
                bytes -> {
                  assertThat(bytes).isNotEqualTo(new byte[bytes.length]);
                  seen.add(bytes);
                  return read.apply(bytes);
                }));
  }

  private void assertWiped() {
    assertThat(seen).singleElement().satisfies(it -> assertThat(it).containsOnly(0));
  }
}
