package io.agentvault;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.oracle.svm.core.annotate.Alias;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.agentvault.api.Endpoint;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.Authentication;
import io.agentvault.identity.Caller;
import io.agentvault.identity.OperatorTokens;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.graalvm.nativeimage.hosted.Feature;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The rules of the architecture that the compiler does not know. */
class ArchitectureTest {
  private static final String ROOT = "io.agentvault.";
  private static final String WIRING = ROOT + "lambda.Wiring";

  private static final String LOCAL = ROOT + "local.";

  /** The floors, from the roof down: what stands on one floor may know all below it. */
  private static final List<String> FLOORS =
      List.of(
          "lambda",
          "api",
          "mcp",
          "broker",
          "vault",
          "identity",
          "evidence",
          "crypto",
          "totp",
          "remote",
          "problem");

  /** What no floor order says: these may not know each other. */
  private static final Map<String, Set<String>> APART =
      Map.of(
          "api", Set.of("mcp"),
          "identity", Set.of("totp"),
          "evidence", Set.of("totp"),
          "crypto", Set.of("totp"));

  /** The local cloud's packages and which of each other they may know. */
  private static final Map<String, Set<String>> LOCAL_ARROWS =
      Map.of(
          "gateway", Set.of("runtime", "template", "host"),
          "table", Set.of("runtime", "template", "host"),
          "faults", Set.of("runtime", "template", "host"),
          "runtime", Set.of("template", "host"),
          "keys", Set.of("host"),
          "template", Set.of("host"),
          "host", Set.of());

  /** What is sealed is JSON, because what a caller stores is JSON: the one exception. */
  private static final Set<String> SEALERS_OF_JSON =
      Set.of(
          "Content",
          "ContentCodec",
          "Data",
          "DepositItem",
          "DynamoDbDepositStore",
          "InjectionCodec",
          "Kept",
          "Keyring",
          "Numbers",
          "OperatorDeposits",
          "Placeholder",
          "Seeds",
          "TokenStateCodec",
          "UsePolicyCodec",
          "Vaults");

  /** What is signed and hashed is JSON, so that others can check it. */
  private static final Set<String> WITNESSES_OF_JSON =
      Set.of(
          "Chapters",
          "CheckpointItem",
          "Checkpoints",
          "DynamoDbProofs",
          "EntryCodec",
          "Head",
          "Log",
          "Notary",
          "Past",
          "ReceiptStatement",
          "Scribe");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(Endpoint.class.getProtectionDomain().getCodeSource().getLocation());

  private static final JavaClasses LOCAL_CLASSES =
      new ClassFileImporter()
          .importPackagesOf(LocalCloud.class)
          .that(describe("are no tests", each -> !each.getName().matches(".*(Test|IT)(\\$.*)?")));

  @Test
  void importsRunOneWay() {
    for (String from : FLOORS) {
      Set<String> below = new HashSet<>(FLOORS.subList(FLOORS.indexOf(from) + 1, FLOORS.size()));
      below.removeAll(APART.getOrDefault(from, Set.of()));
      holdArrows(CLASSES, ROOT, from, FLOORS, below);
    }
  }

