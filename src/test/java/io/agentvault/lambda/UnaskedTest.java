package io.agentvault.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.datatype.joda.JodaModule;
import io.quarkus.amazon.lambda.runtime.AmazonLambdaMapperRecorder;
import io.quarkus.amazon.lambda.runtime.ClientContextImpl;
import io.quarkus.amazon.lambda.runtime.FunctionError;
import io.quarkus.arc.Arc;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.reflect.Method;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jboss.logmanager.LogContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.interceptor.ClasspathInterceptorChainFactory;
import software.amazon.awssdk.regions.ServiceMetadata;
import software.amazon.awssdk.regions.servicemetadata.DynamodbServiceMetadata;
import software.amazon.awssdk.regions.servicemetadata.KmsServiceMetadata;

/** The libraries' own code, run here, finds what the native image says unasked: nothing. */
final class UnaskedTest {
  @Test
  void noInterceptorStandsOnTheClassPath() {
    ClasspathInterceptorChainFactory factory = new ClasspathInterceptorChainFactory();

    assertThat(factory.getGlobalInterceptors()).isEmpty();
    for (String service : new String[] {"dynamodb", "kms"}) {
      assertThat(
              factory.getInterceptors(
                  "software/amazon/awssdk/services/" + service + "/execution.interceptors"))
          .as(service)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamodb", "kms"})
  void noPartitionsStandOnTheClassPath(String service) throws ReflectiveOperationException {
    Class<?> provider =
        Class.forName(
            "software.amazon.awssdk.services."
                + service
                + ".endpoints.internal.DefaultPartitionDataProvider");
    Method asked = provider.getDeclaredMethod("classpathPartitionsFile");
    asked.setAccessible(true);

    assertThat(asked.invoke(provider.getConstructor().newInstance())).isEqualTo(Optional.empty());
  }

  @Test
  void theSdkKnowsThesePlacesOfTheServicesThatAreCalled() {
    assertThat(ServiceMetadata.of("dynamodb")).isInstanceOf(DynamodbServiceMetadata.class);
    assertThat(Unasked.Services.serviceMetadata("dynamodb"))
        .isInstanceOf(DynamodbServiceMetadata.class);
    assertThat(ServiceMetadata.of("kms")).isInstanceOf(KmsServiceMetadata.class);
    assertThat(Unasked.Services.serviceMetadata("kms")).isInstanceOf(KmsServiceMetadata.class);
  }

  /** And where the build's level is another one, a start tells all of it, as before. */
  @Test
  void loggersAreToldTheLevelThatAStartSets() throws IOException {
    Properties settings = new Properties();
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/application.properties"))) {
      settings.load(in);
    }
    assertThat(settings).containsEntry("quarkus.log.level", "WARN");
    Unasked.Told told = new Unasked.Told();
    for (Level below : List.of(Level.ALL, Level.FINE, Level.INFO, Level.WARNING)) {
      assertThat(told.transform(below, below.intValue()))
          .isEqualTo(org.jboss.logmanager.Level.WARN.intValue());
    }
    assertThat(told.transform(Level.OFF, Level.OFF.intValue())).isEqualTo(Level.OFF.intValue());
  }

  /** Who is not told anew is whom it makes no difference to; else as for the mapper below. */
  @Test
  void aLoggersLevelIsSetAsItWasWhenThoseOfTheImageWereTold() throws IOException {
    assertThat(digest(LogContext.class, "LoggerNode", "setLevel")).isEqualTo("b3f2d9fd90a52bde");
    assertThat(digest(LogContext.class, "LoggerNode", "setEffectiveLevel"))
        .isEqualTo("f290c3bcd5baae13");
  }

  /** The settings of Quarkus' mapper; when they change, read them again, then pin them anew. */
  @Test
  void quarkusMakesItsMapperAsItDidWhenThatWasReplaced() throws IOException {
    assertThat(
            digest(
                AmazonLambdaMapperRecorder.class, "AmazonLambdaMapperRecorder", "initObjectMapper"))
        .isEqualTo("d2b6a3e7a65fbdb3");
  }

  @Test
  void withoutModulesAnErrorIsWrittenAndAClientsContextIsRead() throws IOException {
    Unasked.Plain plain = new Unasked.Plain();
    ObjectMapper quarkus =
        new ObjectMapper()
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
            .configure(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES, true)
            .registerModule(new JodaModule());

    ObjectMapper mapper = (ObjectMapper) plain.transform(this, quarkus);
    ObjectReader reader =
        (ObjectReader) plain.transform(this, quarkus.readerFor(ClientContextImpl.class));

    FunctionError error = new FunctionError("Unavailable", "not now");
    assertThat(mapper.writeValueAsString(error))
        .isEqualTo(quarkus.writeValueAsString(error))
        .contains("not now");
    ClientContextImpl context =
        reader.readValue(
            """
            {"client": {"client_id": "one"}, "Custom": {"two": "three"}, "unknown": 4}
            """);
    assertThat(context.getClient().getInstallationId()).isEqualTo("one");
    assertThat(context.getCustom()).containsExactly(Map.entry("two", "three"));
  }

  @Test
  void noResolverOfHostNamesStandsOnTheClassPath() {
    assertThat(ServiceLoader.load(InetAddressResolverProvider.class)).isEmpty();
  }

  /**
   * The names are made in SmallRye Config's constructor and given to sources of one class, of which
   * a started function has none ({@link RunTimeSettingsTest}). When this fails after a change of
   * SmallRye Config, read it again, then pin it anew.
   */
  @Test
  void namesAreMadeForSourcesThatAreNotThere() throws IOException {
    assertThat(digest(SmallRyeConfig.class, "SmallRyeConfig$ConfigSources", "<init>"))
        .isEqualTo("f4625e7e789be0a8");
  }

  /** That it sets a bit and tells whether it did, and no other method writes the state. */
  @Test
  void theStateOfARequestsBeansIsSetAsItWasWhenThatWasReplaced() throws IOException {
    Class<?> owner = Arc.class;
    assertThat(digest(owner, "impl/CurrentManagedContext$CurrentContextState", "set"))
        .isEqualTo("b9e7d5cd99189d8d");
    assertThat(
            methods(owner, "impl/CurrentManagedContext$CurrentContextState")
                .filter(UnaskedTest::writesTheState)
                .map(method -> method.methodName().stringValue()))
        .isEmpty();
  }

  private static boolean writesTheState(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .anyMatch(
            element ->
                element instanceof FieldInstruction field
                    && field.opcode() == Opcode.PUTFIELD
                    && field.name().equalsString("state"));
  }

  private static String digest(Class<?> beside, String name, String method) throws IOException {
    return Instructions.digest(
        methods(beside, name)
            .filter(each -> each.methodName().equalsString(method))
            .findFirst()
            .orElseThrow());
  }

  private static Stream<MethodModel> methods(Class<?> beside, String name) throws IOException {
    try (InputStream bytes = Objects.requireNonNull(beside.getResourceAsStream(name + ".class"))) {
      return ClassFile.of().parse(bytes.readAllBytes()).methods().stream();
    }
  }
}
