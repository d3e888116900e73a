package io.agentvault.lambda;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * In the native image, how the head of an HTTP message passes between the JDK's HTTP client and its
 * connection: in one piece.
 *
 * <p>By itself the JDK takes the head of an answer byte by byte out of a stream that locks a
 * monitor for each, and sends that of a request line by line through four streams and an encoder. A
 * warm get, which exchanges four messages, spent a fifth of its instructions on that. What is read
 * and written, and what it means, is the JDK's affair as before: its parser gets the same bytes,
 * and the connection the same head.
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
     * Asked once for each request, by who flushes then: what stands behind the head by that time,
     * goes out with it.
     */
    @Substitute
    private static void print(int nkeys, String[] keys, String[] values, PrintStream out) {
      out.print(text(nkeys, keys, values, Head::isRequestline));
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
