package io.agentvault;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The rules of the architecture that the compiler does not know. */
class ArchitectureTest {
  private static final String ROOT = "io.agentvault.";
  private static final String WIRING = ROOT + "lambda.Wiring";

  /** What each package may know of; imports run one way. */
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "lambda",
          Set.of("api", "mcp", "vault", "identity", "crypto", "totp", "remote", "problem"),
          "mcp",
          Set.of("vault", "identity", "crypto", "totp", "remote", "problem"),
          "api",
          Set.of("vault", "identity", "crypto", "totp", "remote", "problem"),
          "vault",
          Set.of("identity", "crypto", "totp", "remote", "problem"),
          "identity",
          Set.of("crypto", "remote", "problem"),
          "crypto",
          Set.of("remote", "problem"),
          "totp",
          Set.of("remote", "problem"),
          "remote",
          Set.of("problem"),
          "problem",
          Set.of());

  /** What is sealed is JSON, because what a caller stores is JSON: the one exception. */
  private static final Set<String> SEALERS_OF_JSON =
      Set.of("ContentCodec", "Data", "Content", "Seeds", "Keyring", "Vaults");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(Endpoint.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void importsRunOneWay() {
    ARROWS.forEach(
        (from, to) ->
            ARROWS.keySet().stream()
                .filter(other -> !other.equals(from) && !to.contains(other))
                .forEach(
                    other ->
                        noClasses()
                            .that()
                            .resideInAPackage(ROOT + from + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(ROOT + other + "..")
                            .check(CLASSES)));
  }

  @Test
  void everyClassIsInAKnownPackage() {
    assertThat(CLASSES.stream().map(each -> each.getPackageName().substring(ROOT.length())))
        .isSubsetOf(ARROWS.keySet());
    assertThat(CLASSES.size()).isGreaterThan(100);
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
    return each.getPackageName().equals(ROOT + "vault")
        && SEALERS_OF_JSON.contains(outermost.split("\\$", -1)[0]);
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
    fields().that().areStatic().should().beFinal().check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() throws ClassNotFoundException {
    for (String name : ARROWS.keySet()) {
      Class<?> info = Class.forName(ROOT + name + ".package-info");
      assertThat(info.isAnnotationPresent(NullMarked.class)).as(name).isTrue();
    }
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
