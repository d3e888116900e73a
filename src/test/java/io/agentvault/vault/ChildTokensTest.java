package io.agentvault.vault;

import static io.agentvault.vault.Contents.SEED;
import static io.agentvault.vault.Contents.custom;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.DataKeys;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.ChildToken;
import io.agentvault.identity.ChildTokens;
import io.agentvault.identity.Identities;
import io.agentvault.identity.LabelPattern;
import io.agentvault.identity.Scope;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Attributes;
import io.agentvault.vault.Precondition.None;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a child token may do, from its making to its end, on the whole data plane. */
class ChildTokensTest {
  private static final String BASE64URL =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final Set<Scope> ALL = EnumSet.allOf(Scope.class);

  private final World world = new World();
  private final AgentKey key = world.agent();

  private ChildTokens.Made made(Bearer maker, String labels, Set<Scope> scopes, int seconds) {
    return world
        .vault()
        .createToken(
            maker,
            new ChildTokens.Wish(
                Optional.of(List.of(labels.split(" ")).stream().map(LabelPattern::parse).toList()),
                Optional.of(scopes),
                Optional.of(Duration.ofSeconds(seconds))),
            world.deadline());
  }

  private ChildToken token(Bearer maker, String labels) {
    return made(maker, labels, ALL, 600).token();
  }

  private ChildTokens.Made unchanged(Bearer maker) {
    return world
        .vault()
        .createToken(
            maker,
            new ChildTokens.Wish(Optional.empty(), Optional.empty(), Optional.empty()),
            world.deadline());
  }

  private void store(Bearer bearer, String label) {
    Content content = custom("{'k':'v','totp':'" + SEED + "','backupCodes':['a','b']}");
    world.vault().store(bearer, Label.parse(label), content, new None(), world.deadline());
  }

  private static String text(ChildToken token) {
    return new String(token.text().expose(), US_ASCII);
  }

  private void assertUnauthorized(Bearer bearer) {
    assertThatThrownBy(() -> world.vault().get(bearer, Label.parse("a"), world.deadline()))
        .isExactlyInstanceOf(Unauthorized.class)
        .hasMessage(Unauthorized.MESSAGE);
  }

  /** Every call on one label, and the scopes any of which it needs. */
  private Map<Consumer<Bearer>, Set<Scope>> calls(String label) {
    Label on = Label.parse(label);
    Map<Consumer<Bearer>, Set<Scope>> calls = new HashMap<>();
    calls.put(b -> world.vault().get(b, on, world.deadline()), Set.of(Scope.VAULT_READ));
    calls.put(b -> store(b, label), Set.of(Scope.VAULT_WRITE));
    calls.put(
        b -> world.vault().delete(b, on, new None(), world.deadline()), Set.of(Scope.VAULT_WRITE));
    calls.put(
        b ->
            world
                .codes()
                .code(b, on, new OneTimeCodes.Wish(0, false, false, false), world.deadline()),
        Set.of(Scope.VAULT_TOTP, Scope.VAULT_READ, Scope.VAULT_USE));
    calls.put(b -> world.codes().useBackupCode(b, on, world.deadline()), Set.of(Scope.VAULT_WRITE));
    calls.put(
        b -> world.vault().usable(b, on, world.deadline()),
        Set.of(Scope.VAULT_USE, Scope.VAULT_READ));
    calls.put(
        b -> world.vaults.deposits().ask(b, wish(label), world.deadline()),
        Set.of(Scope.VAULT_USE, Scope.VAULT_WRITE));
    return calls;
  }

  private static Deposits.Wish wish(String label) {
    return new Deposits.Wish(
        Label.parse(label),
        Optional.of(CredentialType.TOTP),
        Optional.empty(),
        Optional.empty(),
        false,
        Duration.ofMinutes(15));
  }

