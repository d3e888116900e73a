package io.agentvault.vault;

import io.agentvault.evidence.Act;
import java.util.Optional;

/**
 * A credential that may be used, opened for one call. Its fields are secrets, and no call of ours
 * answers them.
 */
public final class Usable {
  private final Act act;
  private final String credentialId;
  private final UsePolicy policy;
  private final Content content;

  Usable(Act act, String credentialId, UsePolicy policy, Content content) {
    this.act = act;
    this.credentialId = credentialId;
    this.policy = policy;
    this.content = content;
  }

  /** Who uses it, proven; for the record. */
  public Act act() {
    return act;
  }

  /** Which credential stands at the label. */
  public String credentialId() {
    return credentialId;
  }

  /** Where it may be used; one entry at least. */
  public UsePolicy policy() {
    return policy;
  }

  /** A field's text: of the data, else of the metadata. */
  public Optional<String> field(String name) {
    return content
        .data()
        .text(name)
        .or(() -> content.metadata().flatMap(metadata -> metadata.text(name)));
  }

  @Override
  public String toString() {
    return "Usable[redacted]";
  }
}
