package io.agentvault.local.runtime;

import io.agentvault.local.host.Watchdog;
import io.agentvault.local.template.Template;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One process of a function with its Runtime API. It takes one event at a time. */
public final class FunctionInstance {
  /** What a process is started with. */
  public record Launch(
      List<String> command,
      File directory,
      Map<String, String> environment,
      File log,
      Watchdog watchdog) {}

  /** What the pool hears of an instance. */
  interface Listener {
    /** The instance can take an event. */
    void idle(FunctionInstance instance);

    /** The instance gave its answer and will be idle in a moment. */
    void returning(FunctionInstance instance);

    /** The process ended before it could take any event. */
    void neverStarted(FunctionInstance instance, Outcome.Failure reason);

    /** The process ended. */
    void ended(FunctionInstance instance);
  }

  private final Template.Function function;
  private final int number;
  private final Listener listener;
  private final RuntimeApi api;
  private final Process process;
  private final ReentrantLock birth = new ReentrantLock();
  private final long startedNanos = System.nanoTime();
  private volatile boolean started;
  private volatile boolean used;
  private volatile @Nullable Duration startup;
  private volatile Outcome.@Nullable Failure initError;

  FunctionInstance(Template.Function function, int number, Launch launch, Listener listener) {
    this.function = function;
    this.number = number;
    this.listener = listener;
    this.api = runtimeApi(launch.environment().getOrDefault("VAULT_LOCAL_UPSTREAMS", ""));
    birth.lock();
    try {
      ProcessBuilder builder = new ProcessBuilder(launch.command());
      builder.directory(launch.directory());
      // Nothing of this process's environment goes down: credentials and settings would leak in.
      builder.environment().clear();
      builder.environment().putAll(launch.environment());
      builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.address());
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log()));
      this.process = builder.start();
    } catch (IOException e) {
      api.close();
      throw new UncheckedIOException("cannot start " + name(), e);
    } finally {
      birth.unlock();
    }
    launch.watchdog().watch(process);
    var _ = process.onExit().thenAccept(this::exited);
  }

  /** On a port that no use may call, should a service of that port not be running. */
  private RuntimeApi runtimeApi(String upstreams) {
    RuntimeApi candidate = new RuntimeApi(name(), new RuntimeEvents());
    if (!List.of(upstreams.split(",", -1)).contains(candidate.address())) {
      return candidate;
    }
    try (candidate) {
      return runtimeApi(upstreams);
    }
  }

  private final class RuntimeEvents implements RuntimeApi.Listener {
    @Override
    public void ready() {
      // An executable may ask for its first event before its process is known here.
      birth.lock();
      birth.unlock();
      if (!started) {
        startup = Duration.ofNanos(System.nanoTime() - startedNanos);
        started = true;
      }
      listener.idle(FunctionInstance.this);
    }

    @Override
    public void answered() {
      listener.returning(FunctionInstance.this);
    }

    @Override
    public void initFailed(byte[] payload) {
      initError = new Outcome.Failure(payload);
    }
  }

  /** Name with number, as in its log file: "vault-2". */
  public String name() {
    return function.name() + "-" + number;
  }

  public int number() {
    return number;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** From process start to the runtime asking for its first event. */
  Duration startup() {
    Duration known = startup;
    return known == null ? Duration.ZERO : known;
  }

  /** Ends the process at once, whatever it is doing; its event ends with an exit error. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Asks the process to end, and waits for it. */
  void retire(Duration patience) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
    }
  }

  /** Blocks until the function answered, failed, crashed, or was killed for its time-out. */
  Invocation invoke(byte[] event) throws InterruptedException {
    String requestId = UUID.randomUUID().toString();
    boolean cold = !used;
    used = true;
    long began = System.nanoTime();
    CompletableFuture<Outcome> outcome =
        api.send(
            new RuntimeApi.Request(
                requestId,
                event,
                Instant.now().plus(function.timeout()),
                LambdaFunction.arn(function.name())));
    if (!process.isAlive()) {
      exited(process);
    }
    Outcome result = await(requestId, outcome);
    return new Invocation(
        requestId, result, number, cold, Duration.ofNanos(System.nanoTime() - began));
  }

  private Outcome await(String requestId, CompletableFuture<Outcome> outcome)
      throws InterruptedException {
    try {
      return outcome.get(function.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      Outcome.Failure failure = timedOut(requestId);
      api.abandon(pending -> pending.complete(failure));
      kill();
      return outcome.getNow(failure);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Outcome.Failure timedOut(String requestId) {
    double seconds = function.timeout().toMillis() / 1000.0;
    return Outcome.Failure.of(
        "Sandbox.Timedout",
        String.format(
            Locale.ROOT,
            "RequestId: %s Error: Task timed out after %.2f seconds",
            requestId,
            seconds));
  }

  private void exited(Process ended) {
    Outcome.Failure failure = exitError(ended.isAlive() ? -1 : ended.exitValue());
    Consumer<CompletableFuture<Outcome>> end = pending -> pending.complete(failure);
    api.abandon(end);
    api.close();
    if (!started) {
      started = true;
      Outcome.Failure reported = initError;
      listener.neverStarted(this, reported == null ? failure : reported);
    }
    listener.ended(this);
  }

  private Outcome.Failure exitError(int code) {
    String how = code > 128 ? "signal " + (code - 128) : "exit status " + code;
    return Outcome.Failure.of(
        "Runtime.ExitError", name() + " Error: Runtime exited with error: " + how);
  }
}