  /** What a token of the model may do: the limits of all on the way to it, one by one. */
  private record Model(Bearer bearer, Set<Scope> scopes, List<List<String>> labels, Instant until) {
    boolean covers(String label) {
      return labels.stream().allMatch(each -> each.stream().anyMatch(p -> isIn(label, p)));
    }

    private static boolean isIn(String label, String pattern) {
      return pattern.endsWith("*")
          ? label.startsWith(pattern.substring(0, pattern.length() - 1))
          : label.equals(pattern);
    }
  }

  private static final List<String> LABELS = List.of("a", "ab", "abc", "b", "ba", "c");
  private static final List<String> PATTERNS =
      List.of("*", "a*", "ab*", "a", "ab", "abc", "b*", "b", "ba", "c");

  @Test
  void whatATokenMayDoIsTheIntersectionOfAllLimitsOnItsWay() {
    Random random = new Random(18);
    int allowed = 0;
    int refused = 0;
    int tooMuch = 0;
    for (int tree = 0; tree < 40; tree++) {
      List<Model> nodes = new ArrayList<>();
      nodes.add(new Model(key, ALL, List.of(List.of("*")), Instant.MAX));
      for (int i = 0; i < 12; i++) {
        Model maker = nodes.get(random.nextInt(nodes.size()));
        Optional<Model> next = random(maker, random);
        next.ifPresent(nodes::add);
        tooMuch += next.isEmpty() ? 1 : 0;
      }
      world.clock.advance(Duration.ofSeconds(random.nextInt(90)));
      for (Model node : nodes) {
        String label = LABELS.get(random.nextInt(LABELS.size()));
        for (Map.Entry<Consumer<Bearer>, Set<Scope>> call : calls(label).entrySet()) {
          boolean mayBe =
              world.clock.instant().isBefore(node.until())
                  && node.covers(label)
                  && call.getValue().stream().anyMatch(node.scopes()::contains);
          assertThat(isAllowed(call.getKey(), node.bearer())).isEqualTo(mayBe);
          allowed += mayBe ? 1 : 0;
          refused += mayBe ? 0 : 1;
        }
        assertListing(node);
      }
    }
    assertThat(List.of(allowed, refused, tooMuch)).allMatch(count -> count > 50);
  }

