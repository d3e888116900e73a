package io.agentvault.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentvault.crypto.FakeSigner;
import io.agentvault.remote.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** What somebody outside would check, with the specification and no code of the chain's own. */
final class Verifier {
  private final FakeSigner signer;
  private final Deadline deadline;

  /** A batch has one signature for all of its chains. */
  private final Map<String, Optional<String>> signed = new HashMap<>();

  Verifier(FakeSigner signer, Deadline deadline) {
    this.signer = signer;
    this.deadline = deadline;
  }

  /** What is wrong with a chain; nothing, when it holds. */
  List<String> faults(String agent, List<Checkpoint> chain, Map<String, String> records) {
    List<String> faults = new ArrayList<>();
    String hash = sha("agent-vault evidence 1\n" + agent + "\n");
    String previous = "";
    int count = 0;
    for (int i = 0; i < chain.size(); i++) {
      Checkpoint each = chain.get(i);
      for (String key : each.keys()) {
        String record = records.get(key);
        if (record == null) {
          faults.add("missing " + key);
        }
        hash = sha(hash + "\n" + key + "\n" + record + "\n");
        count++;
      }
      String beginning =
          "{\"agent\":\"%s\",\"checkpoint\":%d,\"at\":\"%s\",\"records\":%d,\"hash\":\"%s\",\"previous\":\"%s\",\"findings\":["
              .formatted(agent, i + 1, RecordKey.time(each.at()), count, hash, previous);
      if (!each.head().text().startsWith(beginning)) {
        faults.add("checkpoint " + (i + 1));
      }
      previous = sha(each.head().text());
      if (!root(each).equals(each.root()) || !isSigned(each)) {
        faults.add("signature " + (i + 1));
      }
    }
    return faults;
  }

  /** RFC 9162 §2.1.3.2. */
  private static String root(Checkpoint checkpoint) {
    long index = checkpoint.path().index();
    long last = checkpoint.path().size() - 1L;
    byte[] hash = Hash.bytes(new byte[] {0}, checkpoint.head().text().getBytes(UTF_8));
    for (String beside : checkpoint.path().hashes()) {
      byte[] other = HexFormat.of().parseHex(beside);
      if (index % 2 == 1 || index == last) {
        hash = Hash.bytes(new byte[] {1}, other, hash);
        while (index % 2 == 0 && index != 0) {
          index /= 2;
          last /= 2;
        }
      } else {
        hash = Hash.bytes(new byte[] {1}, hash, other);
      }
      index /= 2;
      last /= 2;
    }
    return last == 0 ? HexFormat.of().formatHex(hash) : "a path of another length";
  }

  private boolean isSigned(Checkpoint checkpoint) {
    return signed
        .computeIfAbsent(checkpoint.signed(), this::payload)
        .filter(payload -> payload.contains("\"root\":\"" + checkpoint.root() + "\""))
        .isPresent();
  }

  /** What a signature is over; empty where it is not one. */
  private Optional<String> payload(String jws) {
    try {
      JsonWebSignature read = new JsonWebSignature();
      read.setCompactSerialization(jws);
      read.setKey(
          new JsonWebKeySet(signer.publicKeys(deadline)).getJsonWebKeys().getFirst().getKey());
      return read.verifySignature() && "agent-vault-checkpoint+jws".equals(read.getHeader("typ"))
          ? Optional.of(read.getPayload())
          : Optional.empty();
    } catch (JoseException e) {
      return Optional.empty();
    }
  }

  private static String sha(String text) {
    return HexFormat.of().formatHex(Hash.bytes(text.getBytes(UTF_8)));
  }
}
