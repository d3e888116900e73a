package io.agentvault.lambda;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * In the native image, how the JDK's HTTP client decides that a kept connection can be used again.
 *
 * <p>Before each POST on one, the JDK reads from it and waits 1 ms for nothing to come: as long as
 * all the rest of a warm get takes. Here it does so only when the connection was not taken within
 * the last 5 seconds, which is how long the JDK by itself trusts an idle connection. If the other
 * side closed it sooner, the call fails at once and the SDK repeats it on a new one. Only requests
 * sent with a fixed length are probed at all: the SDK's are, those to Lambda's Runtime API are not.
 */
final class KeptConnections {
  private static final long TRUSTED_NANOSECONDS = 5_000_000_000L;
  private static final int PROBE_MILLISECONDS = 1;

  /**
   * When each connection was last taken, by {@link System#nanoTime}. Static, because a class of the
   * JDK is what asks; weak, so that a closed connection is forgotten.
   */
  private static final Map<Object, Long> TAKEN = Collections.synchronizedMap(new WeakHashMap<>());

  private KeptConnections() {}

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
      long now = System.nanoTime();
      Long taken = TAKEN.put(this, now);
      boolean trusted = taken != null && now - taken < TRUSTED_NANOSECONDS;
      return trusted || isOpen(((Connection) (Object) this).serverSocket);
    }
  }

  private static boolean isOpen(Socket socket) {
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
