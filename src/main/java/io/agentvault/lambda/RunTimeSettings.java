package io.agentvault.lambda;

import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.configuration.AbstractConfigBuilder;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.ConfigurableConfigSource;
import io.smallrye.config.ProfileConfigSourceInterceptor;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilder.MappingBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Where a started function looks for its settings: in our {@link Variables}, and in what Quarkus
 * recorded in the build from {@code application.properties} and its defaults. Nothing else is asked
 * or opened: no system properties, no {@code .env}, no file in the working directory or on the
 * class path, no name with a profile in front.
 *
 * <p>Reading its configuration is what Quarkus spends most of a native start on, and most of that
 * goes into listing every variable and property to find those that might be meant. None are listed
 * here. So no setting can be made of a name that the build does not know, such as one more log
 * category; and a value is taken as it stands, whatever dollar signs and braces are in it.
 *
 * <p>The rest goes into reading the settings of Quarkus itself, of which no variable changes one. A
 * native image holds them as they were read in its build; a started one reads {@link VaultConfig}
 * and which function it is.
 *
 * <p>SmallRye Config finds this class as a service, in the build too, which it leaves alone. A
 * Quarkus that records its values by another name makes it do nothing, and the start slower.
 */
public final class RunTimeSettings implements SmallRyeConfigBuilderCustomizer {
  /** What Quarkus 3.33 calls the source of what it recorded, which only a started function has. */
  static final String RECORDED = "Runtime Values";

  /** The class that Quarkus 3.33 generates to say what it recorded. */
  private static final String GENERATED = "io.quarkus.runtime.generated.RunTimeConfigCustomizer";

  private static final String PROFILE = "quarkus.profile";

  /** What an image holds, none outside of one. */
  private static final Map<ConfigClass, Object> HELD =
      ImageMode.current() == ImageMode.JVM ? Map.of() : settled(recorded());

  private final Map<ConfigClass, Object> settled;

  /** With the settings that this image holds. */
  public RunTimeSettings() {
    this(HELD);
  }

  /**
   * @param settled groups of settings that need not be read any more
   */
  RunTimeSettings(Map<ConfigClass, Object> settled) {
    this.settled = settled;
  }

  private static SmallRyeConfigBuilder recorded() {
    SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder();
    AbstractConfigBuilder.withCustomizer(builder, GENERATED);
    return builder;
  }

  /**
   * Reads all groups of settings that no variable changes.
   *
   * @param recorded what was recorded in the build, and the groups to read
   */
  static Map<ConfigClass, Object> settled(SmallRyeConfigBuilder recorded) {
    new RunTimeSettings(Map.of()).configBuilder(recorded);
    recorded.getMappingsBuilder().getMappings().removeIf(RunTimeSettings::hasVariable);
    List<ConfigClass> groups = List.copyOf(recorded.getMappingsBuilder().getMappings());
    SmallRyeConfig read = recorded.build();
    Map<ConfigClass, Object> settled = new HashMap<>();
    groups.forEach(
        group -> settled.put(group, read.getConfigMapping(group.getType(), group.getPrefix())));
    return settled;
  }

  private static boolean hasVariable(ConfigClass group) {
    Variables all = new Variables(name -> name);
    return group.getProperties().keySet().stream().anyMatch(name -> all.getValue(name) != null);
  }

  /** Last, so that what the others asked for is taken back. */
  @Override
  public int priority() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void configBuilder(SmallRyeConfigBuilder builder) {
    if (builder.getSources().stream().anyMatch(source -> source.getName().equals(RECORDED))) {
      builder.setAddDefaultSources(false);
      builder.getSources().removeIf(ConfigurableConfigSource.class::isInstance);
      builder.withSources(new Variables(System::getenv));
      // What an entry of a map has by default: of no use where no entry can be listed.
      builder.getDefaultValues().keySet().removeIf(name -> name.indexOf('*') >= 0);
      builder.setAddDefaultInterceptors(false);
      builder.getInterceptors().clear();
      builder.withInterceptors(
          new AsRecorded(builder.getDefaultValues().getOrDefault(PROFILE, "prod")));
      // Nothing is listed that could be unknown.
      builder.withValidateUnknown(false);
      // Quarkus hands over what is fixed in the build, and asks for it to be read once more.
      MappingBuilder groups = builder.getMappingsBuilder();
      groups.getMappingsInstances().putAll(settled);
      groups.getMappings().removeIf(groups.getMappingsInstances()::containsKey);
    }
  }

  /** Looks a name up once and lists none; it has a profile because Quarkus warns if it changed. */
  private static final class AsRecorded extends ProfileConfigSourceInterceptor {
    private static final long serialVersionUID = 1;

    AsRecorded(String profile) {
      super(profile);
    }

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext sources, String name) {
      return sources.proceed(name);
    }

    @Override
    public Iterator<String> iterateNames(ConfigSourceInterceptorContext sources) {
      return Collections.emptyIterator();
    }
  }
}
