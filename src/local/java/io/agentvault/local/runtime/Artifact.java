package io.agentvault.local.runtime;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The packaged function, ready to be started as a process: native, or on the JVM. */
public sealed interface Artifact {
  /** The directory that the process starts in, {@code LAMBDA_TASK_ROOT}. */
  Path directory();

  /** The command line of an instance that may use so much memory. */
  List<String> command(int memoryMegabytes, List<String> jvmArguments);

  /** An executable that speaks the Runtime API by itself. */
  record Native(Path executable) implements Artifact {
    @Override
    public Path directory() {
      return Objects.requireNonNull(executable.toAbsolutePath().getParent());
    }

    @Override
    public List<String> command(int memoryMegabytes, List<String> jvmArguments) {
      return List.of(executable.toAbsolutePath().toString());
    }
  }

  /** Jars, started by AWS's own runtime interface client, as Lambda's Java runtime does. */
  record Jvm(Path directory) implements Artifact {
    /** Without it the client unpacks its library over that of instances that run already. */
    private static final String JNI_PROPERTY =
        "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    private static final String JNI_FILE = "libaws-lambda-jni.so";

    /** Unpacks the client's library once, for all instances to map. */
    void unpackLibrary() throws IOException {
      Path library = directory.resolve(JNI_FILE);
      if (Files.exists(library)) {
        return;
      }
      String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
      String resource = "/jni/libaws-lambda-jni.linux-" + machine + ".so";
      Path fresh = Files.createTempFile(directory, "jni-", ".tmp");
      try (InputStream in = Objects.requireNonNull(AWSLambda.class.getResourceAsStream(resource))) {
        Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public List<String> command(int memoryMegabytes, List<String> jvmArguments) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-Xmx" + Math.max(96, memoryMegabytes * 3 / 4) + "m",
              // Not --illegal-native-access: the AOT cache would link no class.
              "--enable-native-access=ALL-UNNAMED"));
      command.add("-D" + JNI_PROPERTY + "=" + directory.resolve(JNI_FILE));
      command.addAll(jvmArguments);
      command.addAll(List.of("-cp", classPath(), AWSLambda.class.getName()));
      command.add("io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest");
      return command;
    }

    private String classPath() {
      List<String> path = new ArrayList<>(List.of(directory.resolve("function.jar").toString()));
      try (Stream<Path> jars = Files.list(directory.resolve("lib"))) {
        // Sorted, so that two instances have the same class path and can share a class data
        // archive.
        jars.map(Path::toString).sorted().forEach(path::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      path.add(jarOf(AWSLambda.class));
      path.add(jarOf(PojoSerializer.class));
      return String.join(":", path);
    }

    private static String jarOf(Class<?> type) {
      try {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * The artifact in a file.
   *
   * @param file {@code function.zip} or a native executable
   * @param cache where a zip is unpacked, once per content
   */
  static Artifact of(Path file, Path cache) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "no packaged function at " + file + "; build it with ./mvnw package");
    }
    if (!file.getFileName().toString().endsWith(".zip")) {
      return new Native(file);
    }
    try {
      Path directory = cache.resolve("function-" + digest(file));
      if (!Files.isDirectory(directory)) {
        unpack(file, directory);
      }
      Path bootstrap = directory.resolve("bootstrap");
      if (Files.exists(bootstrap)) {
        return new Native(bootstrap);
      }
      Jvm jvm = new Jvm(directory);
      jvm.unpackLibrary();
      return jvm;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack " + file, e);
    }
  }

  private static String digest(Path file) throws IOException {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Jars of {@code lib/} stay as they are; loose classes go into {@code function.jar}, because the
   * JVM's AOT cache takes no directories. Two clouds may unpack at once: the first to rename wins.
   */
  private static void unpack(Path zip, Path directory) throws IOException {
    Files.createDirectories(directory.toAbsolutePath().getParent());
    Path fresh = Files.createTempDirectory(directory.toAbsolutePath().getParent(), "unpacking-");
    Files.createDirectories(fresh.resolve("lib"));
    try (ZipInputStream in =
            new ZipInputStream(new BufferedInputStream(Files.newInputStream(zip)));
        OutputStream file = Files.newOutputStream(fresh.resolve("function.jar"));
        JarOutputStream jar = new JarOutputStream(file)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path name = Path.of(entry.getName()).normalize();
        if (entry.isDirectory() || name.startsWith("..") || name.isAbsolute()) {
          continue;
        }
        if (name.startsWith("lib") || name.toString().equals("bootstrap")) {
          Files.copy(in, fresh.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } else {
          jar.putNextEntry(new ZipEntry(entry.getName()));
          in.transferTo(jar);
        }
      }
    }
    Path bootstrap = fresh.resolve("bootstrap");
    if (Files.exists(bootstrap) && !bootstrap.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable " + bootstrap);
    }
    try {
      Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Somebody else was first, if it is there now: which of several reasons says so, differs.
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }
}
