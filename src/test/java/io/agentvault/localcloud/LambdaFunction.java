package io.agentvault.localcloud;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.IntFunction;

/**
 * A function with as many instances as its events need, like Lambda: an event takes an idle
 * instance, else a new one starts; beyond the limit events wait. Where the real service would
 * answer "too many requests", this one waits for an instance.
 */
public final class LambdaFunction implements AutoCloseable {
  private sealed interface Slot {}

  private record Idle(FunctionInstance instance) implements Slot {}

  private record NeverStarted(FunctionInstance instance, Outcome.Failure reason) implements Slot {}

  /** Nothing to take; wakes one who waits, since there is room for a new instance now. */
  private record Gone() implements Slot {}

  private final Template.Function function;
  private final int maxInstances;
  private final IntFunction<FunctionInstance.Launch> launches;
  private final PrintStream console;
  private final BlockingDeque<Slot> slots = new LinkedBlockingDeque<>();
  private final List<FunctionInstance> instances = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();
  private int waiting;
  private int starting;
  private int lastNumber;
  private boolean closed;

  LambdaFunction(
      Template.Function function,
      int maxInstances,
      IntFunction<FunctionInstance.Launch> launches,
      PrintStream console) {
    this.function = function;
    this.maxInstances = maxInstances;
    this.launches = launches;
    this.console = console;
  }

  static String arn(String name) {
    return "arn:aws:lambda:%s:%s:function:%s".formatted(Template.REGION, Template.ACCOUNT, name);
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
    Slot slot = take();
    return switch (slot) {
      case Idle(FunctionInstance instance) -> run(instance, event);
      case NeverStarted(FunctionInstance instance, Outcome.Failure reason) ->
          new Invocation("", reason, instance.number(), true, Duration.ZERO);
      case Gone gone -> throw new IllegalStateException("taken from an empty pool: " + gone);
    };
  }

  private Invocation run(FunctionInstance instance, byte[] event) throws InterruptedException {
    Invocation invocation = instance.invoke(event);
    if (invocation.cold()) {
      console.println(
          String.format(
              Locale.ROOT,
              "cold start: %s #%d, %.2f s to its first event, answered %.2f s later",
              function.name(),
              instance.number(),
              instance.startup().toMillis() / 1000.0,
              invocation.took().toMillis() / 1000.0));
    }
    return invocation;
  }

  /** An idle instance that is alive, the one used last before others: as warm as can be. */
  private Slot take() throws InterruptedException {
    synchronized (lock) {
      waiting++;
    }
    try {
      while (true) {
        startWhatIsNeeded();
        Slot slot = slots.takeFirst();
        if (usable(slot)) {
          return slot;
        }
      }
    } finally {
      synchronized (lock) {
        waiting--;
      }
    }
  }

  private void startWhatIsNeeded() {
    for (int number = next(); number > 0; number = next()) {
      try {
        instances.add(new FunctionInstance(function, number, launches.apply(number), new Starts()));
      } catch (RuntimeException e) {
        synchronized (lock) {
          starting--;
        }
        throw e;
      }
    }
  }

  /** The number of an instance to start now; 0 if there are enough or as many as may be. */
  private int next() {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException(function.name() + " is closed");
      }
      instances.removeIf(instance -> !instance.isAlive());
      long idle = slots.stream().filter(LambdaFunction::usable).count();
      if (waiting <= idle + starting || instances.size() >= maxInstances) {
        return 0;
      }
      starting++;
      return ++lastNumber;
    }
  }

  private static boolean usable(Slot slot) {
    return switch (slot) {
      case Idle(FunctionInstance instance) -> instance.isAlive();
      case NeverStarted failed -> true;
      case Gone gone -> false;
    };
  }

  private final class Starts implements FunctionInstance.Listener {
    private boolean counted;

    @Override
    public void idle(FunctionInstance instance) {
      put(new Idle(instance));
    }

    @Override
    public void neverStarted(FunctionInstance instance, Outcome.Failure reason) {
      put(new NeverStarted(instance, reason));
    }

    @Override
    public void ended(FunctionInstance instance) {
      slots.addLast(new Gone());
    }

    private void put(Slot slot) {
      synchronized (lock) {
        if (!counted) {
          counted = true;
          starting--;
        }
        slots.addFirst(slot);
      }
    }
  }

  /** Starts instances beforehand, as provisioned concurrency does; returns at once. */
  public void warm(int count) {
    synchronized (lock) {
      waiting += count;
    }
    try {
      startWhatIsNeeded();
    } finally {
      synchronized (lock) {
        waiting -= count;
      }
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    instances.forEach(FunctionInstance::kill);
  }
}
