package io.agentvault.lambda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.classfile.MethodModel;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes is what the JDK itself reads and writes, whatever pieces it comes in. */
class MessageHeadsTest {
  private static final String HEAD = "sun/net/www/MessageHeader";
  private static final String CLIENT = "sun/net/www/http/HttpClient";
  private static final String CONNECTION = "sun/net/www/protocol/http/HttpURLConnection";
  private static final String BODY = CONNECTION + "$StreamingOutputStream";
  private static final String POSTED = "Lsun/net/www/http/PosterOutputStream;";

  /** Bytes that come in pieces, and end where they end. */
  private static final class Pieces extends InputStream {
    private final InputStream whole;
    private final Random random;

    Pieces(byte[] whole, long seed) {
      this.whole = new ByteArrayInputStream(whole);
      this.random = new Random(seed);
    }

    @Override
    public int read() throws IOException {
      return whole.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return whole.read(into, offset, Math.min(length, 1 + random.nextInt(700)));
    }

    @Override
    public int available() {
      return random.nextInt(3);
    }
  }

  @Property(tries = 2_000)
  void whatIsTakenAndWhatIsLeftAreTheStreams(
      @ForAll @IntRange(max = 3_000) int length,
      @ForAll @IntRange(max = 3_100) int taken,
      @ForAll long seed)
      throws IOException {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    InputStream in = new BufferedInputStream(new Pieces(bytes, seed));

    MessageHeads.Ahead ahead = new MessageHeads.Ahead(in);
    for (int i = 0; i < taken; i++) {
      assertThat(ahead.read()).isEqualTo(i < length ? Byte.toUnsignedInt(bytes[i]) : -1);
    }
    ahead.release();

    assertThat(in.readAllBytes())
        .isEqualTo(Arrays.copyOfRange(bytes, Math.min(taken, length), length));
  }

  /** And the body behind it is still there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: a\r\n continued\r\nX: b\r\n\r\n",
        "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 500\r\n\r\n",
        "no line at all",
        ""
      })
  void theJdksParserReadsTheSameHeadFromIt(String head) throws Exception {
    String longer = head.replace("X: a", "X: " + "a".repeat(5_000));
    for (String each : List.of(head, longer)) {
      for (long seed = 0; seed < 20; seed++) {
        InputStream plain = stream(each + "body", seed);
        InputStream given = stream(each + "body", seed);
        Object expected = header();
        call(expected, "mergeHeader", plain);
        Object found = header();
        MessageHeads.Ahead ahead = new MessageHeads.Ahead(given);
        call(found, "mergeHeader", ahead);
        ahead.release();

        assertThat(lines(found)).isEqualTo(lines(expected));
        assertThat(given.readAllBytes()).isEqualTo(plain.readAllBytes());
      }
    }
  }

  @Test
  void aStreamThatFailsFailsAsBefore() {
    InputStream failing =
        new BufferedInputStream(
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("reset");
              }
            });

    assertThatThrownBy(() -> new MessageHeads.Ahead(failing))
        .isInstanceOf(IOException.class)
        .hasMessage("reset");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST / HTTP/1.1", "POST /", "Host"})
  void aHeadIsWrittenAsTheJdkWritesIt(String first) throws Exception {
    String[] names = {first, "Host", null, "Empty", "None", "Long"};
    String[] values = {null, "localhost:1", "of nobody", "", null, "x".repeat(9_000)};
    Object header = header();
    Method add = header.getClass().getMethod("add", String.class, String.class);
    for (int i = 0; i < names.length; i++) {
      add.invoke(header, names[i], values[i]);
    }
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    header
        .getClass()
        .getMethod("print", PrintStream.class)
        .invoke(header, new PrintStream(written, false, ISO_8859_1));

    assertThat(MessageHeads.text(names.length, names, values, line -> line.endsWith("HTTP/1.1")))
        .isEqualTo(written.toString(ISO_8859_1));
  }

  /** As the JDK does it: it asks for errors behind the head and before each part of the body. */
  @Test
  void aBodyGoesOutWithTheHeadThatWasHeldBack() {
    List<String> sent = new ArrayList<>();
    MessageHeads.Outgoing out = outgoing(sent);
    out.print("head ");
    out.hold();

    assertThat(out.checkError()).isFalse();
    out.write("body, ".getBytes(ISO_8859_1), 0, 6);
    assertThat(out.checkError()).isFalse();
    out.write("more".getBytes(ISO_8859_1), 0, 4);
    assertThat(sent).isEmpty();
    out.flush();

    assertThat(sent).containsExactly("head body, more");
  }

