package io.agentvault.bench;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.runtime.Invocation;

/** Times single invocations on a local cloud. */
record Timing(LocalCloud cloud) {
  /** A warm call, from handing the event over to its answer, in milliseconds. */
  double warm(String function, byte[] event) {
    Invocation invocation = cloud.invoke(function, event);
    check(function, invocation);
    return invocation.took().toNanos() / 1e6;
  }

  /** From before the process is started to the answer of its first event, in milliseconds. */
  double cold(String function, byte[] event) {
    return start(function, event).milliseconds();
  }

  /** A start of a function and its first answer. */
  Start start(String function, byte[] event) {
    cloud.function(function).killAll();
    while (!cloud.function(function).instances().isEmpty()) {
      Thread.onSpinWait();
    }
    long began = System.nanoTime();
    Invocation invocation = cloud.invoke(function, event);
    double took = (System.nanoTime() - began) / 1e6;
    check(function, invocation);
    if (!invocation.cold()) {
      throw new IllegalStateException(function + " was warm");
    }
    return new Start(
        took,
        invocation.took().toNanos() / 1e6,
        cpu(function),
        ProcessUsage.pageFaults(pid(function)),
        resident(function));
  }

  /**
   * What a function took until its first answer.
   *
   * @param milliseconds from before its process was started
   * @param afterInit from handing over the event, which it had asked for; in milliseconds
   * @param cpu in milliseconds
   * @param faults of pages, without the disk
   * @param resident in MB
   */
  record Start(double milliseconds, double afterInit, double cpu, double faults, double resident) {}

  /** CPU time so far of a function's one instance, in milliseconds. */
  double cpu(String function) {
    return ProcessUsage.cpuMilliseconds(pid(function));
  }

  double resident(String function) {
    return ProcessUsage.residentMegabytes(pid(function));
  }

  long pid(String function) {
    return cloud.function(function).instances().getFirst().pid();
  }

  private static void check(String function, Invocation invocation) {
    if (function.equals(Contestants.FLOOR)) {
      if (invocation.failed()) {
        throw new IllegalStateException("the floor failed: " + invocation.outcome().text());
      }
    } else {
      Agent.succeeded(invocation);
    }
  }
}