  /** A child with random limits; empty where they were more than its maker's, and refused. */
  private Optional<Model> random(Model maker, Random random) {
    List<String> labels = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      labels.add(PATTERNS.get(random.nextInt(PATTERNS.size())));
    }
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    ALL.stream().filter(scope -> random.nextInt(4) > 0).forEach(scopes::add);
    int seconds = 1 + random.nextInt(200);
    Instant until = world.clock.instant().plusSeconds(seconds);
    boolean within =
        maker.scopes().containsAll(scopes)
            && !until.isAfter(maker.until())
            && labels.stream().allMatch(each -> isWithin(each, maker.labels().getLast()));
    try {
      Bearer token = made(maker.bearer(), String.join(" ", labels), scopes, seconds).token();
      assertThat(within).as("%s of %s", labels, maker).isTrue();
      List<List<String>> path = new ArrayList<>(maker.labels());
      path.add(labels);
      return Optional.of(new Model(token, scopes, path, until));
    } catch (Forbidden e) {
      assertThat(within).as("%s of %s", labels, maker).isFalse();
      return Optional.empty();
    }
  }

  /** By what strings it stands for: all of up to four letters. */
  private static boolean isWithin(String pattern, List<String> outer) {
    return outer.stream()
        .anyMatch(
            each ->
                pattern.equals(each)
                    || (each.endsWith("*")
                        && pattern.startsWith(each.substring(0, each.length() - 1))));
  }

  private boolean isAllowed(Consumer<Bearer> call, Bearer bearer) {
    store(key, "a"); // so that what is refused is refused for its limits
    try {
      call.accept(bearer);
      return true;
    } catch (Unauthorized e) {
      return false;
    } catch (Forbidden e) {
      return String.valueOf(e.getMessage()).contains("use policy");
    } catch (Problem e) {
      return true; // a missing credential, a full list of deposits: past every limit
    }
  }

  private void assertListing(Model node) {
    if (!world.clock.instant().isBefore(node.until())
        || node.scopes().stream().noneMatch(Set.of(Scope.VAULT_READ, Scope.VAULT_USE)::contains)) {
      return;
    }
    List<String> all = labels(key);
    assertThat(labels(node.bearer())).isEqualTo(all.stream().filter(node::covers).toList());
  }

  private List<String> labels(Bearer bearer) {
    List<String> labels = new ArrayList<>();
    Optional<Label> after = Optional.empty();
    do {
      Vault.Listing page = world.vault().list(bearer, 2, after, world.deadline());
      page.credentials().forEach(each -> labels.add(each.label().text()));
      after = page.next();
    } while (after.isPresent());
    return labels;
  }

  @Test
  void aListingShowsWhatIsWithinOnEveryPageSizeAndNeverWhereOthersAre() {
    List.of("a", "aws-1", "aws-2", "b", "c", "github").forEach(label -> store(key, label));
    for (int pageSize = 1; pageSize < 8; pageSize++) {
      world.table.pageSize(pageSize);
      assertThat(labels(token(key, "aws-* github"))).containsExactly("aws-1", "aws-2", "github");
      assertThat(labels(token(key, "aws-*"))).containsExactly("aws-1", "aws-2");
      assertThat(labels(token(key, "zzz"))).isEmpty();
      assertThat(labels(token(key, "x-* zzz"))).as("of no common beginning").isEmpty();
    }
    for (String after : List.of("a", "aws-1", "b")) {
      Optional<Label> behind = Optional.of(Label.parse(after));
      assertThat(world.vault().list(token(key, "aws-2"), 9, behind, world.deadline()).credentials())
          .hasSize(after.equals("b") ? 0 : 1);
    }
  }

  @Test
  void whatIsOutsideIsForbiddenWhetherThereOrNot() {
    store(key, "there");
    for (String label : List.of("there", "not-there")) {
      assertThatThrownBy(
              () -> world.vault().get(token(key, "github"), Label.parse(label), world.deadline()))
          .isExactlyInstanceOf(Forbidden.class)
          .hasMessage("the token is not for this label");
    }
  }

  @Test
  void everyFlippedBitAndEveryCutIsUnauthorized() {
    store(key, "a");
    String text = text(token(token(key, "a*"), "a"));
    world.vault().get(Bearer.parse(text), Label.parse("a"), world.deadline());
    for (int i = 0; i < text.length(); i++) {
      String cut = text.substring(0, i);
      assertThatThrownBy(() -> Bearer.parse(cut)).isExactlyInstanceOf(Unauthorized.class);
      for (int bit = 0; bit < 6; bit++) {
        int at = BASE64URL.indexOf(text.charAt(i));
        char flipped = at < 0 ? '~' : BASE64URL.charAt(at ^ 1 << bit);
        String changed = text.substring(0, i) + flipped + text.substring(i + 1);
        assertThatThrownBy(
                () -> world.vault().get(Bearer.parse(changed), Label.parse("a"), world.deadline()))
            .as("character %d, bit %d", i, bit)
            .isExactlyInstanceOf(Unauthorized.class)
            .hasMessage(Unauthorized.MESSAGE);
      }
    }
  }

  @Test
  void aTokenOpensNoVaultButThatOfItsAgent() {
    store(key, "a");
    AgentKey other = world.agent();
    store(other, "a");
    String ours = text(token(key, "a"));
    String theirs = text(token(other, "a"));

    assertUnauthorized(Bearer.parse(theirs.substring(0, 31) + ours.substring(31)));
    assertUnauthorized(Bearer.parse(ours.substring(0, 31) + theirs.substring(31)));
  }

  @Test
  void underTheWrappedKeyOfAnotherIdentityNoTokenIsVouchedFor() {
    store(key, "a");
    ChildToken token = token(key, "a");
    AttributeValue foreign = identity(world.agent()).get("wrappedDataKey");
    change(key, item -> item.put("wrappedDataKey", foreign));

    assertUnauthorized(token);
  }

  private Map<String, AttributeValue> identity(AgentKey of) {
    return world.partition(of.claimedId()).stream()
        .filter(item -> "IDENTITY".equals(Attributes.of(item).text("sk", "item")))
        .findFirst()
        .orElseThrow();
  }

  private void change(AgentKey of, Consumer<Map<String, AttributeValue>> change) {
    Map<String, AttributeValue> item = new HashMap<>(identity(of));
    change.accept(item);
    world.table.plant(item);
  }

  @Test
  void aTokenWorksUntilTheInstantItExpires() {
    store(key, "a");
    ChildToken token = made(key, "a", ALL, 10).token();
    world.clock.advance(Duration.ofSeconds(10).minusNanos(1));
    world.vault().get(token, Label.parse("a"), world.deadline());

    world.clock.advance(Duration.ofNanos(1));
    assertUnauthorized(token);
  }

  @Test
  void aRotationEndsTheTokensOfTheKeyAndRotatingBackInCountDoesNotBringThemBack() {
    store(key, "a");
    ChildToken token = token(key, "a");
    AgentKey next = rotate(Duration.ZERO).key();
    assertUnauthorized(token);
    world.vault().get(token(next, "a"), Label.parse("a"), world.deadline());

    // as after a restore, or a rotation by code that doesn't count
    change(key, item -> item.put("keyGeneration", AttributeValue.fromN("0")));
    assertUnauthorized(token);
    change(key, item -> item.remove("keyGeneration"));
    assertUnauthorized(token);
    world.vault().get(token(next, "a"), Label.parse("a"), world.deadline());
  }

  @Test
  void tokensOfAPreviousKeyLiveAsLongAsItsGraceAndSayWhen() {
    store(key, "a");
    ChildToken before = token(key, "a");
    ChildToken brief = made(key, "a", ALL, 30).token();
    AgentKey next = rotate(Duration.ofSeconds(60)).key();
    ChildTokens.Made within = unchanged(key);
    ChildToken below = unchanged(before).token();
    assertThat(unchanged(before).limits().until()).isEqualTo(within.limits().until());
    assertThat(unchanged(brief).limits().until()).contains(world.clock.instant().plusSeconds(30));
    assertThat(within.limits().until()).contains(world.clock.instant().plusSeconds(60));
    assertThatThrownBy(() -> made(key, "a", ALL, 61))
        .isExactlyInstanceOf(Forbidden.class)
        .hasMessageContaining("expiresIn");
    assertThat(made(key, "a", ALL, 60).limits().until()).isEqualTo(within.limits().until());

    world.clock.advance(Duration.ofSeconds(60).minusNanos(1));
    for (Bearer each : List.of(before, within.token(), below, token(next, "a"))) {
      world.vault().get(each, Label.parse("a"), world.deadline());
    }
    world.clock.advance(Duration.ofNanos(1));
    for (Bearer each : List.of(before, within.token(), below)) {
      assertUnauthorized(each);
    }
    world.vault().get(token(next, "a"), Label.parse("a"), world.deadline());
    AgentKey third = rotate(Duration.ofSeconds(60)).key();
    assertUnauthorized(before);
    world.vault().get(token(third, "a"), Label.parse("a"), world.deadline());
  }

  private Identities.Rotated rotate(Duration grace) {
    return world.identities.rotateKey(world.operator, key.claimedId(), grace, world.deadline());
  }

  @Test
  void anIdentityOfAnEarlierVersionHasTokensToo() {
    store(key, "a");
    change(key, item -> item.remove("keyGeneration"));
    ChildToken token = token(key, "a");
    world.vault().get(token, Label.parse("a"), world.deadline());
    rotate(Duration.ofSeconds(60));
    world.vault().get(token, Label.parse("a"), world.deadline());

    rotate(Duration.ZERO);
    assertUnauthorized(token);
  }

  @Test
  void aRevocationEndsTheTokensAndAScopeTakenAwayIsTakenFromThem() {
    store(key, "a");
    ChildToken token = token(token(key, "a"), "a");
    world.identities.update(
        world.operator,
        key.claimedId(),
        new Identities.Change(Optional.empty(), Set.of(), Set.of(Scope.VAULT_READ)),
        world.deadline());
    assertThatThrownBy(() -> world.vault().get(token, Label.parse("a"), world.deadline()))
        .hasMessage("missing scope: vault:read");
    assertThat(world.vault().whoami(token, world.deadline()).agent().limits().scopes())
        .doesNotContain(Scope.VAULT_READ)
        .hasSize(3);

    world.revocation.revoke(world.operator, key.claimedId(), world.deadline());
    assertUnauthorized(token);
  }

  @Test
  void whatIsLeftOutIsAsItsMakers() {
    ChildTokens.Made first = unchanged(key);
    assertThat(first.limits().labels()).containsExactly(LabelPattern.ALL);
    assertThat(first.limits().scopes()).isEqualTo(ALL);
    assertThat(first.limits().until()).contains(world.clock.instant().plusSeconds(900));

    ChildTokens.Made brief = made(key, "b a* ab", Set.of(Scope.VAULT_TOTP), 30);
    ChildTokens.Made below = unchanged(brief.token());
    assertThat(below.limits()).isEqualTo(brief.limits());
    assertThat(below.limits().labels().stream().map(LabelPattern::written))
        .containsExactly("b", "a*");
    assertThatThrownBy(
            () -> new ChildTokens.Wish(Optional.of(List.of()), Optional.empty(), Optional.empty()))
        .isExactlyInstanceOf(BadRequest.class);
  }

  @Test
  void moreThanTheMakersIsForbiddenByName() {
    ChildToken maker = made(key, "a*", Set.of(Scope.VAULT_USE), 60).token();

    assertThatThrownBy(() -> made(maker, "a", ALL, 60))
        .isExactlyInstanceOf(Forbidden.class)
        .hasMessage("missing scope: vault:read");
    assertThatThrownBy(() -> made(maker, "*", Set.of(), 60))
        .isExactlyInstanceOf(Forbidden.class)
        .hasMessageContaining("labels");
    assertThatThrownBy(() -> made(maker, "a", Set.of(), 61))
        .isExactlyInstanceOf(Forbidden.class)
        .hasMessageContaining("expiresIn");
    assertThat(made(maker, "a", Set.of(), 60).limits().scopes()).isEmpty();
  }

  @Test
  void aTokenCostsWhatAKeyDoesAndAThousandForgedOnesOneUnwrap() {
    store(key, "a");
    String good = text(token(key, "a"));
    Vaults cold = world.vaults(new DataKeys(world.keys, world.clock, Duration.ofMinutes(5)));
    int before = world.keys.unwraps();
    world.table.reset();
    for (int i = 0; i < 1_000; i++) {
      char flipped = BASE64URL.charAt(BASE64URL.indexOf(good.charAt(100)) ^ 1 + i % 63);
      Bearer forged = Bearer.parse(good.substring(0, 100) + flipped + good.substring(101));
      assertThatThrownBy(() -> cold.vault().get(forged, Label.parse("a"), world.deadline()))
          .isExactlyInstanceOf(Unauthorized.class);
    }
    assertThat(world.keys.unwraps()).isEqualTo(before + 1);
    world.table.reset();
    cold.vault().get(Bearer.parse(good), Label.parse("a"), world.deadline());
    assertThat(world.keys.unwraps()).isEqualTo(before + 1);
    assertThat(world.table.operations()).containsExactly("batchGetItem", "putItem");
  }

  @Test
  void nothingIsUnwrappedForATokenThatIsTooOldOrOfAnotherKey() {
    store(key, "a");
    ChildToken old = made(key, "a", ALL, 1).token();
    ChildToken rotated = token(key, "a");
    rotate(Duration.ZERO);
    world.clock.advance(Duration.ofSeconds(1));
    Vaults cold = world.vaults(new DataKeys(world.keys, world.clock, Duration.ofMinutes(5)));
    int before = world.keys.unwraps();
    for (Bearer each : List.of(old, rotated)) {
      assertThatThrownBy(() -> cold.vault().get(each, Label.parse("a"), world.deadline()))
          .isExactlyInstanceOf(Unauthorized.class);
    }

    assertThat(world.keys.unwraps()).isEqualTo(before);
  }

  @Test
  void recordsCallATokenByItsIdAndAKeyByItsPrefix() {
    ChildTokens.Made made = unchanged(key);

    assertThat(world.vault().whoami(key, world.deadline()).agent().actor())
        .isEqualTo("avk_" + key.claimedId());
    assertThat(world.vault().whoami(made.token(), world.deadline()).agent().actor())
        .isEqualTo(made.token().id().text());
    assertThat(made.token().toString()).isEqualTo("ChildToken[redacted]");
    assertThat(unchanged(key).token().id()).isNotEqualTo(made.token().id());
  }

  @Test
  void whatATokenAskedAHumanForEndsWithIt() {
    ChildToken token = made(key, "a*", ALL, 120).token();
    Deposits deposits = world.vaults.deposits();
    Deposits.Asked asked = deposits.ask(token, wish("a"), world.deadline());
    assertThat(asked.deposit().expiresAt()).isEqualTo(world.clock.instant().plusSeconds(120));
    assertThat(deposits.ask(token, wish("a"), world.deadline()).deposit().id())
        .isEqualTo(asked.deposit().id());
    assertThat(deposits.ask(key, wish("a"), world.deadline()).deposit().id())
        .as("the agent's own request lives on")
        .isNotEqualTo(asked.deposit().id());

    Deposits.Asked other = deposits.ask(token, wish("ab"), world.deadline());
    rotate(Duration.ZERO);
    assertThatThrownBy(
            () -> world.vaults.redemptions().look(Visit.by(other.token()), world.deadline()))
        .isExactlyInstanceOf(Unauthorized.class);
  }

  @Test
  void aTokenSeesAndWithdrawsTheDepositsOfItsLabelsAlone() {
    Deposits deposits = world.vaults.deposits();
    Deposits.Asked ours = deposits.ask(key, wish("b"), world.deadline());
    ChildToken token = token(key, "a");
    Deposits.Asked own = deposits.ask(token, wish("a"), world.deadline());
    assertThat(deposits.list(token, world.deadline()).stream().map(Deposit::id))
        .containsExactly(own.deposit().id());
    assertThatThrownBy(() -> deposits.withdraw(token, ours.deposit().id(), world.deadline()))
        .isExactlyInstanceOf(NotFound.class);
    assertThat(deposits.list(key, world.deadline())).hasSize(2);

    redeem(own);
    redeem(ours);
    assertThat(deposits.list(token, world.deadline()).stream().map(Deposit::id))
        .as("that its own was handed in")
        .containsExactly(own.deposit().id());
    assertThat(deposits.list(token(key, "a"), world.deadline())).isEmpty();
    deposits.withdraw(token, own.deposit().id(), world.deadline());
    assertThat(deposits.list(key, world.deadline())).hasSize(1);
  }

  private void redeem(Deposits.Asked asked) {
    world
        .vaults
        .redemptions()
        .redeem(
            Visit.by(asked.token()),
            asked.code(),
            Data.of(Contents.tree("{'secret':'" + SEED + "'}")),
            Optional.empty(),
            world.deadline());
  }
}
