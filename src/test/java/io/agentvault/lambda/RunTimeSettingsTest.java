package io.agentvault.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.AbstractConfigBuilder;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigurableConfigSource;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesLocationConfigSourceFactory;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A started function reads our variables as it did when Quarkus listed them all. */
final class RunTimeSettingsTest {
  private static final String HANDLER = "quarkus.lambda.handler";

  private static final SmallRyeConfigBuilderCustomizer RECORDED =
      new AbstractConfigBuilder() {
        @Override
        public void configBuilder(SmallRyeConfigBuilder builder) {
          withRuntimeValues(builder, Map.of(HANDLER, "vault"));
        }
      };

  /** What {@code QUARKUS_LAMBDA_HANDLER} changes. */
  @ConfigMapping(prefix = "quarkus.lambda")
  interface Handlers {
    String handler();
  }

  /** What no variable changes. */
  @ConfigMapping(prefix = "quarkus.log.remote")
  interface Remote {
    String level();
  }

  private static final ConfigClass HANDLERS = ConfigClass.configClass(Handlers.class);
  private static final ConfigClass REMOTE = ConfigClass.configClass(Remote.class);
  private static final ConfigClass FIXED = ConfigClass.configClass(Remote.class, "fixed");

  /** As Quarkus names the members of {@link VaultConfig}. */
  private static Stream<String> settings() {
    return Arrays.stream(VaultConfig.class.getMethods())
        .map(
            setting ->
                "vault." + setting.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
  }

  private static String variable(String setting) {
    return setting.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a value", "", " ", "a.example, b.example", "{\"keys\":[]}"})
  void everySettingIsReadFromItsVariableAsByQuarkusItself(String value) {
    Map<String, String> environment = new TreeMap<>();
    settings().forEach(setting -> environment.put(variable(setting), value));
    environment.put("QUARKUS_LAMBDA_HANDLER", value);
    ConfigSource before = new EnvConfigSource(environment, EnvConfigSource.ORDINAL);
    ConfigSource now = new Variables(environment::get);

    assertThat(now.getOrdinal()).isEqualTo(before.getOrdinal());
    assertThat(settings()).hasSizeGreaterThan(20);
    Stream.concat(settings(), Stream.of(HANDLER))
        .forEach(
            setting ->
                assertThat(now.getValue(setting))
                    .as(setting)
                    .isEqualTo(value)
                    .isEqualTo(before.getValue(setting)));
  }

  @Test
  void nothingElseHasAVariable() {
    Variables variables = new Variables(name -> name);

    for (String name :
        List.of("quarkus.log.level", "quarkus.profile", "%prod.vault.table", "vaults", "path")) {
      assertThat(variables.getValue(name)).as(name).isNull();
    }
    assertThat(variables.getPropertyNames()).isEmpty();
    assertThat(variables.getProperties()).isEmpty();
  }

  @Test
  void aStartedFunctionAsksNothingButVariablesAndWhatWasRecorded() {
    SmallRyeConfig config =
        built(
            new RunTimeSettings(),
            RECORDED,
            builder -> builder.withDefaultValue("quarkus.log.category.*.level", "inherit"));

    assertThat(config.getConfigSources())
        .extracting(ConfigSource::getName)
        .containsExactly("variables", RunTimeSettings.RECORDED, "DefaultValuesConfigSource");
    assertThat(config.getPropertyNames()).isEmpty();
    assertThat(config.getProfiles()).containsExactly("prod");
    assertThat(config.getRawValue(HANDLER)).isEqualTo("vault");
    assertThat(config.getRawValue("quarkus.log.category.x.level")).isNull();
    assertThat(config.getRawValue(SmallRyeConfig.SMALLRYE_CONFIG_MAPPING_VALIDATE_UNKNOWN))
        .isEqualTo("false");
  }

  @Test
  void anImageHoldsWhatNoVariableChanges() {
    SmallRyeConfigBuilder recorded =
        new SmallRyeConfigBuilder()
            .withDefaultValue("quarkus.log.remote.level", "WARN")
            .withMapping(HANDLERS)
            .withMapping(REMOTE)
            .withMapping(ConfigClass.configClass(VaultConfig.class));
    RECORDED.configBuilder(recorded);

    Map<ConfigClass, Object> held = RunTimeSettings.settled(recorded);

    assertThat(held).containsOnlyKeys(REMOTE);
    assertThat(held.get(REMOTE))
        .isInstanceOfSatisfying(Remote.class, read -> assertThat(read.level()).isEqualTo("WARN"));
  }

  @Test
  void whatIsHeldIsNotReadAgain() {
    Remote remote = () -> "INFO";
    Remote fixed = () -> "DEBUG";
    SmallRyeConfig config =
        built(
            new RunTimeSettings(Map.of(REMOTE, remote)),
            RECORDED,
            builder ->
                builder
                    .withMapping(HANDLERS)
                    .withMapping(REMOTE)
                    .withMapping(FIXED)
                    .getMappingsBuilder()
                    .mappingInstance(FIXED, fixed));

    assertThat(config.getConfigMapping(Remote.class)).isSameAs(remote);
    assertThat(config.getConfigMapping(Remote.class, FIXED.getPrefix())).isSameAs(fixed);
    assertThat(config.getConfigMapping(Handlers.class).handler()).isEqualTo("vault");
  }

  @Test
  void aValueIsTakenAsItStands() {
    SmallRyeConfig config =
        built(
            new RunTimeSettings(),
            RECORDED,
            builder -> builder.withDefaultValue("vault.stage", "${user.name}/\\${x}$"));

    assertThat(config.getValue("vault.stage", String.class)).isEqualTo("${user.name}/\\${x}$");
  }

  @Test
  void theBuildIsLeftAlone() {
    SmallRyeConfig config = built(new RunTimeSettings());

    assertThat(config.getConfigSources())
        .extracting(ConfigSource::getName)
        .contains("EnvConfigSource", "SysPropConfigSource");
    assertThat(config.getPropertyNames()).contains("java.version");
  }

  private static SmallRyeConfig built(SmallRyeConfigBuilderCustomizer... customizers) {
    return new SmallRyeConfigBuilder()
        .addDefaultSources()
        .addDefaultInterceptors()
        .withDefaultValue("quarkus.profile", "prod")
        .withSources(new ConfigurableConfigSource(new PropertiesLocationConfigSourceFactory()))
        .withCustomizers(customizers)
        .build();
  }
}
