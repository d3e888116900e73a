package io.agentvault.vault;

import io.agentvault.evidence.Act;
import java.util.Optional;

/**
 * A credential that may be used, opened for one call. Its fields are secrets, and no call of ours
 * answers them.
 */
public final class Usable {
  private static final String ACCESS_TOKEN = "accessToken";

  private final Entered entered;
  private final UsePolicy policy;
  private final Content content;
  private final Optional<AccessToken> accessToken;

  /** One whose token, where the vault gets it, was not looked at yet. */
  Usable(Entered entered, UsePolicy policy, Content content) {
    this(entered, policy, content, Optional.empty());
  }

  private Usable(
      Entered entered, UsePolicy policy, Content content, Optional<AccessToken> accessToken) {
    this.entered = entered;
    this.policy = policy;
    this.content = content;
    this.accessToken = accessToken;
  }

  /** Who uses it, proven; for the record. */
  public Act act() {
    return entered.act();
  }

  /** Which credential stands at the label. */
  public String credentialId() {
    return entered.found().credentialId();
  }

  Entered entered() {
    return entered;
  }

  /** What gets the token that is put in, where one that the vault renews is. */
  Optional<TokenGrant> grant() {
    boolean wanted = policy.as().filter(as -> as.fields().contains(ACCESS_TOKEN)).isPresent();
    return wanted ? TokenGrant.of(content) : Optional.empty();
  }

  /** Whether the token that is put in is still to be had. */
  boolean lacksToken() {
    return accessToken.isEmpty() && grant().isPresent();
  }

  /** With the token that the vault got. */
  Usable with(AccessToken token) {
    return new Usable(entered, policy, content, Optional.of(token));
  }

  /** Where it may be used; one entry at least. */
  public UsePolicy policy() {
    return policy;
  }

  /** A field's text: of the data, else of the metadata. */
  public Optional<String> field(String name) {
    if (name.equals(ACCESS_TOKEN) && accessToken.isPresent()) {
      return accessToken.map(AccessToken::text);
    }
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
