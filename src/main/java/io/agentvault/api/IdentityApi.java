package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.evidence.Checkpoints;
import io.agentvault.evidence.Evidence;
import io.agentvault.evidence.Uses;
import io.agentvault.evidence.Wanted;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Caller.Operator;
import io.agentvault.identity.Identities;
import io.agentvault.identity.Identity;
import io.agentvault.identity.IdentityStore;
import io.agentvault.identity.OperatorTokens;
import io.agentvault.identity.Revocation;
import io.agentvault.identity.Scope;
import io.agentvault.identity.Tenancy;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Deposits;
import io.agentvault.vault.HostPattern;
import io.agentvault.vault.OperatorDeposits;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The control plane's calls: what an operator does with identities. */
public final class IdentityApi implements Calls {
  private static final int MAXIMUM_PAGE = 1_000;
  private static final int MAXIMUM_SCOPES = 64;
  private static final int LONGEST_NAME = 128;
  private static final int MAXIMUM_DEPOSITORS = 64;
  private static final Pattern SUBJECT = Pattern.compile("[ -~]{1,255}");

  private final Supplier<Optional<OperatorTokens>> tokens;
  private final Identities identities;
  private final Revocation revocation;
  private final OperatorDeposits deposits;
  private final Links links;
  private final Tenancy tenancy;
  private final Checkpoints checkpoints;
  private final Evidence evidence;
  private final List<HostPattern> ceiling;

  /**
   * @param tokens asked for at the first call over HTTP; empty where no issuer is trusted, so that
   *     there is no operator but whom IAM lets in
   * @param links where humans reach this deployment
   * @param tenancy whether a direct invocation may leave out the tenant
   * @param evidence where records are read
   * @param checkpoints of the agents' records
   * @param ceiling the hosts that a use policy may name at most; empty for all
   */
  public IdentityApi(
      Supplier<Optional<OperatorTokens>> tokens,
      Identities identities,
      Revocation revocation,
      OperatorDeposits deposits,
      Links links,
      Tenancy tenancy,
      Evidence evidence,
      Checkpoints checkpoints,
      List<HostPattern> ceiling) {
    this.ceiling = List.copyOf(ceiling);
    this.checkpoints = checkpoints;
    this.tenancy = tenancy;
    this.evidence = evidence;
    this.deposits = deposits;
    this.links = links;
    this.tokens = tokens;
    this.identities = identities;
    this.revocation = revocation;
  }

  @Override
  public Route.Plane plane() {
    return Route.Plane.IDENTITY;
  }

  @Override
  public Answer answer(Request request, Deadline deadline) {
    Operator operator = operator(request);
    return switch (request.route()) {
      case CREATE_IDENTITY -> create(operator, request, deadline);
      case LIST_IDENTITIES -> list(operator, request, deadline);
      case GET_IDENTITY -> get(operator, id(request), deadline);
      case LOGS_OF -> logs(operator, id(request), request, deadline);
      case UPDATE_IDENTITY -> update(operator, request, deadline);
      case ROTATE_KEY -> rotateKey(operator, request, deadline);
      case REVOKE_IDENTITY ->
          Answer.ok(Bodies.receipt(revocation.revoke(operator, id(request), deadline)));
      case REQUEST_DEPOSIT_FOR -> requestDeposit(operator, request, deadline);
      case LIST_DEPOSITS_FOR ->
          Answer.ok(DepositFields.list(deposits.list(operator, id(request), deadline)));
      case WITHDRAW_DEPOSIT_FOR -> {
        String depositId = DepositFields.id(request);
        deposits.withdraw(operator, id(request), depositId, deadline);
        yield Answer.ok(DepositFields.withdrawn(depositId));
      }
      case LIST_CHECKPOINTS -> checkpoints(operator, request, deadline);
      default -> throw Calls.ofAnotherFunction();
    };
  }

  /** Of revoked identities too: what is proved outlives what it is about. */
  private Answer checkpoints(Operator operator, Request request, Deadline deadline) {
    AgentId id = id(request);
    int limit = CheckpointFields.limit(request);
    Optional<String> after = request.text("pageToken").map(PageToken::checkpoint);
    identities.requireKnown(operator, id, deadline);
    return Answer.ok(CheckpointFields.page(checkpoints.page(id.text(), limit, after, deadline)));
  }

  /**
   * Over HTTP the token says who it is; directly, IAM let the caller in and it says which tenant.
   */
  private Operator operator(Request request) {
    return request.isDirect()
        ? OperatorTokens.trusted(tenant(request))
        : tokens
            .get()
            .orElseThrow(Unauthorized::new)
            .verify(request.bearer().or(() -> aside(request)).orElseThrow(Unauthorized::new));
  }

  private String tenant(Request request) {
    return request
        .text("tenant")
        .or(tenancy::unnamed)
        .orElseThrow(() -> new BadRequest("tenant", "must be given: several share this vault"));
  }

