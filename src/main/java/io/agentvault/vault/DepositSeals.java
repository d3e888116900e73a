package io.agentvault.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentvault.crypto.DerivedKey;
import io.agentvault.crypto.Secret;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.Crockford;
import io.agentvault.identity.DepositToken;
import io.agentvault.vault.Deposit.Asker;
import io.agentvault.vault.Deposit.Maker;
import io.agentvault.vault.DepositTerms.Replaced;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * What an agent's deposits derive from its data key: token and code, so that asking again shows the
 * same link, and the MAC over what was asked.
 */
final class DepositSeals {
  private static final int CODE_BYTES = 5;

  private final AgentId agent;
  private final Secret dataKey;

  DepositSeals(AgentId agent, Secret dataKey) {
    this.agent = agent;
    this.dataKey = dataKey;
  }

  /** The token of the agent's own deposit. */
  DepositToken token(String depositId) {
    return DepositToken.of(agent, depositId, derived("deposit token 1", depositId));
  }

  /** Its code: 8 characters, which the token alone does not tell. */
  String code(String depositId) {
    return code(Arrays.copyOf(derived("deposit code 1", depositId), CODE_BYTES));
  }

  /** 40 bits as a human types them. */
  static String code(byte[] bytes) {
    return Crockford.encode(bytes).toUpperCase(Locale.ROOT);
  }

  private byte[] derived(String purpose, String depositId) {
    return DerivedKey.mac(dataKey, purpose, depositId.getBytes(UTF_8));
  }

  /** The deposit of the agent's own asking. */
  Deposit.Pending pending(
      String depositId, DepositTerms terms, Instant expiresAt, Optional<Asker> asker) {
    DepositToken token = token(depositId);
    byte[] hash = token.hash();
    byte[] code = token.proofOf(code(depositId));
    return new Deposit.Pending(
        depositId,
        hash,
        expiresAt,
        terms,
        code,
        new Maker.OfAgent(mac(depositId, hash, code, terms, expiresAt, asker), asker),
        0);
  }

  /** Whether what is stored is what its maker asked for; of an operator's, only the table says. */
  boolean vouchFor(Deposit.Pending deposit) {
    return switch (deposit.maker()) {
      case Maker.OfOperator operator -> true;
      case Maker.OfAgent(byte[] mac, Optional<Asker> asker) ->
          MessageDigest.isEqual(
              mac,
              mac(
                  deposit.id(),
                  deposit.tokenHash(),
                  deposit.codeProof(),
                  deposit.terms(),
                  deposit.expiresAt(),
                  asker));
    };
  }

  /** What says who signed in. */
  SignInTickets tickets() {
    return new SignInTickets(dataKey);
  }

  /** What vouches for a text of others, such as a protocol's state. */
  String vouch(String text) {
    return HexFormat.of().formatHex(DerivedKey.mac(dataKey, "vouch 1", text.getBytes(UTF_8)));
  }

  private byte[] mac(
      String id,
      byte[] tokenHash,
      byte[] code,
      DepositTerms terms,
      Instant expiresAt,
      Optional<Asker> asker) {
    StringBuilder text = new StringBuilder();
    append(text, id);
    append(text, HexFormat.of().formatHex(tokenHash));
    append(text, HexFormat.of().formatHex(code));
    append(text, terms.label().text());
    append(text, terms.type().name());
    append(text, terms.reason().orElse(""));
    append(text, DepositItem.written(terms.use()));
    append(text, terms.replaces().map(Replaced::toString).orElse(""));
    append(text, expiresAt.toString());
    asker.ifPresent(each -> append(text, DepositItem.written(each)));
    return DerivedKey.mac(dataKey, "deposit terms 1", text.toString().getBytes(UTF_8));
  }

  /** Behind its length, so that no two deposits read alike. */
  private static void append(StringBuilder text, String part) {
    text.append(part.length()).append(':').append(part);
  }
}
