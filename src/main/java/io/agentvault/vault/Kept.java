package io.agentvault.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import java.util.List;
import java.util.Optional;

/**
 * What a store leaves in its place: values that a placeholder stands for, and backup codes that it
 * does not mention. So that nobody gets hold of a secret by storing a looser policy around it, such
 * a store may only narrow what was allowed.
 */
final class Kept {
  private static final String BACKUP_CODES = "backupCodes";

  /** Where the vault itself sends a secret; as much a part of the policy as its hosts. */
  private static final List<String> ENFORCED = List.of("tokenUrl", "clientAuth");

  private final JsonNode stored;
  private boolean any;

  private Kept(JsonNode stored) {
    this.stored = stored;
  }

  /**
   * What is to be stored for what was sent.
   *
   * @param before what is there and may be kept
   * @throws BadRequest when a placeholder has nothing behind it, or the whole breaks a rule
   * @throws Forbidden when a value is kept and anything but a narrower policy was asked for
   */
  static Content completed(Content sent, Optional<Content> before) {
    ObjectNode tree = sent.data().expose();
    Kept kept =
        new Kept(
            before.<JsonNode>map(old -> old.data().expose()).orElse(MissingNode.getInstance()));
    kept.fill("data", tree, kept.stored);
    kept.keepBackupCodes(tree);
    Content completed =
        Content.checked(sent.type(), Data.of(tree), sent.metadata(), sent.expiresAt())
            .with(sent.use());
    if (kept.any) {
      requireNoLooser(completed, before.orElseThrow());
    }
    completed.checkSecrets();
    completed.checkInjected();
    return completed;
  }

  private void fill(String path, JsonNode tree, JsonNode old) {
    if (tree instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              each -> {
                String field = each.getKey();
                each.setValue(filled(path + "." + field, each.getValue(), old.path(field)));
              });
    } else if (tree instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, filled(path + "[" + i + "]", array.get(i), old.path(i)));
      }
    }
  }

  private JsonNode filled(String path, JsonNode value, JsonNode old) {
    if (!Placeholder.is(value)) {
      fill(path, value, old);
      return value;
    }
    if (old.isMissingNode() || old.isNull()) {
      throw new BadRequest(path, "must be given: nothing is stored that it could stand for");
    }
    any = true;
    return old.deepCopy();
  }

  private void keepBackupCodes(ObjectNode tree) {
    if (!tree.hasNonNull(BACKUP_CODES) && !stored.path(BACKUP_CODES).isEmpty()) {
      tree.set(BACKUP_CODES, stored.path(BACKUP_CODES).deepCopy());
      any = true;
    }
  }

  private static void requireNoLooser(Content completed, Content before) {
    boolean same =
        completed.type() == before.type()
            && ENFORCED.stream()
                .allMatch(field -> completed.value(field).equals(before.value(field)));
    if (!same || !completed.policy().isNoLooserThan(before.policy())) {
      throw Forbidden.because(
          "a store that leaves a stored value in place may only narrow its use policy; send every"
              + " secret value again to change more (backupCodes: [] removes those)");
    }
  }
}