  @Test
  void importsOfTheLocalCloudRunOneWay() {
    LOCAL_ARROWS.forEach(
        (from, to) -> holdArrows(LOCAL_CLASSES, LOCAL, from, LOCAL_ARROWS.keySet(), to));
    // What starts the cloud knows all of it; none of it knows what starts it.
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "local")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "local")
        .check(LOCAL_CLASSES);
  }

  @Test
  void theLocalCloudKnowsThePackageAsAFileOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            FLOORS.stream().map(floor -> ROOT + floor + "..").toArray(String[]::new))
        .check(LOCAL_CLASSES);
  }

  private static void holdArrows(
      JavaClasses classes, String root, String from, Collection<String> all, Set<String> to) {
    all.stream()
        .filter(other -> !other.equals(from) && !to.contains(other))
        .forEach(
            other ->
                noClasses()
                    .that()
                    .resideInAPackage(root + from + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(root + other + "..")
                    .allowEmptyShould(true)
                    .check(classes));
  }

  @Test
  void everyClassIsInAKnownPackage() {
    assertThat(CLASSES.stream().map(each -> each.getPackageName().substring(ROOT.length())))
        .isSubsetOf(FLOORS);
    assertThat(CLASSES.size()).isGreaterThan(100);
    assertThat(
            LOCAL_CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals(ROOT + "local"))
                .map(name -> name.substring(LOCAL.length())))
        .isSubsetOf(LOCAL_ARROWS.keySet())
        .isNotEmpty();
  }

  @Test
  void onlyTheApiAndWhatSealsKnowsJson() {
    noClasses()
        .that(
            describe(
                "are neither of the api, of mcp, nor sealers of JSON",
                each ->
                    !each.getPackageName().startsWith(ROOT + "api")
                        && !each.getPackageName().startsWith(ROOT + "mcp")
                        && !each.getPackageName().startsWith(ROOT + "lambda")
                        && !isSealerOfJson(each)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.fasterxml..", "jakarta.json..", "javax.json..")
        .check(CLASSES);
  }

  private static boolean isSealerOfJson(JavaClass each) {
    String outermost = each.getName().substring(each.getName().lastIndexOf('.') + 1);
    String named = outermost.split("\\$", -1)[0];
    return each.getPackageName().equals(ROOT + "vault") && SEALERS_OF_JSON.contains(named)
        || each.getPackageName().equals(ROOT + "broker")
            && named.matches("Issuer|SignIn|TokenRequests")
        || each.getPackageName().equals(ROOT + "evidence") && WITNESSES_OF_JSON.contains(named);
  }

  @Test
  void timeComesFromTheOneClock() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(WIRING)
        .and()
        // part of the JDK's HTTP client, which can't be given a clock
        .haveNameNotMatching("io\\.agentvault\\.lambda\\.KeptConnections.*")
        .should()
        .accessTargetWhere(
            anyOf(
                "read the time of day",
                "java.lang.System.currentTimeMillis",
                "java.lang.System.nanoTime",
                "java.time.Instant.now",
                "java.time.LocalDate.now",
                "java.time.LocalDateTime.now",
                "java.time.OffsetDateTime.now",
                "java.time.ZonedDateTime.now",
                "java.time.Clock.system",
                "java.time.Clock.systemUTC",
                "java.time.Clock.systemDefaultZone",
                "java.time.Clock.tickMillis",
                "java.time.InstantSource.system",
                "java.util.Date.<init>"))
        .check(CLASSES);
  }

  @Test
  void randomnessComesFromTheOneSource() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(WIRING)
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "crypto.SecureRandomness")
        .should()
        .dependOnClassesThat(
            describe(
                "are generators of random numbers",
                each ->
                    each.isAssignableTo(Random.class)
                        || each.isAssignableTo(java.util.random.RandomGenerator.class)))
        .orShould()
        .accessTargetWhere(anyOf("guess", "java.lang.Math.random"))
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "remote.Transactions") // a token that is no secret
        .should()
        .accessTargetWhere(anyOf("draw ids", UUID.class.getName() + ".randomUUID"))
        .check(CLASSES);
  }

  @Test
  void nothingScansATable() {
    noClasses()
        .should()
        .accessTargetWhere(
            describe(
                "scan, or run statements that may",
                access ->
                    (access.getTargetOwner().isAssignableTo(DynamoDbClient.class)
                            || access.getTargetOwner().isAssignableTo(DynamoDbAsyncClient.class))
                        && Stream.of("scan", "executeStatement", "batchExecute", "executeTrans")
                            .anyMatch(access.getTarget().getName()::startsWith)))
        .check(CLASSES);
  }

  @Test
  void anAgentIsMadeByAuthenticationAloneAndAnOperatorByItsTokens() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Authentication.class.getName())
        .should()
        .accessTargetWhere(anyOf("make agents", Caller.Agent.class.getName() + ".<init>"))
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(OperatorTokens.class.getName())
        .should()
        .accessTargetWhere(anyOf("make operators", Caller.Operator.class.getName() + ".<init>"))
        .check(CLASSES);
    for (Class<?> caller : List.of(Caller.Agent.class, Caller.Operator.class)) {
      assertThat(caller.getConstructors()).as("public ways to make one").isEmpty();
    }
  }

  @Test
  void nothingThatTouchesAVaultTakesABareId() {
    for (String name : List.of("Vault", "OneTimeCodes", "CredentialStore", "Access", "Keyring")) {
      methods()
          .that()
          .areDeclaredIn(ROOT + "vault." + name)
          .should()
          .notHaveRawParameterTypes(
              describe(
                  "an agent id",
                  types -> types.stream().anyMatch(type -> type.isEquivalentTo(AgentId.class))))
          .check(CLASSES);
    }
  }

  @Test
  void nothingPrintsButTheWiring() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(WIRING)
        .and()
        .areNotAssignableTo(
            Feature.class) // they run while the image is built, and tell who builds it
        .should()
        .accessTargetWhere(anyOf("print", "java.lang.System.out", "java.lang.System.err"))
        .orShould()
        .accessTargetWhere(
            describe(
                "print a stack trace",
                access -> access.getTarget().getName().equals("printStackTrace")))
        .orShould()
        .dependOnClassesThat(
            resideInAnyPackage("java.util.logging..", "org.jboss.logging..", "org.slf4j.."))
        .check(CLASSES);
  }

  @Test
  void nothingStaticCanChange() {
    // But for what stands for a library's own in the native image
    fields()
        .that()
        .areStatic()
        .and()
        .areNotAnnotatedWith(Alias.class)
        .should()
        .beFinal()
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() throws ClassNotFoundException {
    Set<String> packages =
        Stream.concat(CLASSES.stream(), LOCAL_CLASSES.stream())
            .map(JavaClass::getPackageName)
            .collect(toSet());
    for (String name : packages) {
      Class<?> info = Class.forName(name + ".package-info");
      assertThat(info.isAnnotationPresent(NullMarked.class)).as(name).isTrue();
    }
  }

  @Test
  void everyPackageSaysWhatMustNotLiveThere() throws IOException {
    for (Path root : List.of(Path.of("src/main"), Path.of("src/local"), Path.of("src/test/java"))) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path info : files.filter(each -> each.endsWith("package-info.java")).toList()) {
          assertThat(Files.readString(info)).as("%s", info).contains("Not here: ");
        }
      }
    }
  }

  @Test
  void whatAUserSeesIsProvedWithoutAClassOfTheVault() {
    List<String> black = List.of("firstuse", "handin", "renewal", "revocation", "sdks");
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            FLOORS.stream().map(floor -> ROOT + floor + "..").toArray(String[]::new))
        .check(
            new ClassFileImporter()
                .importPackages(black.stream().map(each -> ROOT + each).toList()));
  }

  @Test
  void namesSayWhatAThingIs() {
    classes()
        .should()
        .haveNameNotMatching(".*(Manager|Helper|Util|Utils|Impl|Service|Model)(\\$.*)?")
        .check(CLASSES);
  }

  @Test
  void aRecordOfBytesSaysWhyItIsOne() throws IOException {
    for (JavaClass each : CLASSES) {
      if (!each.isRecord() || !hasBytes(each)) {
        continue;
      }
      String outermost = each.getName().split("\\$", -1)[0];
      Path source = Path.of("src/main/java", outermost.replace('.', '/') + ".java");
      assertThat(Files.readString(source))
          .as("a record's equals and toString know nothing of arrays: %s", each.getName())
          .containsPattern(
              "@SuppressWarnings\\(\"ArrayRecordComponent\"\\) // [^\\n]+\\n[^\\n]*record "
                  + each.getSimpleName());
    }
  }

  private static boolean hasBytes(JavaClass each) {
    return each.getFields().stream()
        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
        .anyMatch(field -> field.getRawType().isEquivalentTo(byte[].class));
  }

  private static DescribedPredicate<JavaAccess<?>> anyOf(String what, String... members) {
    Set<String> forbidden = Set.of(members);
    return describe(
        what,
        access ->
            forbidden.contains(
                access.getTargetOwner().getName() + "." + access.getTarget().getName()));
  }
}
