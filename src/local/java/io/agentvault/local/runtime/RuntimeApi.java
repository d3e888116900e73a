package io.agentvault.local.runtime;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Loopback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda Runtime API (version 2018-06-01) for one function instance. An instance knows its API
 * by host and port only, so each has a listener of its own.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Runtime API</a>
 */
public final class RuntimeApi implements AutoCloseable {
  /** Lambda's limit of a synchronous answer: 6 MB and some room, in bytes. */
  public static final int MAX_PAYLOAD_BYTES = 6_291_556;

  private static final String INVOCATION = "/2018-06-01/runtime/invocation/";
  private static final byte[] ACCEPTED = "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8);

  /** What an instance hears of the runtime inside it. */
  interface Listener {
    /** The runtime asks for an event: it is idle. Called before every event. */
    void ready();

    /** The event under way has its outcome; the runtime will ask for the next one soon. */
    void answered();

    /** The runtime could not start; the payload is Lambda's error object. */
    void initFailed(byte[] payload);
  }

  /** One event on its way through the instance. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Request(String requestId, byte[] event, Instant deadline, String functionArn) {}

  private record Pending(Request request, CompletableFuture<Outcome> outcome) {}

  private final Listener listener;
  private final Loopback server;
  private final BlockingQueue<Request> inbox = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Pending> pending = new AtomicReference<>();

  RuntimeApi(String name, Listener listener) {
    this.listener = listener;
    this.server = Loopback.start("runtime-api-" + name, 0, this::handle);
  }

  /** Host and port, as {@code AWS_LAMBDA_RUNTIME_API} wants them. */
  String address() {
    return "127.0.0.1:" + server.port();
  }

  /** Hands an event to an idle instance; one at a time. */
  CompletableFuture<Outcome> send(Request request) {
    Pending next = new Pending(request, new CompletableFuture<>());
    if (!pending.compareAndSet(null, next)) {
      throw new IllegalStateException("the instance is busy");
    }
    inbox.add(request);
    return next.outcome();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals(INVOCATION + "next")) {
      next(exchange);
    } else if (path.equals("/2018-06-01/runtime/init/error")) {
      listener.initFailed(exchange.getRequestBody().readAllBytes());
      accept(exchange);
    } else if (path.startsWith(INVOCATION) && path.endsWith("/response")) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      finish(
          exchange, path, body.length > MAX_PAYLOAD_BYTES ? tooLarge() : new Outcome.Answer(body));
    } else if (path.startsWith(INVOCATION) && path.endsWith("/error")) {
      finish(exchange, path, new Outcome.Failure(exchange.getRequestBody().readAllBytes()));
    } else {
      Loopback.answer(exchange, 404, "", new byte[0]);
    }
  }

  private void next(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    listener.ready();
    Request request;
    try {
      request = inbox.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    headers.set("Lambda-Runtime-Aws-Request-Id", request.requestId());
    headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(request.deadline().toEpochMilli()));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", request.functionArn());
    headers.set("Lambda-Runtime-Trace-Id", traceId(request));
    // AWS's own client reads the content type unconditionally, and crashes where there is none.
    Loopback.answer(exchange, 200, "application/json", request.event());
  }

  private static String traceId(Request request) {
    String id = request.requestId().replace("-", "");
    return "Root=1-"
        + id.substring(0, 8)
        + "-"
        + id.substring(8)
        + ";Parent=53995c3f42cd8ad8;Sampled=0";
  }

  private void finish(HttpExchange exchange, String path, Outcome outcome) throws IOException {
    Pending current = pending.get();
    if (current == null || !path.startsWith(INVOCATION + current.request().requestId() + "/")) {
      Loopback.answer(exchange, 400, "", new byte[0]);
      return;
    }
    // Free before the answer goes out: the instance may ask for its next event at once.
    pending.set(null);
    listener.answered();
    accept(exchange);
    current.outcome().complete(outcome);
  }

  private static void accept(HttpExchange exchange) throws IOException {
    Loopback.answer(exchange, 202, "application/json", ACCEPTED);
  }

  private static Outcome tooLarge() {
    return Outcome.Failure.of(
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size ("
            + MAX_PAYLOAD_BYTES
            + " bytes).");
  }

  /** Ends the event under way, if there is one, with an outcome that its instance did not give. */
  void abandon(Consumer<CompletableFuture<Outcome>> end) {
    Pending current = pending.getAndSet(null);
    if (current != null) {
      end.accept(current.outcome());
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
