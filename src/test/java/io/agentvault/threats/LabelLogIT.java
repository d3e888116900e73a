package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.runtime.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Labels in the log, for those who want them there. */
final class LabelLogIT {
  private static final String LABEL = "label-to-look-for";

  @Test
  void labelsAreLoggedWhenConfiguredAndOnlyThose() throws IOException {
    try (LocalCloud labelled =
        LocalCloud.options()
            .environment("vault", "VAULT_LOG_LABELS", "true")
            .maxInstances(1)
            .start()) {
      Gate other = new Gate(labelled);
      Agent named = other.agent();
      other.store(named, LABEL, Bench.LOGIN);
      other.get("/v0/vault/" + named.key() + "%3F", named.key());
      Invocation direct =
          other.invoke(
              "vault",
              "{\"action\":\"vault.get\",\"key\":\"%s\",\"label\":\"no/label\"}"
                  .formatted(named.key()));
      assertThat(direct.failed()).isTrue();
      String log = Files.readString(labelled.logs().resolve("vault-1.log"));
      assertThat(log).contains("\"label\":\"" + LABEL + "\"");
      assertThat(log).doesNotContain(named.key().substring(31)).doesNotContain("no/label");
    }
  }
}
