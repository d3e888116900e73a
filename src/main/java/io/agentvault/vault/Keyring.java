package io.agentvault.vault;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.crypto.Binding;
import io.agentvault.crypto.Binding.Part;
import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.Envelope;
import io.agentvault.crypto.Secret;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Identity;
import io.agentvault.problem.PayloadTooLarge;
import io.agentvault.problem.Tampered;
import io.agentvault.remote.Deadline;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** Seals and opens an agent's credentials under the agent's data key, never under another's. */
final class Keyring {
  private final DataKeys dataKeys;
  private final Envelope envelope;
  private final ContentCodec codec;
  private final TokenStateCodec tokens;

  Keyring(DataKeys dataKeys, Envelope envelope, ObjectMapper json) {
    this.dataKeys = dataKeys;
    this.envelope = envelope;
    this.codec = new ContentCodec(json);
    this.tokens = new TokenStateCodec(json);
  }

  /**
   * Holds content to the limits; asks nobody.
   *
   * @throws PayloadTooLarge when it is over one
   */
  void checkSize(Content content) {
    codec.checkSize(content);
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
    private final Envelope.Keyed keyed;

    private Unlocked(Identity identity, Secret dataKey) {
      this.identity = identity;
      this.dataKey = dataKey;
      this.keyed = envelope.under(dataKey);
    }

    /** What the agent's deposits derive from it. */
    DepositSeals deposits() {
      return new DepositSeals(identity.id(), dataKey);
    }

    /** What to store. */
    Seals seal(Label label, String credentialId, Content content, long revision) {
      return new Seals(
          seal(binding(label, credentialId, Part.DATA), codec.writeData(content, revision)),
          Optional.of(
              seal(
                  binding(label, credentialId, Part.METADATA),
                  codec.writeMetadata(content, revision))));
    }

    /** What to store of access tokens. */
    byte[] seal(Label label, String credentialId, TokenState state, long revision) {
      return seal(binding(label, credentialId, Part.ACCESS), tokens.write(state, revision));
    }

    /**
     * What was stored of access tokens.
     *
     * @throws Tampered when these are not the bytes that were stored for this credential
     */
    TokenState open(StoredAccess stored) {
      byte[] plaintext =
          keyed.open(
              binding(stored.label(), stored.credentialId(), Part.ACCESS),
              stored.sealed().orElseThrow(Tampered::new));
      try {
        return tokens.read(plaintext, stored.sealedAt());
      } finally {
        Arrays.fill(plaintext, (byte) 0);
      }
    }

    /** As far as that is about {@code grant}; nothing where nothing was stored. */
    TokenState open(StoredAccess stored, TokenGrant grant) {
      return stored.sealed().isEmpty() ? TokenState.none(grant) : open(stored).of(grant);
    }

    /** Wipes the plaintext. */
    byte[] seal(Binding binding, byte[] plaintext) {
      try {
        return keyed.seal(binding, plaintext);
      } finally {
        Arrays.fill(plaintext, (byte) 0);
      }
    }

    /**
     * What was stored.
     *
     * @throws Tampered when these are not the bytes that were stored under this label
     */
    Content open(StoredCredential stored) {
      Optional<Data> metadata =
          isOfTheReleaseBefore(stored) ? Optional.empty() : overview(stored).metadata();
      return open(
          stored,
          Part.DATA,
          stored.seals().data(),
          bytes -> codec.readContent(bytes, metadata, stored.revision()));
    }

    /**
     * What may be known of it; of what the release before stored, by opening all of it.
     *
     * @throws Tampered when these are not the bytes that were stored under this label
     */
    Overview overview(StoredCredential stored) {
      return isOfTheReleaseBefore(stored)
          ? open(stored).overview()
          : open(
              stored,
              Part.METADATA,
              stored.seals().metadata().orElseThrow(Tampered::new),
              bytes -> codec.readOverview(bytes, stored.revision()));
    }

    /** Envelope 6.1: it has all in one seal, and who put another beside it forges. */
    private static boolean isOfTheReleaseBefore(StoredCredential stored) {
      boolean old = Envelope.isWithoutPart(stored.seals().data());
      if (old && stored.seals().metadata().isPresent()) {
        throw new Tampered();
      }
      return old;
    }

    /** Wipes the plaintext when it was read, or could not be. */
    <T> T open(StoredCredential stored, Part part, byte[] sealed, Function<byte[], T> read) {
      byte[] plaintext = keyed.open(binding(stored.label(), stored.credentialId(), part), sealed);
      try {
        return read.apply(plaintext);
      } finally {
        Arrays.fill(plaintext, (byte) 0);
      }
    }

    private Binding binding(Label label, String credentialId, Part part) {
      return new Binding(identity.id().text(), label.text(), credentialId, part);
    }
  }
}
