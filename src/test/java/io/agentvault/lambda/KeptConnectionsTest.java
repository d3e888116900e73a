package io.agentvault.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.lambda.KeptConnections.Moment;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a kept connection is used again unasked, and what in the JDK this stands on. */
final class KeptConnectionsTest {
  private static final Duration USUAL = Duration.ofSeconds(5);

  private static final String CLIENT = "sun/net/www/http/HttpClient";
  private static final String SECURE_CLIENT = "sun/net/www/protocol/https/HttpsClient";

  @AfterEach
  void trustAsUsual() {
    KeptConnections.trust(USUAL);
  }

  @ParameterizedTest(name = "trusted {0} s, {1} ms by one clock and {2} ms by the other: {3}")
  @CsvSource({
    "5, 0, 0, true",
    "5, 4999, 4999, true",
    "5, 5000, 5000, false",
    // frozen, and the clock that nobody sets stood still
    "5, 1, 180000, false",
    // frozen, and the time of day is not right yet
    "5, 180000, 1, false",
    // the time of day was set back: nothing is known
    "5, 1, -1, false",
    "1, 999, 999, true",
    "1, 1000, 1000, false",
    // switched off
    "0, 0, 0, false"
  })
  void aConnectionIsTrustedForAShortWhileByBothClocks(
      int seconds, long byNanoTime, long byDay, boolean trusted) {
    KeptConnections.trust(Duration.ofSeconds(seconds));
    Object connection = new Object();
    assertThat(KeptConnections.isTrusted(connection, new Moment(7, 7))).as("a new one").isFalse();
    assertThat(
            KeptConnections.isTrusted(
                connection, new Moment(7 + byNanoTime * 1_000_000, 7 + byDay)))
        .isEqualTo(trusted);
  }

  @Test
  void trustIsRenewedByEachUseAndIsForOneConnection() {
    Object used = new Object();
    for (int second = 0; second < 12; second += 4) {
      boolean trusted =
          KeptConnections.isTrusted(used, new Moment(second * 1_000_000_000L, second * 1_000L));
      assertThat(trusted).isEqualTo(second > 0);
    }
    assertThat(KeptConnections.isTrusted(new Object(), new Moment(8_000_000_001L, 8_001)))
        .isFalse();
  }

  @Test
  void aSilentConnectionIsOpenAndOneThatEndedOrSpeaksIsNot() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket other = server.accept()) {
      client.setSoTimeout(1234);
      assertThat(KeptConnections.isOpen(client)).isTrue();
      assertThat(client.getSoTimeout()).isEqualTo(1234);
      other.getOutputStream().write('x');
      awaitBytes(client);
      assertThat(KeptConnections.isOpen(client)).isFalse();
      other.shutdownOutput();
      client.setSoTimeout(0);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(KeptConnections.isOpen(client)).isFalse();
      client.close();
      assertThat(KeptConnections.isOpen(client)).isFalse();
    }
  }

  private static void awaitBytes(Socket socket) throws IOException {
    while (socket.getInputStream().available() == 0) {
      Thread.onSpinWait();
    }
  }

  /**
   * The substituted method is asked in these places of the JDK and in no other, and they and it are
   * as they were when it was replaced. When this fails after a change of the JDK, read them again:
   * that it is asked once each time that a connection leaves the cache for a POST of fixed length,
   * and does nothing but probe. Then pin them anew.
   */
  @Test
  void theJdkAsksWhereAndAsItDidWhenItsAnswerWasReplaced() throws IOException {
    assertThat(callers())
        .containsExactlyInAnyOrder(
            CLIENT
                + ".New(Ljava/net/URL;Ljava/net/Proxy;IZLsun/net/www/protocol/http/HttpURLConnection;)",
            SECURE_CLIENT
                + ".New(Ljavax/net/ssl/SSLSocketFactory;Ljava/net/URL;Ljavax/net/ssl/HostnameVerifier;Ljava/net/Proxy;ZILsun/net/www/protocol/http/HttpURLConnection;)");
    Map<String, String> digests = new TreeMap<>();
    digests.put("available", Instructions.digest(method(CLIENT, "available", "()Z")));
    for (String owner : List.of(CLIENT, SECURE_CLIENT)) {
      MethodModel caller =
          Instructions.ofTheJdk(owner).methods().stream()
              .filter(method -> invocations(method).findAny().isPresent())
              .findFirst()
              .orElseThrow();
      digests.put(owner.substring(owner.lastIndexOf('/') + 1), Instructions.digest(caller));
    }
    assertThat(digests)
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    "available", "8974423ff02a68b7",
                    "HttpClient", "01d0f81562e3a0c6",
                    "HttpsClient", "56a84e3450f61777")));
  }

  /** Every method of {@code java.base} that calls it: class, name and parameters. */
  private static List<String> callers() throws IOException {
    List<String> callers = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Instructions.JDK)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        if (!new String(bytes, StandardCharsets.ISO_8859_1).contains("available")) {
          continue;
        }
        ClassModel model = ClassFile.of().parse(bytes);
        for (MethodModel method : model.methods()) {
          if (invocations(method).findAny().isPresent()) {
            String type = method.methodType().stringValue();
            callers.add(
                model.thisClass().asInternalName()
                    + "."
                    + method.methodName().stringValue()
                    + type.substring(0, type.indexOf(')') + 1));
          }
        }
      }
    }
    return callers;
  }

  private static Stream<InvokeInstruction> invocations(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .filter(InvokeInstruction.class::isInstance)
        .map(InvokeInstruction.class::cast)
        .filter(
            call ->
                call.name().equalsString("available")
                    && call.type().equalsString("()Z")
                    && List.of(CLIENT, SECURE_CLIENT).contains(call.owner().asInternalName()));
  }

  private static MethodModel method(String owner, String name, String type) throws IOException {
    return Instructions.ofTheJdk(owner).methods().stream()
        .filter(method -> method.methodName().equalsString(name))
        .filter(method -> method.methodType().equalsString(type))
        .findFirst()
        .orElseThrow();
  }
}
