package io.agentvault.local.host;

import java.io.IOException;

/** A JVM that starts a long process under a watchdog and then waits to be killed. */
final class WatchdogVictim {
  private WatchdogVictim() {}

  public static void main(String[] arguments) throws IOException {
    Watchdog watchdog = new Watchdog();
    Process orphan = new ProcessBuilder("sleep", "600").start();
    watchdog.watch(orphan);
    System.out.println(orphan.pid());
    int read = System.in.read();
    System.out.println("woken by " + read);
  }
}
