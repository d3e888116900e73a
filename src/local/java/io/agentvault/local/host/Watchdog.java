package io.agentvault.local.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A shell that ends the cloud's processes when this JVM is gone, however it went: its pipe closes,
 * and it kills, by id, whatever was started and has not ended. An interrupt from the terminal
 * reaches it too, and it ignores that.
 */
public final class Watchdog implements AutoCloseable {
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      pids=' '
      while read -r action pid; do
        case "$action" in
          started) pids="$pids$pid " ;;
          ended) case "$pids" in *" $pid "*) pids="${pids%% $pid *} ${pids#* $pid }" ;; esac ;;
        esac
      done
      for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
      exit 0
      """;

  private final Process shell;
  private final Writer pipe;

  public Watchdog() {
    try {
      shell =
          new ProcessBuilder("sh", "-c", SCRIPT)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      pipe = shell.outputWriter(StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a shell", e);
    }
  }

  public void watch(Process process) {
    tell("started", process.pid());
    var _ = process.onExit().thenAccept(ended -> tell("ended", ended.pid()));
  }

  private synchronized void tell(String action, long pid) {
    try {
      pipe.write(action + " " + pid + "\n");
      pipe.flush();
    } catch (IOException e) {
      // The shell is gone, by close() or by hand: then orphans are prevented by close() alone.
      return;
    }
  }

  /** Asks a process to end, and kills it when it has not after 5 seconds. */
  public static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** What still runs is killed by the shell as its pipe closes. */
  @Override
  public synchronized void close() {
    try {
      pipe.close();
      shell.waitFor();
    } catch (IOException e) {
      shell.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