  /** Where IAM guards the way in, {@code Authorization} holds AWS's signature. */
  private static Optional<String> aside(Request request) {
    return request.http().flatMap(http -> http.header("x-operator-token"));
  }

  private Answer create(Operator operator, Request request, Deadline deadline) {
    Fields fields = request.optionalFields();
    Identities.Created created =
        identities.create(
            operator,
            name(fields),
            fields
                .texts("scopes", MAXIMUM_SCOPES)
                .map(Scope::known)
                .orElse(EnumSet.allOf(Scope.class)),
            depositors(fields),
            deadline);
    return Answer.created(Bodies.created(created.identity(), created.key()));
  }

  private Answer get(Operator operator, AgentId id, Deadline deadline) {
    Identity identity = identities.get(operator, id, deadline);
    Optional<Uses> total = evidence.counts().total(id.text(), deadline);
    return Answer.ok(Bodies.identity(identity, total));
  }

  /** Of revoked identities too: records outlive what they are about. */
  private Answer logs(Operator operator, AgentId id, Request request, Deadline deadline) {
    Wanted wanted = LogFields.wanted(request);
    int limit = LogFields.limit(request);
    Optional<String> after = LogFields.after(request);
    identities.requireKnown(operator, id, deadline);
    return Answer.ok(
        LogFields.page(
            evidence.log().page(id.text(), wanted, entry -> true, limit, after, deadline)));
  }

  private Answer list(Operator operator, Request request, Deadline deadline) {
    IdentityStore.Page page =
        identities.list(
            operator,
            request.integer("limit", 1, MAXIMUM_PAGE, MAXIMUM_PAGE),
            request.text("pageToken").map(PageToken::position),
            deadline);
    ObjectNode body = Bodies.object();
    ArrayNode array = body.putArray("identities");
    page.identities().forEach(identity -> array.add(Bodies.summary(identity)));
    body.put("count", array.size());
    page.next().ifPresent(position -> body.put("nextPageToken", PageToken.of(position)));
    return Answer.ok(body);
  }

  private Answer update(Operator operator, Request request, Deadline deadline) {
    Fields fields = request.fields();
    Optional<Optional<String>> name =
        fields.mentions("name") ? Optional.of(name(fields)) : Optional.empty();
    Identities.Change change =
        new Identities.Change(
            name,
            scopes(fields, "addScopes"),
            scopes(fields, "removeScopes"),
            fields.mentions("depositors") ? Optional.of(depositors(fields)) : Optional.empty());
    return Answer.ok(Bodies.updated(identities.update(operator, id(request), change, deadline)));
  }

  private Answer requestDeposit(Operator operator, Request request, Deadline deadline) {
    AgentId id = id(request);
    Deposits.Wish wish = DepositFields.wish(request.fields(), ceiling);
    String page = links.depositPage(request);
    return Answer.created(DepositFields.asked(deposits.ask(operator, id, wish, deadline), page));
  }

  private Answer rotateKey(Operator operator, Request request, Deadline deadline) {
    AgentId id = id(request);
    int grace =
        request.optionalFields().integer("graceSeconds", 0, Identities.MAXIMUM_GRACE_SECONDS, 0);
    Identities.Rotated rotated =
        identities.rotateKey(operator, id, Duration.ofSeconds(grace), deadline);
    ObjectNode body = Bodies.object();
    body.put("identityId", id.text());
    body.put("rawKey", Bodies.text(rotated.key()));
    body.put("apiKeyPrefix", AgentKey.prefix(id));
    body.put("previousKeyValidUntil", Bodies.time(rotated.previousUntil()));
    return Answer.ok(body);
  }

  private static AgentId id(Request request) {
    return AgentId.named(
        request.target().orElseThrow(() -> new BadRequest("identityId", "must be given")));
  }

  private static Optional<String> name(Fields fields) {
    Optional<String> name = fields.text("name");
    if (name.filter(text -> !isName(text)).isPresent()) {
      throw new BadRequest(
          "name", "must be 1 to " + LONGEST_NAME + " characters, none of them a control character");
    }
    return name;
  }

  private static boolean isName(String text) {
    return !text.isBlank()
        && text.codePointCount(0, text.length()) <= LONGEST_NAME
        && text.codePoints().noneMatch(Character::isISOControl);
  }

  /** Subjects as an issuer writes them: OpenID Connect allows 255 ASCII characters. */
  private static List<String> depositors(Fields fields) {
    List<String> depositors = fields.texts("depositors", MAXIMUM_DEPOSITORS).orElse(List.of());
    if (!depositors.stream().allMatch(each -> SUBJECT.matcher(each).matches())) {
      throw new BadRequest("depositors", "must be subjects of 1 to 255 printable ASCII characters");
    }
    return depositors.stream().distinct().toList();
  }

  private static Set<Scope> scopes(Fields fields, String name) {
    return Scope.known(fields.texts(name, MAXIMUM_SCOPES).orElse(List.of()));
  }
}
