package io.agentvault.broker;

import io.agentvault.crypto.Randomness;
import io.agentvault.identity.Bearer;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.PayloadTooLarge;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.RoundTrips;
import io.agentvault.vault.AccessToken;
import io.agentvault.vault.AccessTokens;
import io.agentvault.vault.Allowed;
import io.agentvault.vault.HostPattern;
import io.agentvault.vault.Injection;
import io.agentvault.vault.Label;
import io.agentvault.vault.Usable;
import io.agentvault.vault.UsePolicy;
import io.agentvault.vault.Vault;
import io.agentvault.vault.Vaults;
import java.net.InetAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * Calls that the vault makes with a credential that their caller never sees: found, allowed,
 * recorded, the secret put in, called, the secret taken out, recorded.
 */
public final class Uses {
  /** Kept from the upstream's time, so that its slowness is on record too. */
  private static final Duration FOR_THE_OUTCOME = Duration.ofMillis(750);

  /** What the request log calls it. */
  private static final String UPSTREAM = "upstream";

  private final Vault vault;
  private final AccessTokens tokens;
  private final Places places;
  private final List<HostPattern> ceiling;
  private final Upstream upstream;
  private final Injector injector;
  private final Witness witness;

  Uses(
      Vault vault,
      AccessTokens tokens,
      Places places,
      List<HostPattern> ceiling,
      Upstream upstream,
      Injector injector,
      Witness witness) {
    this.vault = vault;
    this.tokens = tokens;
    this.places = places;
    this.ceiling = List.copyOf(ceiling);
    this.upstream = upstream;
    this.injector = injector;
    this.witness = witness;
  }

  /**
   * Uses over the network.
   *
   * @param ceiling the hosts that this deployment allows at most; empty for all
   */
  public static Uses overNetwork(
      Vaults vaults,
      Places places,
      List<HostPattern> ceiling,
      Randomness randomness,
      Clock clock,
      Witness witness) {
    Upstream upstream = new HttpUpstream(places, InetAddress::getAllByName, tls());
    return new Uses(
        vaults.vault(),
        vaults
            .accessTokens()
            .apply(new TokenRequests(upstream, places, ceiling, randomness, clock)),
        places,
        ceiling,
        upstream,
        new Injector(clock),
        witness);
  }

