package io.agentvault.local.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Stands between the functions and DynamoDB Local and the local KMS: records every call, and makes
 * go wrong what a test wants to go wrong.
 */
public final class WireTap implements AutoCloseable {
  private final CallRecorder recorder = CallRecorder.ofTheTestRun();
  private final Map<String, ServerSocket> listeners = new HashMap<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final List<FaultRule> rules = new CopyOnWriteArrayList<>();
  private final AtomicLong sequence = new AtomicLong();
  private volatile ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
  private volatile boolean recording = true;
  private final Conflicts conflicts = new Conflicts();
  private final LongAdder conflicted = new LongAdder();
  private volatile boolean conflicting;

  public WireTap(Map<String, URI> services) {
    services.forEach(
        (service, endpoint) -> {
          try {
            ServerSocket listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
            listeners.put(service, listener);
            Thread.ofVirtual()
                .name("tap-" + service)
                .start(() -> accept(service, listener, endpoint));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  public String url(String service) {
    ServerSocket listener = listeners.get(service);
    if (listener == null) {
      throw new IllegalArgumentException("no service named " + service);
    }
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  private void accept(String service, ServerSocket listener, URI endpoint) {
    try {
      while (true) {
        Socket socket = listener.accept();
        connections.add(socket);
        Thread.ofVirtual()
            .name("tap-" + service)
            .start(
                () -> {
                  new TapConnection(this, service, socket, endpoint).serve();
                  connections.remove(socket);
                });
      }
    } catch (IOException e) {
      // The listener was closed: the end of the tap.
      return;
    }
  }

  Call arrived(String service, HttpMessage request, boolean pinged) {
    Call call = new Call(sequence.incrementAndGet(), service, request, pinged);
    if (recording) {
      calls.add(call);
      recorder.accept(call.function(), call.service(), call.operation(), call.request());
    }
    return call;
  }

  Conflicts.Verdict judge(Call call) {
    Conflicts.Verdict verdict = conflicting ? conflicts.judge(call) : Conflicts.FREE;
    if (verdict.refusal().isPresent()) {
      conflicted.increment();
    }
    return verdict;
  }

  /** How many calls were refused since the start because they conflicted with others. */
  public long conflicted() {
    return conflicted.sum();
  }

  /** Whether writes of one item that are under way at once conflict, as they do on DynamoDB. */
  public void conflicts(boolean on) {
    conflicting = on;
  }

  List<Fault> faults(Call call) {
    if (rules.isEmpty()) {
      return List.of();
    }
    List<Fault> faults = new ArrayList<>();
    for (FaultRule rule : rules) {
      if (rule.strikes(call)) {
        faults.add(rule.fault());
      }
    }
    return faults;
  }

  /** Every call since the start or the last {@link #clear}, in order of arrival. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  public List<Call> callsOf(String function) {
    return calls.stream().filter(Call.by(function)).toList();
  }

  /** Forgets the recorded calls; faults stay. */
  public void clear() {
    calls = new ConcurrentLinkedQueue<>();
  }

  /** Off for long runs, whose calls would fill the memory. */
  public void record(boolean on) {
    recording = on;
  }

  /** Strikes the next matching call, once. */
  public FaultRule fault(Predicate<Call> when, Fault fault) {
    return fault(when, fault, FaultRule.Times.ONCE);
  }

  public FaultRule fault(Predicate<Call> when, Fault fault, FaultRule.Times times) {
    return fault(when, fault, FaultRule.strikes(times));
  }

  /** Strikes those matching calls whose number, from 1, the last argument accepts. */
  public FaultRule fault(Predicate<Call> when, Fault fault, IntPredicate numbers) {
    FaultRule rule = new FaultRule(when, fault, numbers);
    rules.add(rule);
    return rule;
  }

  /** Ends every connection, as a service does with those that have been idle for too long. */
  public void dropConnections() {
    connections.forEach(WireTap::close);
  }

  private static void close(Socket connection) {
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void remove(FaultRule rule) {
    rules.remove(rule);
  }

  public void clearFaults() {
    rules.clear();
  }

  @Override
  public void close() {
    try {
      for (ServerSocket listener : listeners.values()) {
        listener.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    dropConnections();
  }
}
