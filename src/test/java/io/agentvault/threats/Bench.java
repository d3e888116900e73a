package io.agentvault.threats;

import io.agentvault.local.faults.Call;
import java.util.Map;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One experiment's own identity, in a tenant of its own, so that experiments run side by side. */
final class Bench {
  static final String LABEL = "login";
  static final String LOGIN =
      "{\"type\":\"LOGIN\",\"data\":{\"username\":\"u\",\"password\":\"p\"}}";
  static final String OTHER_LOGIN =
      "{\"type\":\"LOGIN\",\"data\":{\"username\":\"u\",\"password\":\"p2\"}}";
  static final String SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
  static final String TOTP =
      "{\"type\":\"TOTP\",\"data\":{\"secret\":\""
          + SEED
          + "\",\"backupCodes\":[\"a1\",\"b2\",\"c3\",\"d4\"]}}";
  static final String HOTP =
      "{\"type\":\"TOTP\",\"data\":{\"otpauth\":\"otpauth://hotp/x?secret="
          + SEED
          + "&counter=5\"}}";

  final Gate gate;
  final Rows rows;
  final Agent agent;
  final String operator;

  /** A tenant without identities. */
  final String freshTenant = Gate.tenant();

  Bench(Gate gate) {
    this.gate = gate;
    this.rows = new Rows(gate);
    this.agent = gate.agent();
    this.operator = gate.operator(agent.tenant());
  }

  /** Tries again where a first start takes longer than the functions' time-out. */
  static Bench patiently(Gate gate) {
    for (int tries = 1; ; tries++) {
      try {
        return new Bench(gate);
      } catch (AssertionError e) {
        if (tries == 10) {
          throw e;
        }
      }
    }
  }

  Reply store(String body) {
    return gate.store(agent, LABEL, body);
  }

  Reply vault(String method, String path) {
    return gate.send(method, "/v0/vault" + path, agent.key(), "");
  }

  Reply platform(String method, String path, String body) {
    return gate.send(method, "/v0/platform/identities" + path, operator, body);
  }

  /** Whether a call is about this bench's identity or tenant. */
  Predicate<Call> mine(String function) {
    return call -> {
      if (!call.function().equals(function)) {
        return false;
      }
      String request = call.request().toString();
      return request.contains(agent.id())
          || request.contains(agent.tenant())
          || request.contains(freshTenant);
    };
  }

  Map<String, Map<String, AttributeValue>> state() {
    return rows.of(agent);
  }

  Map<String, AttributeValue> credential() {
    return rows.read(Rows.credential(agent, LABEL));
  }

  Map<String, AttributeValue> identity() {
    return rows.read(Rows.identity(agent));
  }

  boolean revision(String expected) {
    return Rows.number(credential(), "revision").equals(expected);
  }

  boolean identityRevision(String expected) {
    return Rows.number(identity(), "revision").equals(expected);
  }

  /** An identity item or a receipt, never both and never neither. */
  boolean isWholeOrGone() {
    return identity().isEmpty() != rows.read(Rows.receipt(agent)).isEmpty();
  }

  /** What the table's stream tells of this identity's removal. */
  String removal() {
    return "{\"Records\":[{\"eventName\":\"REMOVE\",\"dynamodb\":{\"SequenceNumber\":\"1\",\"Keys\":{"
        + "\"pk\":{\"S\":\""
        + agent.partition()
        + "\"},\"sk\":{\"S\":\"IDENTITY\"}}}}]}";
  }
}
