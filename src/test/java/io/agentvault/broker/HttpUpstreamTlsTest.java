package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.UpstreamUnreachable;
import io.agentvault.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS with an upstream is verified against the name that the policy allowed. */
class HttpUpstreamTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String AUTHORITY = "authority";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir private static Path directory;
  private static Path authority;

  @BeforeAll
  static void makeAuthority() throws Exception {
    authority = authority("authority");
  }

  @Test
  void anUpstreamWhoseCertificateIsForItsNameIsCalled() throws Exception {
    KeyStore keys = keys("right", "ip:127.0.0.1", "-validity", "2");
    try (RawServer server = server(keys)) {
      Reply reply = call(server, trusting(keys));
      assertThat(reply.body()).asString(UTF_8).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "wrong-name, dns:evil.example, -validity, 2",
    "wrong-address, ip:127.0.0.2, -validity, 2",
    "name-that-looks-right, dns:127.0.0.1, -validity, 2",
    "expired, ip:127.0.0.1, -startdate, -10d"
  })
  void aCertificateForAnotherNameOrAnotherTimeIsRefusedBeforeTheSecretIsSent(
      String alias, String name, String option, String value) throws Exception {
    KeyStore keys = keys(alias, name, option, value);
    try (RawServer server = server(keys)) {
      assertThatThrownBy(() -> call(server, trusting(keys)))
          .isInstanceOf(UpstreamUnreachable.class)
          .hasMessage("TLS with the upstream failed");
      assertThat(server.requests()).noneMatch(request -> request.contains("s3cret"));
    }
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefusedBeforeTheSecretIsSent() throws Exception {
    KeyStore keys = keys("self-signed", "ip:127.0.0.1", "-validity", "2");
    KeyStore others = read(authority("others"));
    try (RawServer server = server(keys)) {
      assertThatThrownBy(() -> call(server, trusting(others)))
          .isInstanceOf(UpstreamUnreachable.class);
      assertThat(server.requests()).noneMatch(request -> request.contains("s3cret"));
    }
  }

  private static Reply call(RawServer server, SSLContext tls) {
    Upstream upstream =
        new HttpUpstream(
            new Places(List.of(), Set.of(server.place())), InetAddress::getAllByName, tls);
    return upstream.call(
        new Outgoing(
            "GET",
            Target.parse("https://" + server.place() + "/"),
            List.of(new Header("Authorization", "Bearer s3cret")),
            new byte[0]),
        Deadline.after(Duration.ofSeconds(10), Clock.systemUTC()));
  }

  private static RawServer server(KeyStore keys) throws GeneralSecurityException, IOException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore leafOnly = KeyStore.getInstance("PKCS12");
    leafOnly.load(null, PASSWORD);
    String alias =
        Collections.list(keys.aliases()).stream()
            .filter(each -> !each.equals(AUTHORITY))
            .findFirst()
            .orElseThrow();
    leafOnly.setKeyEntry(
        alias, keys.getKey(alias, PASSWORD), PASSWORD, keys.getCertificateChain(alias));
    managers.init(leafOnly, PASSWORD);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    SSLServerSocket socket =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    return new RawServer(socket, client -> client.getOutputStream().write(OK.getBytes(ISO_8859_1)));
  }

  private static SSLContext trusting(KeyStore keys) throws GeneralSecurityException, IOException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, PASSWORD);
    trusted.setCertificateEntry(AUTHORITY, keys.getCertificate(AUTHORITY));
    managers.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, managers.getTrustManagers(), null);
    return tls;
  }

  /** A key pair whose certificate the authority signed, as the JDK's own tool makes it. */
  private static KeyStore keys(String alias, String name, String option, String value)
      throws Exception {
    Path file = directory.resolve(alias + ".p12");
    Files.copy(authority, file);
    List<String> leaf = new ArrayList<>(List.of("-alias", alias, "-dname", "CN=" + alias));
    leaf.addAll(List.of("-signer", AUTHORITY, "-ext", "san=" + name, option, value));
    if (option.equals("-startdate")) {
      leaf.addAll(List.of("-validity", "5"));
    }
    keytool(file, leaf.toArray(new String[0]));
    return read(file);
  }

  private static Path authority(String name) throws Exception {
    Path file = directory.resolve(name + ".p12");
    keytool(file, "-alias", AUTHORITY, "-dname", "CN=authority", "-ext", "bc:c");
    return file;
  }

  private static KeyStore read(Path file) throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private static void keytool(Path file, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", file.toString(), "-storepass", new String(PASSWORD)));
    command.addAll(List.of(arguments));
    Process tool = new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start();
    assertThat(tool.waitFor()).isZero();
  }
}
