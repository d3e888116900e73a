package io.agentvault.local.host;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a cloud has started, closed in reverse order: by the cloud, or as the JVM goes down. */
public final class Parts implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Thread hook = new Thread(this::closeAll, "local-cloud-stop");
  private final PrintStream console;

  public Parts(PrintStream console) {
    this.console = console;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public <T extends AutoCloseable> T keep(T part) {
    synchronized (started) {
      started.push(part);
    }
    return part;
  }

  private void closeAll() {
    while (true) {
      AutoCloseable part;
      synchronized (started) {
        part = started.poll();
      }
      if (part == null) {
        return;
      }
      try {
        part.close();
      } catch (Exception e) {
        // The others must be closed all the same.
        console.println("local cloud: " + part.getClass().getSimpleName() + " did not close");
      }
    }
  }

  @Override
  public void close() {
    closeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is on its way down already, and this is its hook.
      return;
    }
  }
}
