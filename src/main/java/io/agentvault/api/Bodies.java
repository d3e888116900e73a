package io.agentvault.api;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.evidence.Uses;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Identity;
import io.agentvault.identity.IdentityItem.Summary;
import io.agentvault.identity.Receipt;
import io.agentvault.identity.Scope;
import io.agentvault.problem.Problem;
import io.agentvault.remote.Times;
import io.agentvault.vault.Credential;
import io.agentvault.vault.Data;
import io.agentvault.vault.Listed;
import io.agentvault.vault.Listed.Damaged;
import io.agentvault.vault.OneTimeCodes.BackupCode;
import io.agentvault.vault.OneTimeCodes.Code;
import io.agentvault.vault.OneTimeCodes.Period;
import io.agentvault.vault.UsePolicyCodec;
import io.agentvault.vault.Vault;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The bodies of the wire contract; what is absent is null, not missing. */
final class Bodies {
  private static final List<String> METADATA =
      List.of(
          "credentialId",
          "type",
          "name",
          "metadata",
          "hasTotp",
          "expiresAt",
          "lastUsedAt",
          "usageCount",
          "lastRotatedAt",
          "createdAt",
          "updatedAt",
          "revision",
          "use");

  private Bodies() {}

  static ObjectNode object() {
    return Json.MAPPER.createObjectNode();
  }

  static ObjectNode listed(Listed listed) {
    return switch (listed) {
      case Credential credential -> metadata(credential);
      case Damaged damaged -> damaged(damaged);
    };
  }

  /** By name only: nothing else of it is to be believed. */
  private static ObjectNode damaged(Damaged damaged) {
    ObjectNode body = object();
    METADATA.forEach(body::putNull);
    body.put("name", damaged.label().text());
    body.put("hasTotp", false);
    body.put("damaged", true);
    return body;
  }

  static ObjectNode metadata(Credential credential) {
    ObjectNode body = object();
    body.put("credentialId", credential.credentialId());
    body.put("type", credential.type().name());
    body.put("name", credential.label().text());
    body.set("metadata", credential.metadata().map(Data::expose).orElse(null));
    body.put("hasTotp", credential.hasTotp());
    body.put("expiresAt", time(credential.expiresAt()));
    body.put("lastUsedAt", time(credential.lastUsedAt()));
    body.put("usageCount", credential.usageCount());
    body.put("lastRotatedAt", time(credential.rotatedAt()));
    body.put("createdAt", time(credential.createdAt()));
    body.put("updatedAt", time(credential.updatedAt()));
    body.put("revision", credential.revision());
    body.set("use", credential.use().map(UsePolicyCodec::write).orElse(null));
    return body;
  }

  static ObjectNode credential(Credential credential) {
    ObjectNode body = metadata(credential);
    body.set("data", credential.data().expose());
    return body;
  }

  static ObjectNode code(Code code) {
    Optional<Period> period = code.period();
    ObjectNode body = object();
    body.put("code", code.code());
    body.put("remaining", period.map(Period::remainingSeconds).orElse(null));
    body.put("backupCodesRemaining", code.backupCodesRemaining());
    body.put("period", period.map(Period::seconds).orElse(null));
    body.put("digits", code.digits());
    body.put("algorithm", code.algorithm());
    body.put("generatedAt", time(code.generatedAt()));
    body.put("expiresAt", time(period.map(Period::expiresAt)));
    body.put("validFrom", time(code.validFrom()));
    return body;
  }

  static ObjectNode backupCode(BackupCode code) {
    return object().put("code", code.code()).put("remaining", code.remaining());
  }

  static ObjectNode whoami(Vault.Self self) {
    Agent agent = self.agent();
    Identity identity = agent.identity();
    ObjectNode body = summary(Summary.of(identity));
    body.remove(List.of("apiKeyPrefix", "usageCount"));
    body.put("lastUsedAt", time(self.lastUsedAt()));
    body.put("displayName", name(identity.id(), identity.name()));
    TokenFields.limits(body, agent);
    return body;
  }

  /** An identity as its operator sees it; for its agent, see {@link #whoami}. */
  static ObjectNode summary(Summary identity) {
    ObjectNode body = object();
    body.put("identityId", identity.id().text());
    body.put("name", name(identity.id(), identity.name()));
    body.put("type", "AGENT");
    body.put("purpose", "BUYER");
    body.putNull("email");
    body.set("scopes", scopes(identity.scopes()));
    body.put("apiKeyPrefix", AgentKey.prefix(identity.id()));
    body.putNull("lastUsedAt");
    body.putNull("usageCount");
    body.put("createdAt", time(identity.createdAt()));
    return body;
  }

  /** One identity, as its operator asks for it, with what was counted of its records. */
  static ObjectNode identity(Identity identity, Optional<Uses> total) {
    ObjectNode body = summary(Summary.of(identity));
    body.put("lastUsedAt", time(total.flatMap(Uses::lastUsedAt)));
    body.put("usageCount", total.map(Uses::count).orElse(0L));
    ArrayNode depositors = body.putArray("depositors");
    identity.depositors().forEach(depositors::add);
    return body;
  }

  static ObjectNode created(Identity identity, AgentKey key) {
    ObjectNode body = summary(Summary.of(identity));
    body.remove(List.of("email", "lastUsedAt", "usageCount"));
    body.putNull("emailAddress");
    body.put("rawKey", text(key));
    return body;
  }

  /** What clients call an identity; they need a name even where nobody gave one. */
  private static String name(AgentId id, Optional<String> given) {
    return given.orElseGet(() -> "agent-" + id.text().substring(0, 8));
  }

  static ObjectNode updated(Identity identity) {
    ObjectNode body = object();
    body.put("identityId", identity.id().text());
    body.put("name", name(identity.id(), identity.name()));
    body.set("scopes", scopes(identity.scopes()));
    return body;
  }

  /** The one place where an agent key is written out. */
  static String text(AgentKey key) {
    return new String(key.text().expose(), US_ASCII);
  }

  static ObjectNode receipt(Receipt receipt) {
    ObjectNode body = object();
    body.put("identityId", receipt.id().text());
    body.put("revokedAt", time(receipt.revokedAt()));
    body.put("keyDestroyed", true);
    if (receipt.credentialsDestroyed().isPresent()) {
      body.put("credentialsDestroyed", receipt.credentialsDestroyed().getAsLong());
    } else {
      body.putNull("credentialsDestroyed");
    }
    body.put("complete", receipt.complete());
    body.put("recoverableUntil", time(receipt.recoverableUntil()));
    body.put("accessTokensValidUntil", time(receipt.sweep().accessTokensValidUntil()));
    body.put("signed", receipt.signed().orElse(null));
    return body;
  }

  static ObjectNode error(Problem problem, String requestId) {
    ObjectNode body = object();
    body.put("error", problem.code());
    body.put("message", problem.getMessage());
    body.put("status", problem.status());
    body.put("requestId", requestId);
    return body;
  }

  static ArrayNode scopes(Set<Scope> scopes) {
    ArrayNode array = Json.MAPPER.createArrayNode();
    Scope.texts(scopes).forEach(array::add);
    return array;
  }

  static String time(Instant instant) {
    return Times.text(instant);
  }

  static @Nullable String time(Optional<Instant> instant) {
    return instant.map(Bodies::time).orElse(null);
  }
}
