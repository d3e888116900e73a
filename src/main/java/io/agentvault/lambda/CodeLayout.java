package io.agentvault.lambda;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.graalvm.nativeimage.hosted.Feature;

/**
 * While the native image is built: puts the methods that calls were seen to use side by side, in
 * the order of {@value #RECORDED}, which {@code scripts/bench --record-methods} writes.
 *
 * <p>By itself GraalVM sorts all methods by name, so that the fifth of them that calls use lies
 * scattered over all pages of code: each is then fetched for a few lines of it, by a start from the
 * disk and by a call from memory. What is not in the list stands behind it, by name as before, and
 * a name that no method has any more means nothing: an old list costs time, not correctness.
 *
 * <p>What lays out code is an interface of the builder, but the one that is asked can't be chosen
 * from outside: it is replaced in the builder's own table. {@code pom.xml} opens that, and a
 * builder that has none fails the build.
 */
public final class CodeLayout implements Feature {
  static final String RECORDED = "methods-used.txt";

  private static final String BUILDER = "com.oracle.svm.hosted.";

  @Override
  public void beforeCompilation(BeforeCompilationAccess access) {
    List<String> recorded = recorded();
    try {
      Class<?> layouter = Class.forName(BUILDER + "code.CodeSectionLayouter");
      Method name = Class.forName(BUILDER + "meta.HostedMethod").getMethod("getUniqueShortName");
      Map<Class<?>, Object> singletons = singletons();
      Object byName = Objects.requireNonNull(singletons.get(layouter));
      singletons.put(
          layouter,
          Proxy.newProxyInstance(
              layouter.getClassLoader(),
              new Class<?>[] {layouter},
              (proxy, layout, arguments) ->
                  layout(
                      (Collection<?>) layout.invoke(byName, arguments),
                      method -> uniqueName(name, method),
                      recorded)));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this builder lays out code in another way", e);
    }
  }

  @SuppressWarnings("unchecked") // by its declaration
  private static Map<Class<?>, Object> singletons() throws ReflectiveOperationException {
    Class<?> management = Class.forName(BUILDER + "ImageSingletonsSupportImpl$HostedManagement");
    Field singletons = management.getDeclaredField("configObjects");
    singletons.setAccessible(true);
    return (Map<Class<?>, Object>) singletons.get(management.getMethod("get").invoke(null));
  }

  /** As the symbol table has it: the class, the method, and a digest of all that it is. */
  private static String uniqueName(Method name, Object method) {
    try {
      return (String) name.invoke(method);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> List<T> layout(
      Collection<T> methods, Function<? super T, String> name, List<String> recorded) {
    List<T> first = named(methods, name, recorded);
    System.out.printf(
        "code layout: %d of %d methods recorded, of %d%n",
        first.size(), recorded.size(), methods.size());
    return ordered(first, methods);
  }

  /**
   * Those of the methods that have these names, in the order of the names.
   *
   * @param name one that no other method has
   */
  static <T> List<T> named(
      Collection<T> methods, Function<? super T, String> name, List<String> names) {
    Map<String, T> named = new HashMap<>();
    methods.forEach(method -> named.put(name.apply(method), method));
    return names.stream().map(named::get).filter(Objects::nonNull).toList();
  }

  /** All of them, each once: the first ones, then the others as they were. */
  static <T> List<T> ordered(List<T> first, Collection<T> all) {
    return Stream.concat(first.stream(), all.stream()).distinct().toList();
  }

  private static List<String> recorded() {
    try (InputStream in = CodeLayout.class.getResourceAsStream(RECORDED);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(in, RECORDED), StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
