package io.agentvault.lambda;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.net.spi.InetAddressResolver;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.spi.ConfigSource;
import software.amazon.awssdk.core.interceptor.ClasspathInterceptorChainFactory;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * In the native image, what a start does not ask, because the answer stands since the build. Each
 * of these says what the library's own code would find; to find it took a quarter of the
 * instructions of a start. A look-up on the class path, for one, goes through every module of the
 * image.
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
