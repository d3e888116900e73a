package io.agentvault.local.runtime;

import io.agentvault.local.host.Account;
import io.agentvault.local.template.Template;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/**
 * A function with as many instances as its events need, like Lambda: an event takes an idle
 * instance, else a new one starts. With an account's concurrency it is throttled beyond that, as in
 * Lambda; without, events wait for one of so many instances.
 */
public final class LambdaFunction implements AutoCloseable {
  private record FailedStart(int number, Outcome.Failure reason) {}

  private final Template.Function function;
  private final int maxInstances;
  private final Optional<Concurrency> concurrency;
  private final IntFunction<FunctionInstance.Launch> launches;
  private final PrintStream console;
  private final List<FunctionInstance> instances = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // All below is guarded by the lock.
  private final Deque<FunctionInstance> idle = new ArrayDeque<>();
  private final Set<FunctionInstance> returning = new HashSet<>();
  private final Deque<FailedStart> failures = new ArrayDeque<>();
  private int waiting;
  private int starting;
  private int lastNumber;
  private boolean closed;

  public LambdaFunction(
      Template.Function function,
      int maxInstances,
      Optional<Concurrency> concurrency,
      IntFunction<FunctionInstance.Launch> launches,
      PrintStream console) {
    this.function = function;
    this.maxInstances =
        concurrency.map(shared -> shared.limit(function.name())).orElse(maxInstances);
    this.concurrency = concurrency;
    this.launches = launches;
    this.console = console;
  }

  static String arn(String name) {
    return "arn:aws:lambda:%s:%s:function:%s".formatted(Account.REGION, Account.ID, name);
  }

  public Template.Function spec() {
    return function;
  }

  /** Instances that run now. */
  public List<FunctionInstance> instances() {
    return instances.stream().filter(FunctionInstance::isAlive).toList();
  }

  /** The running instance of that number. */
  public FunctionInstance instance(int number) {
    return instances().stream()
        .filter(instance -> instance.number() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no running instance " + number));
  }

  /** Ends every instance at once; the next event has a cold start. */
  public void killAll() {
    instances().forEach(FunctionInstance::kill);
  }

  /** Runs one event; blocks until it ended, which takes at most a start and the time-out. */
  public Invocation invoke(byte[] event) throws InterruptedException {
    if (concurrency.isEmpty()) {
      return admitted(event);
    }
    Concurrency shared = concurrency.get();
    if (!shared.enter(function.name())) {
      Outcome refusal = shared.refusal(function.name());
      return new Invocation(UUID.randomUUID().toString(), refusal, 0, false, Duration.ZERO);
    }
    try {
      return admitted(event);
    } finally {
      shared.leave(function.name());
    }
  }

  private Invocation admitted(byte[] event) throws InterruptedException {
    FunctionInstance instance;
    lock.lockInterruptibly();
    try {
      waiting++;
      while (!available()) {
        startWhatIsNeeded();
        changed.await();
      }
      waiting--;
      if (!failures.isEmpty()) {
        FailedStart failed = failures.pop();
        return new Invocation("", failed.reason(), failed.number(), true, Duration.ZERO);
      }
      instance = idle.pop();
    } finally {
      lock.unlock();
    }
    return run(instance, event);
  }

  private boolean available() {
    if (closed) {
      throw new IllegalStateException(function.name() + " is closed");
    }
    idle.removeIf(instance -> !instance.isAlive());
    returning.removeIf(instance -> !instance.isAlive());
    instances.removeIf(instance -> !instance.isAlive());
    return !idle.isEmpty() || !failures.isEmpty();
  }

  private void startWhatIsNeeded() {
    while (waiting > idle.size() + returning.size() + starting
        && instances.size() + starting < maxInstances) {
      starting++;
      int number = ++lastNumber;
      Thread.ofVirtual().name("start-" + function.name() + "-" + number).start(() -> start(number));
    }
  }

  private void start(int number) {
    try {
      instances.add(new FunctionInstance(function, number, launches.apply(number), new Pool()));
    } catch (RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      change(() -> fail(number, Outcome.Failure.of("Runtime.InvalidEntrypoint", reason)));
    }
  }

  private void fail(int number, Outcome.Failure reason) {
    starting--;
    failures.add(new FailedStart(number, reason));
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What instances tell; the one used last is taken first: as warm as can be. */
  private final class Pool implements FunctionInstance.Listener {
    private boolean started;

    @Override
    public void idle(FunctionInstance instance) {
      change(
          () -> {
            if (!started) {
              started = true;
              starting--;
            }
            returning.remove(instance);
            idle.push(instance);
          });
    }

    @Override
    public void returning(FunctionInstance instance) {
      change(() -> returning.add(instance));
    }

    @Override
    public void neverStarted(FunctionInstance instance, Outcome.Failure reason) {
      change(() -> fail(instance.number(), reason));
    }

    @Override
    public void ended(FunctionInstance instance) {
      change(() -> returning.remove(instance));
    }
  }

  private Invocation run(FunctionInstance instance, byte[] event) throws InterruptedException {
    Invocation invocation = instance.invoke(event);
    if (invocation.cold()) {
      console.println(
          String.format(
              Locale.ROOT,
              "cold start: %s #%d, %.2f s to first answer",
              function.name(),
              instance.number(),
              instance.startup().plus(invocation.took()).toMillis() / 1000.0));
    }
    return invocation;
  }

  /** Starts instances beforehand, as provisioned concurrency does; returns at once. */
  public void warm(int count) {
    change(
        () -> {
          waiting += count;
          startWhatIsNeeded();
          waiting -= count;
        });
  }

  @Override
  public void close() {
    change(() -> closed = true);
    instances.forEach(FunctionInstance::kill);
  }
}
