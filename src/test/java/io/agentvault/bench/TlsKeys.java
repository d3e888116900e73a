package io.agentvault.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * An authority of the bench's own and a server's key that it vouches for, RSA of 2,048 bits as
 * AWS's endpoints have, made by the JDK's keytool.
 */
record TlsKeys(Path directory) {
  private static final String PASSWORD = "bench-only";
  private static final List<Path> SYSTEM_BUNDLES =
      List.of(
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/certs/ca-certificates.crt"));

  /** New ones, in place of those that the directory has. */
  static TlsKeys make(Path directory) throws IOException, InterruptedException {
    TlsKeys keys = new TlsKeys(directory.toAbsolutePath());
    Files.createDirectories(keys.directory.resolve("none"));
    for (Path old : List.of(keys.serverStore(), keys.trustStore(), keys.bundle())) {
      Files.deleteIfExists(old);
    }
    List<String> pair = List.of("-genkeypair", "-keyalg", "RSA", "-keysize", "2048");
    keys.keytool(
        pair, "-alias", "authority", "-dname", "CN=bench authority", "-ext", "bc:critical=ca:true");
    keys.keytool(
        pair,
        "-alias",
        "server",
        "-signer",
        "authority",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost");
    Path authority = keys.directory.resolve("authority.pem");
    keys.keytool(
        List.of("-exportcert", "-rfc"), "-alias", "authority", "-file", authority.toString());
    keys.trust(authority);
    return keys;
  }

  /** The authority alone, without a password, so that reading it takes no key derivation. */
  private void trust(Path authority) throws IOException, InterruptedException {
    run(
        List.of(
            "-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE",
            "-J-Dkeystore.pkcs12.macAlgorithm=NONE",
            "-importcert",
            "-noprompt",
            "-file",
            authority.toString(),
            "-alias",
            "authority",
            "-keystore",
            trustStore().toString(),
            "-storepass",
            PASSWORD));
    Optional<Path> system = SYSTEM_BUNDLES.stream().filter(Files::isReadable).findFirst();
    Files.write(bundle(), system.isPresent() ? Files.readAllBytes(system.get()) : new byte[0]);
    Files.write(bundle(), Files.readAllBytes(authority), StandardOpenOption.APPEND);
  }

  private void keytool(List<String> command, String... more)
      throws IOException, InterruptedException {
    run(
        Stream.of(
                command.stream(),
                Stream.of(more),
                Stream.of("-keystore", serverStore().toString(), "-storepass", PASSWORD))
            .flatMap(words -> words)
            .toList());
  }

  private void run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    Path output = directory.resolve("keytool.log");
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("keytool failed: " + Files.readString(output));
    }
  }

  private Path serverStore() {
    return directory.resolve("server.p12");
  }

  /** What Java functions are to trust. */
  Path trustStore() {
    return directory.resolve("trust.p12");
  }

  private Path bundle() {
    return directory.resolve("bundle.pem");
  }

  /**
   * What a Go function is to trust: all that this machine does, as it would on Lambda, and this.
   */
  Map<String, String> goEnvironment() {
    return Map.of(
        "SSL_CERT_FILE", bundle().toString(), "SSL_CERT_DIR", directory.resolve("none").toString());
  }

  /** For a server. */
  SSLContext server() throws IOException {
    try (InputStream in = Files.newInputStream(serverStore())) {
      KeyStore all = KeyStore.getInstance("PKCS12");
      all.load(in, PASSWORD.toCharArray());
      all.deleteEntry("authority");
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(all, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the keys in " + directory + " cannot be used", e);
    }
  }
}
