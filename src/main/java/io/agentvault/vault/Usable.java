package io.agentvault.vault;

import io.agentvault.identity.AgentId;
import java.util.Optional;

/**
 * A credential that may be used, opened for one call. Its fields are secrets, and no call of ours
 * answers them.
 */
public final class Usable {
  private final AgentId agent;
  private final UsePolicy policy;
  private final Content content;

  Usable(AgentId agent, UsePolicy policy, Content content) {
    this.agent = agent;
    this.policy = policy;
    this.content = content;
  }

  /** Whose it is, proven. */
  public AgentId agent() {
    return agent;
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
