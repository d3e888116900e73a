package io.agentvault.vault;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.crypto.Binding;
import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.Envelope;
import io.agentvault.crypto.Secret;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Identity;
import io.agentvault.problem.PayloadTooLarge;
import io.agentvault.problem.Tampered;
import io.agentvault.remote.Deadline;
import java.util.function.Function;

/** Seals and opens an agent's credentials under the agent's data key, never under another's. */
final class Keyring {
  private final DataKeys dataKeys;
  private final Envelope envelope;
  private final ContentCodec codec;

  Keyring(DataKeys dataKeys, Envelope envelope, ObjectMapper json) {
    this.dataKeys = dataKeys;
    this.envelope = envelope;
    this.codec = new ContentCodec(json);
  }

  /**
   * Holds content to the limits; asks nobody.
   *
   * @throws PayloadTooLarge when it is over one
   */
  void checkSize(Content content) {
    codec.checkSize(content);
  }

  /** How long the content's metadata are as JSON. */
  int metadataBytes(Content content) {
    return codec.metadataBytes(content);
  }

  /** Does all of {@code use} with the agent's data key unwrapped once. */
  <T> T with(Agent agent, Deadline deadline, Function<Unlocked, T> use) {
    Identity identity = agent.identity();
    return dataKeys.with(
        identity.keyContext(),
        identity.wrappedDataKey().bytes(),
        deadline,
        dataKey -> use.apply(new Unlocked(identity, dataKey)));
  }

  /** The keyring while the data key is there. */
  final class Unlocked {
    private final Identity identity;
    private final Secret dataKey;

    private Unlocked(Identity identity, Secret dataKey) {
      this.identity = identity;
      this.dataKey = dataKey;
    }

    /** What the agent's deposits derive from it. */
    DepositSeals deposits() {
      return new DepositSeals(identity.id(), dataKey);
    }

    /** The bytes to store. */
    byte[] seal(Label label, String credentialId, Content content, long revision) {
      return envelope.seal(dataKey, binding(label, credentialId), codec.write(content, revision));
    }

    /**
     * What was stored.
     *
     * @throws Tampered when these are not the bytes that were stored under this label
     */
    Content open(StoredCredential stored) {
      Binding binding = binding(stored.label(), stored.credentialId());
      return codec.read(envelope.open(dataKey, binding, stored.sealed()), stored.revision());
    }

    private Binding binding(Label label, String credentialId) {
      return new Binding(identity.id().text(), label.text(), credentialId);
    }
  }
}
