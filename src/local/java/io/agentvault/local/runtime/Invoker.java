package io.agentvault.local.runtime;

/** What runs a function on an event. */
@FunctionalInterface
public interface Invoker {
  Invocation invoke(String function, byte[] event) throws InterruptedException;
}