  static SSLContext tls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this platform speaks TLS", e);
    }
  }

  /**
   * Makes a call with the credential of a label, once.
   *
   * @throws Forbidden naming host, method or path, whichever the policy does not allow
   */
  public Used use(Bearer bearer, Label label, Call call, Deadline deadline) {
    if (call.body().length > Upstream.MOST_BODY_BYTES) {
      throw new PayloadTooLarge("body", "4 MiB");
    }
    Usable usable = vault.usable(bearer, label, deadline);
    Injection as = usable.policy().as().orElseThrow(Uses::usedNowhere);
    if (!Injector.managedHeaders(as).containsAll(call.keyHeaders())) {
      throw new BadRequest("headers", "must hold the vault key where the upstream's key stands");
    }
    Target target = target(call.place(), usable.policy());
    Attempt attempt =
        new Attempt(
            usable.act(), usable.credentialId(), call.method(), target.authority(), target.path());
    try {
      checkAllowed(usable.policy(), call.method(), target);
    } catch (Forbidden refusal) {
      witness.refused(attempt, refusal);
      throw refusal;
    }
    deadline.roundTrips().goTo(new RoundTrips.Upstream(target.authority(), entry(target)));
    Usable ready = ready(usable, attempt, deadline);
    Injected injected = injector.inject(as, ready::field, outgoing(call, target));
    witness.before(attempt);
    return scrubbed(answered(injected, attempt, deadline), injected, call);
  }

  /** With a token that lasts; one that can't be had is on record in place of the use. */
  private Usable ready(Usable usable, Attempt attempt, Deadline deadline) {
    try {
      return tokens.ready(usable, deadline);
    } catch (Unauthorized | Unavailable e) {
      throw e; // nobody was denied anything, nor is it known how it ends
    } catch (Problem problem) {
      witness.refused(attempt, problem);
      throw problem;
    }
  }

  /**
   * An access token of an OAUTH credential, for its caller to use.
   *
   * @throws Forbidden when the credential can be used and not read
   */
  public AccessToken token(Bearer bearer, Label label, Deadline deadline) {
    return tokens.token(bearer, label, deadline);
  }

  private Used answered(Injected injected, Attempt attempt, Deadline deadline) {
    try {
      Reply reply = timed(injected.call(), deadline);
      return new Used(reply, witness.answered(attempt, reply.status()));
    } catch (Problem problem) {
      witness.failed(attempt, problem);
      throw problem;
    }
  }

  private Reply timed(Outgoing call, Deadline deadline) {
    Instant begun = deadline.clock().instant();
    try {
      return upstream.call(call, deadline.less(FOR_THE_OUTCOME));
    } finally {
      Duration took = Duration.between(begun, deadline.clock().instant());
      deadline.roundTrips().count(UPSTREAM, took.isNegative() ? Duration.ZERO : took);
    }
  }

  private Target target(Call.Place place, UsePolicy policy) {
    Target target =
        switch (place) {
          case Call.Place.Url(String text) -> Target.parse(text);
          case Call.Place.FirstHost(String pathAndQuery) ->
              Target.parse(base(policy.allow().getFirst().host()) + pathAndQuery);
        };
    if (!target.isHttps() && !places.isLocal(target)) {
      throw new BadRequest("url", "must begin with https://");
    }
    return target;
  }

  private String base(HostPattern first) {
    if (first.wildcard()) {
      throw new BadRequest("label", "must name a credential whose policy's first host is one host");
    }
    boolean local = places.localUpstreams().contains(first.text());
    return (local ? "http://" : "https://") + first.text();
  }

  private void checkAllowed(UsePolicy policy, String method, Target target) {
    if (!ceiling.isEmpty() && ceiling.stream().noneMatch(each -> isAt(each, target))) {
      throw Forbidden.because("this deployment does not allow the host");
    }
    List<Allowed> hosts =
        policy.allow().stream().filter(each -> isAt(each.host(), target)).toList();
    if (hosts.isEmpty()) {
      throw Forbidden.because("the use policy does not allow the host");
    }
    List<Allowed> methods = hosts.stream().filter(each -> each.takesMethod(method)).toList();
    if (methods.isEmpty()) {
      throw Forbidden.because("the use policy does not allow the method on this host");
    }
    if (methods.stream().noneMatch(each -> each.takesPath(target.path()))) {
      throw Forbidden.because("the use policy does not allow the path on this host");
    }
  }

  /** Of the operator's list, which bounds how many names its metrics can have. */
  private Optional<String> entry(Target target) {
    return ceiling.stream().filter(each -> isAt(each, target)).map(HostPattern::text).findFirst();
  }

  private static boolean isAt(HostPattern pattern, Target target) {
    return pattern.matches(target.host(), target.port());
  }

  private static Forbidden usedNowhere() {
    return Forbidden.because("the credential has no use policy that allows a call");
  }

  private static Outgoing outgoing(Call call, Target target) {
    Set<String> ofTheHop = HeaderRules.namedByConnection(call.headers());
    return new Outgoing(
        call.method(),
        target,
        call.headers().stream()
            .filter(each -> each.isWellFormed() && HeaderRules.isSent(each.key()))
            .filter(each -> !ofTheHop.contains(each.key()))
            .toList(),
        call.body());
  }

  private static Used scrubbed(Used used, Injected injected, Call call) {
    List<String> secrets = new ArrayList<>(injected.secrets());
    secrets.add(call.presented());
    Scrubber scrubber = new Scrubber(secrets);
    Reply reply = used.reply();
    List<Header> headers =
        reply.headers().stream()
            .filter(each -> scrubber.scrub(each.name()).equals(each.name()))
            .map(each -> new Header(each.name(), scrubber.scrub(each.value())))
            .toList();
    return new Used(
        new Reply(reply.status(), headers, scrubber.scrub(reply.body())), used.recorded());
  }
}
