package io.agentvault.lambda;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.RecomputeFieldValue;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkus.amazon.lambda.runtime.AmazonLambdaMapperRecorder;
import io.smallrye.common.classloader.ClassPathUtils;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.net.spi.InetAddressResolver;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.graalvm.nativeimage.hosted.FieldValueTransformer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.ClasspathInterceptorChainFactory;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.ServiceMetadata;
import software.amazon.awssdk.regions.internal.MetadataLoader;
import software.amazon.awssdk.regions.servicemetadata.DynamodbServiceMetadata;
import software.amazon.awssdk.regions.servicemetadata.KmsServiceMetadata;

/**
 * In the native image, what a start does not ask, because the answer stands since the build. Each
 * of these says what the library's own code would find; to find it took a quarter of the
 * instructions of a start. A look-up on the class path, for one, goes through every module of the
 * image. And what would be in the image for questions that no function asks: a tenth of it.
 */
final class Unasked {
  private Unasked() {}

  /** No library that we ship names interceptors on the class path, for all clients or for one. */
  @TargetClass(ClasspathInterceptorChainFactory.class)
  static final class Interceptors {
    @Substitute
    private Collection<ExecutionInterceptor> createExecutionInterceptorsFromClasspath(String path) {
      return List.of();
    }
  }

  /** Nor does one bring AWS partitions of its own, so the SDK's are taken. */
  @TargetClass(
      className =
          "software.amazon.awssdk.services.dynamodb.endpoints.internal.DefaultPartitionDataProvider")
  static final class DynamoDbPartitions {
    @Substitute
    private Optional<?> classpathPartitionsFile() {
      return Optional.empty();
    }
  }

  /** As for DynamoDB: each client has a copy. */
  @TargetClass(
      className =
          "software.amazon.awssdk.services.kms.endpoints.internal.DefaultPartitionDataProvider")
  static final class KmsPartitions {
    @Substitute
    private Optional<?> classpathPartitionsFile() {
      return Optional.empty();
    }
  }

  /** Nor a resolver of host names, so the JDK's own is taken. */
  @TargetClass(InetAddress.class)
  static final class Hosts {
    @Alias
    private static native InetAddressResolver createBuiltinInetAddressResolver();

    @Substitute
    private static InetAddressResolver loadResolver() {
      return createBuiltinInetAddressResolver();
    }
  }

  /** Of the SDK's four hundred services with their Regions, the two that we call. */
  @TargetClass(MetadataLoader.class)
  static final class Services {
    @Substitute
    public static @Nullable ServiceMetadata serviceMetadata(String service) {
      return switch (service) {
        case "dynamodb" -> new DynamodbServiceMetadata();
        case "kms" -> new KmsServiceMetadata();
        default -> null;
      };
    }
  }

  /** No file stands in a jar, for an image has none. */
  @TargetClass(ClassPathUtils.class)
  static final class Jars {
    @Substitute
    private static <R> R processAsJarPath(Path jar, String path, Function<Path, R> reader) {
      throw new IllegalStateException("an image has no jars");
    }
  }

  /**
   * What the poll loop writes errors and reads clients' contexts with. Quarkus teaches it the dates
   * of Joda-Time, for events that none of our functions maps onto classes.
   */
  @TargetClass(AmazonLambdaMapperRecorder.class)
  static final class Mappers {
    @Alias
    @RecomputeFieldValue(kind = RecomputeFieldValue.Kind.Custom, declClass = Plain.class)
    public static @Nullable ObjectMapper objectMapper;

    @Alias
    @RecomputeFieldValue(kind = RecomputeFieldValue.Kind.Custom, declClass = Plain.class)
    public static @Nullable ObjectReader cognitoIdReader;

    @Alias
    @RecomputeFieldValue(kind = RecomputeFieldValue.Kind.Custom, declClass = Plain.class)
    public static @Nullable ObjectReader clientCtxReader;
  }

  /** The same without modules. */
  static final class Plain implements FieldValueTransformer {
    private static final ObjectMapper MAPPER =
        JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
            .build();

    @Override
    public Object transform(Object receiver, Object original) {
      return switch (original) {
        case ObjectMapper mapper -> MAPPER;
        case ObjectReader reader -> MAPPER.readerFor(reader.getValueType());
        default -> throw new IllegalStateException("not a mapper, and not a reader");
      };
    }
  }

  /**
   * The level of a logger that has none of its own. A start sets that of the root, and then tells
   * it to each logger in the image, if it is another one than that of the build.
   */
  @TargetClass(className = "org.jboss.logmanager.LoggerNode")
  static final class Levels {
    @Alias
    @RecomputeFieldValue(kind = RecomputeFieldValue.Kind.Custom, declClass = Told.class)
    private volatile int effectiveLevel;
  }

  /** At least the one in {@code application.properties}, which a start finds and tells nobody. */
  static final class Told implements FieldValueTransformer {
    private static final int WARN = 900; // Level.WARN; only the wiring may know a logger

    @Override
    public Object transform(Object receiver, Object original) {
      return Math.max((int) original, WARN);
    }
  }

  /**
   * Names to match variables with, which only a source asks for that {@link Variables} replaces.
   */
  @TargetClass(className = "io.smallrye.config.SmallRyeConfig", innerClass = "ConfigSources")
  static final class Names {
    @Substitute
    private static List<Map.Entry<String, Supplier<Iterator<String>>>>
        buildPropertiesForEnvMatching(
            SmallRyeConfigBuilder builder, List<ConfigSource> sources, List<String> profiles) {
      return List.of();
    }
  }

  /**
   * The state of a request's beans, of which a start has one. Quarkus sets its bits by a handle
   * that the image has to find first, by going through all methods of a large class of the JDK.
   */
  @TargetClass(
      className = "io.quarkus.arc.impl.CurrentManagedContext",
      innerClass = "CurrentContextState")
  static final class ContextState {
    @Alias private volatile byte state;

    /** Whether it was this call that set the bit. */
    @Substitute
    private synchronized boolean set(byte bit) {
      if ((state & bit) != 0) {
        return false;
      }
      state = (byte) (state | bit);
      return true;
    }
  }
}
