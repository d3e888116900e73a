package io.agentvault.lambda;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * In the native image, how the head of an HTTP message passes between the JDK's HTTP client and its
 * connection: in one piece, and that of a request together with the body behind it.
 *
 * <p>By itself the JDK takes the head of an answer byte by byte out of a stream that locks a
 * monitor for each, and sends that of a request line by line through four streams and an encoder,
 * and before its body. A warm get, which exchanges four messages, spent a fifth of its instructions
 * on that, and its call to DynamoDB took two packets, over TLS two records. What is read and
 * written, and what it means, is the JDK's affair as before: its parser gets the same bytes, and
 * the connection the same head and body. A body that the connection's buffer of 8 KB does not hold
 * together with the head follows it in a packet of its own, as before.
 *
 * <p>That a kept connection had ended is now seen when the answer is read, as it mostly was before,
 * and the SDK repeats the call on a new one.
 */
final class MessageHeads {
  private static final int USUAL_CHARACTERS = 1024;

  private MessageHeads() {}

  @TargetClass(className = "sun.net.www.MessageHeader")
  static final class Head {
    @Alias private int nkeys;
    @Alias private long size;

    @Alias
    public native void mergeHeader(InputStream in) throws IOException;

    @Alias
    private static native boolean isRequestline(String line);

    @Alias
    public native void print(PrintStream out);

    @Alias
    public native @Nullable String findValue(String name);

    /** Asked once for each answer. */
    @Substitute
    public void parseHeader(InputStream in) throws IOException {
      synchronized (this) {
        nkeys = 0;
        size = 0;
      }
      Ahead ahead = new Ahead(in);
      mergeHeader(ahead);
      ahead.release();
    }

    /**
     * Asked once for each request. It does not flush: whoever asks does, at once or when the body
     * is there.
     */
    @Substitute
    private static void print(int nkeys, String[] keys, String[] values, PrintStream out) {
      out.print(text(nkeys, keys, values, Head::isRequestline));
    }
  }

  @TargetClass(className = "sun.net.NetworkClient")
  static final class Connected {
    @SuppressWarnings("NullAway.Init")
    @Alias
    public PrintStream serverOutput;
  }

  @TargetClass(className = "sun.net.www.http.PosterOutputStream")
  static final class Posted {}

  @TargetClass(className = "sun.net.www.http.HttpClient")
  static final class Client {
    @SuppressWarnings("NullAway.Init")
    @Alias
    Head requests;

    @Alias @Nullable Posted poster;
    @Alias boolean streaming;

    /**
     * The head of a request whose body is written by and by waits for it, unless the other side is
     * asked first whether it wants one.
     */
    @Substitute
    public void writeRequests(Head head, @Nullable Posted body) throws IOException {
      requests = head;
      Outgoing out = (Outgoing) getOutputStream();
      head.print(out);
      poster = body;
      if (body != null) {
        ((ByteArrayOutputStream) (Object) body).writeTo(out);
      }
      if (streaming && head.findValue("Expect") == null) {
        out.hold();
      } else {
        out.flush();
      }
    }

    @Substitute
    public OutputStream getOutputStream() {
      Connected connected = (Connected) (Object) this;
      if (!(connected.serverOutput instanceof Outgoing)) {
        connected.serverOutput = new Outgoing(connected.serverOutput);
      }
      return connected.serverOutput;
    }
  }

  /**
   * To a connection, by way of a buffer. While a head is held back, {@link #checkError} does not
   * flush, which it does otherwise; {@link #flush} sends what is there.
   */
  static final class Outgoing extends PrintStream {
    private boolean holding;

    Outgoing(PrintStream buffer) {
      super(buffer, false, buffer.charset());
    }

    void hold() {
      holding = true;
    }

    @Override
    public void flush() {
      holding = false;
      super.flush();
    }

    @Override
    public boolean checkError() {
      return !holding && super.checkError();
    }
  }

  /**
   * The lines of a head, the empty one behind them included.
   *
   * @param count how many there are; those without a name are left out
   * @param isRequestLine of the first one, if it has no value: it gets no colon then
   */
  static String text(
      int count,
      @Nullable String[] names,
      @Nullable String[] values,
      Predicate<String> isRequestLine) {
    StringBuilder head = new StringBuilder(USUAL_CHARACTERS);
    for (int i = 0; i < count; i++) {
      String name = names[i];
      if (name != null) {
        head.append(name);
        if (values[i] != null) {
          head.append(": ").append(values[i]);
        } else if (i != 0 || !isRequestLine.test(name)) {
          head.append(':');
        }
        head.append("\r\n");
      }
    }
    return head.append("\r\n").toString();
  }

  /**
   * Gives out the bytes of a stream, of which it has read the next ones at once, as far as they had
   * come. What of these nobody took is the stream's again once this is released.
   */
  static final class Ahead extends InputStream {
    /** More than most heads have. */
    private static final int MOST_BYTES = 1024;

    private final InputStream in;
    private final byte[] bytes = new byte[MOST_BYTES];
    private final int length;
    private int next;

    /**
     * @param in one that can be marked; a mark that it has is lost
     */
    Ahead(InputStream in) throws IOException {
      this.in = in;
      in.mark(MOST_BYTES);
      length = Math.max(0, in.read(bytes));
    }

    @Override
    public int read() throws IOException {
      return next < length ? Byte.toUnsignedInt(bytes[next++]) : in.read();
    }

    /** Once, when the last byte was taken. */
    void release() throws IOException {
      if (next < length) {
        in.reset();
        in.skipNBytes(next);
      }
    }
  }
}
