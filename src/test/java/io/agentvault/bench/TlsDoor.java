package io.agentvault.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * TLS before a service that speaks none, and a way to it: a client waits for one delay when it
 * connects, one in the handshake, and one for each request. It hands bytes on and knows no HTTP; a
 * request is what comes after the service's last word.
 */
final class TlsDoor implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final SSLServerSocket listener;
  private final long delayNanos;
  private final CompletableFuture<URI> service = new CompletableFuture<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private TlsDoor(SSLServerSocket listener, Duration delay) {
    this.listener = listener;
    this.delayNanos = delay.toNanos();
  }

  /** On a free port of the loopback. */
  static TlsDoor open(TlsKeys keys, Duration delay) throws IOException {
    SSLServerSocket listener =
        (SSLServerSocket)
            keys.server()
                .getServerSocketFactory()
                .createServerSocket(0, 512, InetAddress.getLoopbackAddress());
    TlsDoor door = new TlsDoor(listener, delay);
    start(door::accept);
    return door;
  }

  String url() {
    return "https://localhost:" + listener.getLocalPort();
  }

  /** To which service; whoever came before waits. */
  void leadTo(URI endpoint) {
    service.complete(endpoint);
  }

  private void accept() {
    try {
      while (true) {
        SSLSocket client = (SSLSocket) listener.accept();
        open.add(client);
        start(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(SSLSocket client) {
    URI to = service.join();
    try (client;
        Socket server = new Socket(to.getHost(), to.getPort())) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      LockSupport.parkNanos(2 * delayNanos); // TCP's handshake, and the first half of that of TLS
      client.startHandshake();
      AtomicBoolean answered = new AtomicBoolean(true);
      start(() -> answers(server, client, answered));
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (answered.getAndSet(false)) {
          LockSupport.parkNanos(delayNanos);
        }
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      // one of the two is gone, and with this so is the other
    } finally {
      open.remove(client);
    }
  }

  private static void answers(Socket server, SSLSocket client, AtomicBoolean answered) {
    try (client) {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        answered.set(true); // before the client can have read it and asked for more
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      // one of the two is gone, and with this so is the other
    }
  }

  /** A thread of the platform: those that are not wake up late from a short wait. */
  private static void start(Runnable work) {
    Thread.ofPlatform().daemon().name("tls-door").start(work);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket client : open) {
      client.close();
    }
  }
}
