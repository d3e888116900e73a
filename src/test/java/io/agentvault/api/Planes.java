package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.broker.Places;
import io.agentvault.broker.Uses;
import io.agentvault.broker.Witness;
import io.agentvault.crypto.FakeSigner;
import io.agentvault.evidence.Checkpoints;
import io.agentvault.identity.OperatorKeySet;
import io.agentvault.identity.OperatorTokens;
import io.agentvault.identity.Tenancy;
import io.agentvault.identity.Tokens;
import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Both functions as a client sees them, over a world in memory, with the lines they log. */
final class Planes {
  private static final Tokens ISSUER = new Tokens();

  private static final Links LINKS = new Links(Optional.empty());
  private static final Protocol.Reply NO_MCP = new Protocol.Reply(500, Map.of(), Optional.empty());

  final World world = new World();
  final Tokens issuer = ISSUER;
  final List<String> lines = new ArrayList<>();
  final FakeSigner signer = new FakeSigner();
  final RequestLog log = new RequestLog(lines::add, false);
  final Endpoint vault = new Endpoint(new VaultApi(world.vaults, List.of()), log);
  final Endpoint identity =
      new Endpoint(
          new IdentityApi(
              () ->
                  Optional.of(
                      new OperatorTokens(
                          Tokens.RULES, OperatorKeySet.inline(ISSUER.jwks()), Clock.systemUTC())),
              world.identities,
              world.revocation,
              world.operatorDeposits,
              LINKS,
              Tenancy.SINGLE,
              world.evidence,
              Checkpoints.onDynamoDb(world.table, world.backoff, InMemoryTable.LOG, Json.MAPPER),
              List.of()),
          log);
  final Endpoint broker =
      new Endpoint(
          new BrokerApi(
              world.vaults,
              uses(),
              LINKS,
              (exchange, deadline) -> NO_MCP,
              new SigningKeys(Optional.of(signer), Optional.empty()),
              Optional.empty(),
              List.of()),
          log);

  /** What the function returns for an event. */
  ObjectNode invoke(Endpoint function, ObjectNode event) {
    return invoke(function, event.toString().getBytes(UTF_8), world.deadline());
  }

  ObjectNode invoke(Endpoint function, byte[] event, Deadline deadline) {
    try {
      return Events.parse(
          function.answer(new ByteArrayInputStream(event), "invocation-1", deadline));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ObjectNode direct(Endpoint function, String event) {
    return invoke(function, Events.json(event));
  }

  /** The body of an HTTP answer that has this status. */
  ObjectNode body(int status, ObjectNode response) {
    if (response.path("statusCode").asInt() != status) {
      throw new AssertionError("expected " + status + ": " + response);
    }
    return Events.parse(response.path("body").asText().getBytes(UTF_8));
  }

  /** The last line that was logged. */
  ObjectNode line() {
    return Events.parse(lines.getLast().getBytes(UTF_8));
  }

  Uses uses() {
    return Uses.overNetwork(
        world.vaults,
        new Places(List.of(), java.util.Set.of()),
        List.of(),
        world.randomness,
        world.clock,
        Witness.of(world.evidence.recorder()));
  }
}
