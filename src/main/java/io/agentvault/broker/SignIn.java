package io.agentvault.broker;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.identity.DepositToken;
import io.agentvault.identity.IdTokens;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import java.net.InetAddress;
import java.time.Clock;

/**
 * How humans sign in at the operators' issuer before they hand in a secret: authorization code with
 * PKCE, a public client, and a nonce that is bound to the deposit.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7636">RFC 7636</a>
 */
public final class SignIn {
  private final String clientId;
  private final Issuer issuer;
  private final IdTokens idTokens;

  SignIn(
      String clientId,
      String issuer,
      Upstream upstream,
      Places places,
      ObjectMapper json,
      Clock clock) {
    this.clientId = clientId;
    this.issuer = new Issuer(issuer, upstream, places, json, clock);
    this.idTokens = new IdTokens(issuer, clientId);
  }

  /**
   * Over the network, by the same guarded client as every use.
   *
   * @param clientId of the public client that the issuer knows the deployment by
   * @param issuer the {@code iss} of its tokens, at which its metadata is published
   * @param json reads what it answers
   */
  public static SignIn overNetwork(
      String clientId, String issuer, Places places, ObjectMapper json, Clock clock) {
    return new SignIn(
        clientId,
        issuer,
        new HttpUpstream(places, InetAddress::getAllByName, Uses.tls()),
        places,
        json,
        clock);
  }

  /**
   * Where a page sends the human.
   *
   * @param authorizationEndpoint the issuer's
   * @param clientId of the deployment
   */
  public record Offer(String authorizationEndpoint, String clientId) {}

  /**
   * Where a page sends the human.
   *
   * @throws io.agentvault.problem.Unavailable when the issuer does not say
   */
  public Offer offer(Deadline deadline) {
    return new Offer(issuer.metadata(deadline).authorizationEndpoint(), clientId);
  }

  /**
   * Who came back from the issuer with that code.
   *
   * @param code the authorization code
   * @param verifier whose hash the page sent ahead
   * @param page the page that the issuer sent the human back to
   * @param deposit for which the sign-in was
   * @throws BadRequest when the issuer does not take the code, or it was for something else
   * @throws io.agentvault.problem.Unavailable when the issuer does not answer
   */
  public String subject(
      String code, String verifier, String page, DepositToken deposit, Deadline deadline) {
    String idToken = issuer.exchange(new Issuer.Grant(code, verifier, page, clientId), deadline);
    try {
      return idTokens.subject(idToken, deposit, issuer.keys(deadline));
    } catch (Unauthorized e) {
      throw new BadRequest("code", "was not for signing in to this deposit");
    }
  }
}