  @Test
  void whatIsNotHeldBackGoesOutWhenErrorsAreAskedFor() {
    List<String> sent = new ArrayList<>();
    MessageHeads.Outgoing out = outgoing(sent);
    out.hold();
    out.print("first");
    out.flush();
    out.print("second");

    assertThat(out.checkError()).isFalse();
    assertThat(sent).containsExactly("first", "second");
  }

  /** So that a connection that broke is not kept. */
  @Test
  void anErrorOfTheConnectionIsToldOnceItWasSentTo() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int each) throws IOException {
            throw new IOException("reset");
          }
        };
    MessageHeads.Outgoing out =
        new MessageHeads.Outgoing(
            new PrintStream(new BufferedOutputStream(broken), false, ISO_8859_1));
    out.print("head");
    out.hold();
    assertThat(out.checkError()).isFalse();
    out.flush();

    assertThat(out.checkError()).isTrue();
  }

  /**
   * When this fails after a change of the JDK, read them again: that a head is parsed from its
   * first byte on and by {@code read()} alone, that its one caller marks the stream anew before it
   * goes back in it, that a head is written as {@link MessageHeads#text} says, and that a body
   * behind a head is flushed when its stream is closed, which it is before the answer is read. Then
   * pin them anew.
   */
  @Test
  void theJdkReadsAndWritesHeadsAsItDidWhenThatWasReplaced() throws IOException {
    Map<String, String> digests = new HashMap<>();
    for (String name : List.of("parseHeader", "mergeHeader", "isRequestline")) {
      digests.put(name, digest(HEAD, name, ""));
    }
    digests.put("print", digest(HEAD, "print", "(I"));
    digests.put("parseHTTPHeader", digest(CLIENT, "parseHTTPHeader", ""));
    String head = "(L" + HEAD + ";";
    digests.put("writeRequests", digest(CLIENT, "writeRequests", head + ")"));
    digests.put("writeRequests, body", digest(CLIENT, "writeRequests", head + POSTED + ")"));
    digests.put("getOutputStream", digest(CLIENT, "getOutputStream", ""));
    digests.put("getOutputStream0", digest(CONNECTION, "getOutputStream0", ""));
    digests.put("getInputStream0", digest(CONNECTION, "getInputStream0", ""));
    digests.put("checkError", digest(BODY, "checkError", ""));
    digests.put("close", digest(BODY, "close", ""));

    assertThat(digests)
        .isEqualTo(
            Map.ofEntries(
                entry("parseHeader", "e264a7642e9de2f7"),
                entry("mergeHeader", "a5696c6b69b6d728"),
                entry("isRequestline", "f255011cd4fb2dda"),
                entry("print", "2856d8c9162807e7"),
                entry("parseHTTPHeader", "0b35c1cb5635776e"),
                entry("writeRequests", "dbc4ad49bc9849cb"),
                entry("writeRequests, body", "60447767127747a3"),
                entry("getOutputStream", "0705fa6890242d07"),
                entry("getOutputStream0", "1e75b248298f3f5c"),
                entry("getInputStream0", "a3fb0ad9f26f2d6d"),
                entry("checkError", "a1d207a80a90f89d"),
                entry("close", "e07ee80c360e6bf3")));
  }

  private static String digest(String owner, String name, String type) throws IOException {
    MethodModel method =
        Instructions.ofTheJdk(owner).methods().stream()
            .filter(each -> each.methodName().equalsString(name))
            .filter(each -> each.methodType().stringValue().startsWith(type))
            .findFirst()
            .orElseThrow();
    return Instructions.digest(method);
  }

  /** By way of a buffer, as the JDK makes it, to what counts the packets. */
  private static MessageHeads.Outgoing outgoing(List<String> sent) {
    OutputStream packets =
        new OutputStream() {
          @Override
          public void write(int each) {
            throw new AssertionError("one byte");
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            sent.add(new String(bytes, offset, length, ISO_8859_1));
          }
        };
    return new MessageHeads.Outgoing(
        new PrintStream(new BufferedOutputStream(packets), false, ISO_8859_1));
  }

  private static InputStream stream(String text, long seed) {
    return new BufferedInputStream(new Pieces(text.getBytes(ISO_8859_1), seed));
  }

  private static Object header() throws ReflectiveOperationException {
    return Class.forName(HEAD.replace('/', '.')).getConstructor().newInstance();
  }

  /** What it holds, without which object it is. */
  private static String lines(Object header) {
    return header.toString().substring(header.toString().indexOf(" pairs"));
  }

  private static void call(Object header, String name, InputStream in)
      throws ReflectiveOperationException {
    header.getClass().getMethod(name, InputStream.class).invoke(header, in);
  }
}
