package io.agentvault.lambda;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * In the native image, how the JDK's HTTP client decides that a kept connection can be used again.
 *
 * <p>Before each POST on one, the JDK reads from it and waits 1 ms for nothing to come: as long as
 * all the rest of a warm get takes. Here it does so only when the connection was not taken within
 * the last 5 seconds, which is how long the JDK by itself trusts an idle connection. If the other
 * side closed it sooner, the call fails at once and the SDK repeats it on a new one. Only requests
 * sent with a fixed length are probed at all: the SDK's are, those to Lambda's Runtime API are not.
 *
 * <p>Lambda freezes an instance between invocations, and does not say whether its clocks go on
 * meanwhile. {@link System#nanoTime} does while a process is stopped, and stands still while a
 * machine is. The time of day is right after a thaw at the latest when a call is signed with it, or
 * AWS would refuse the signature. So a connection is trusted only by both; were both wrong, it is
 * the case above: one attempt fails and is repeated.
 */
final class KeptConnections {
  private static final int PROBE_MILLISECONDS = 1;

  /** Static, because a class of the JDK is what asks. 0 makes it do as the JDK does by itself. */
  private static final AtomicReference<Duration> TRUSTED =
      new AtomicReference<>(Duration.ofSeconds(5));

  /** When each connection was last taken; weak, so that a closed connection is forgotten. */
  private static final Map<Object, Moment> TAKEN = Collections.synchronizedMap(new WeakHashMap<>());

  private KeptConnections() {}

  /**
   * A moment by both clocks.
   *
   * @param nanos by {@link System#nanoTime}
   * @param millis since 1970
   */
  record Moment(long nanos, long millis) {
    static Moment now() {
      return new Moment(System.nanoTime(), System.currentTimeMillis());
    }

    /**
     * Whether less than {@code span} has gone by since then; not if the time of day was set back.
     */
    boolean isWithin(Duration span, Moment then) {
      long byDay = millis - then.millis;
      return nanos - then.nanos < span.toNanos() && byDay >= 0 && byDay < span.toMillis();
    }
  }

  /** How long after it was taken a connection is used again unasked; zero asks each time. */
  static void trust(Duration span) {
    TRUSTED.set(span);
  }

  @TargetClass(className = "sun.net.NetworkClient")
  static final class Connection {
    @SuppressWarnings("NullAway.Init")
    @Alias
    Socket serverSocket;
  }

  @TargetClass(className = "sun.net.www.http.HttpClient")
  static final class KeptConnection {
    /** Asked once each time that the connection is taken out of the cache for a POST. */
    @Substitute
    boolean available() {
      return isTrusted(this, Moment.now()) || isOpen(((Connection) (Object) this).serverSocket);
    }
  }

  /** Whether the connection was taken a short while ago; it is taken now. */
  static boolean isTrusted(Object connection, Moment now) {
    Moment taken = TAKEN.put(connection, now);
    return taken != null && now.isWithin(TRUSTED.get(), taken);
  }

  /** What the JDK does: nothing comes, and it has not ended. */
  static boolean isOpen(Socket socket) {
    try {
      int timeout = socket.getSoTimeout();
      socket.setSoTimeout(PROBE_MILLISECONDS);
      try {
        socket.getInputStream().read();
        return false; // it ended, or speaks out of turn
      } catch (SocketTimeoutException nothingCame) {
        return true;
      } finally {
        socket.setSoTimeout(timeout);
      }
    } catch (IOException e) {
      return false;
    }
  }
}
