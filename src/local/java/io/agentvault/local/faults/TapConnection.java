package io.agentvault.local.faults;

import io.agentvault.local.host.Json;
import jakarta.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One caller's connection through the tap, with one connection to the service behind it. */
final class TapConnection {
  private final WireTap tap;
  private final String service;
  private final Socket caller;
  private final URI endpoint;
  private boolean pinged;
  private @Nullable Socket upstream;
  private InputStream answers = InputStream.nullInputStream();

  TapConnection(WireTap tap, String service, Socket caller, URI endpoint) {
    this.tap = tap;
    this.service = service;
    this.caller = caller;
    this.endpoint = endpoint;
  }

  /** Serves call after call until one side is gone or a fault ends it. */
  void serve() {
    try (caller) {
      caller.setTcpNoDelay(true);
      InputStream requests = new BufferedInputStream(caller.getInputStream(), 16 * 1024);
      boolean open = true;
      while (open) {
        Optional<HttpMessage> request = HttpMessage.read(requests);
        open = request.isPresent() && handle(request.get(), requests) && !request.get().closes();
      }
    } catch (IOException e) {
      // The caller is gone, as after a kill, or the service is: the socket's end tells the caller.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  /** Whether the connection goes on. */
  private boolean handle(HttpMessage request, InputStream requests)
      throws IOException, InterruptedException {
    if (request.isPing()) {
      // No call of the service's API: nothing to record, and no fault is meant for it.
      pinged = true;
      HttpMessage answer = exchange(request);
      caller.getOutputStream().write(answer.bytes());
      return !answer.closes();
    }
    Call call = tap.arrived(service, request, pinged);
    try {
      List<Fault> faults = tap.faults(call);
      HttpMessage forwarded = request;
      Optional<Batch> batch = Optional.empty();
      for (Fault fault : faults) {
        switch (fault) {
          case Fault.Delay(var duration) -> Thread.sleep(duration);
          case Fault.Before(var hook) -> hook.accept(call);
          case Fault.ResetBefore() -> {
            return reset();
          }
          case Fault.Hang() -> {
            // Until the caller gives up and closes.
            requests.read();
            return false;
          }
          case Fault.Answer answer -> {
            return send(call, HttpMessage.response(answer.status(), type(), Fault.bytes(answer)));
          }
          case Fault.Unprocessed(int done) -> {
            Batch held = Batch.of(request.body(), call.operation(), done);
            batch = Optional.of(held);
            forwarded = request.withBody(Json.bytes(held.forwarded()));
          }
          case Fault.After after -> {}
          case Fault.ResetAfter after -> {}
          case Fault.HalfAnswer after -> {}
        }
      }
      HttpMessage response =
          batch.isPresent() && batch.get().nothingForwarded()
              ? HttpMessage.response(200, type(), "{}".getBytes(StandardCharsets.UTF_8))
              : exchange(call, forwarded);
      if (batch.isPresent() && response.status() == 200) {
        JsonObject merged = batch.get().answer(Json.read(response.body()));
        response = response.withBody(Json.bytes(merged));
      }
      return answer(call, faults, response);
    } finally {
      call.ended();
    }
  }

  private boolean answer(Call call, List<Fault> faults, HttpMessage response) throws IOException {
    for (Fault fault : faults) {
      switch (fault) {
        case Fault.After(var hook) -> hook.accept(call);
        case Fault.ResetAfter() -> {
          return reset();
        }
        case Fault.HalfAnswer() -> {
          byte[] all = response.bytes();
          int missing = Math.max(1, response.body().length / 2);
          caller.getOutputStream().write(Arrays.copyOf(all, all.length - missing));
          return false;
        }
        default -> {}
      }
    }
    return send(call, response);
  }

  private boolean send(Call call, HttpMessage response) throws IOException {
    // Recorded first: who has the answer finds the call in the record.
    call.answered(response);
    call.ended();
    caller.getOutputStream().write(response.bytes());
    return !response.closes();
  }

  /** Ends the connection with a reset, not in an orderly way. */
  private boolean reset() throws SocketException {
    caller.setSoLinger(true, 0);
    return false;
  }

  private String type() {
    return service.equals("kms") ? "application/x-amz-json-1.1" : "application/x-amz-json-1.0";
  }

  private HttpMessage exchange(Call call, HttpMessage request) throws IOException {
    Conflicts.Verdict verdict = tap.judge(call);
    if (verdict.refusal().isPresent()) {
      Fault.Answer refusal = verdict.refusal().get();
      return HttpMessage.response(refusal.status(), type(), Fault.bytes(refusal));
    }
    try {
      return exchange(request);
    } finally {
      verdict.end().run();
    }
  }

  private HttpMessage exchange(HttpMessage request) throws IOException {
    Socket kept = upstream;
    if (kept != null) {
      try {
        Optional<HttpMessage> answer = exchange(kept, request);
        if (answer.isPresent()) {
          return answer.get();
        }
      } catch (SocketException e) {
        // The service closed a connection that was idle: the call never reached it.
        disconnect();
      }
      disconnect();
    }
    Socket fresh = new Socket(endpoint.getHost(), endpoint.getPort());
    fresh.setTcpNoDelay(true);
    upstream = fresh;
    answers = new BufferedInputStream(fresh.getInputStream(), 16 * 1024);
    return exchange(fresh, request)
        .orElseThrow(() -> new IOException("the service gave no answer"));
  }

  private Optional<HttpMessage> exchange(Socket socket, HttpMessage request) throws IOException {
    socket.getOutputStream().write(request.bytes());
    Optional<HttpMessage> answer = HttpMessage.read(answers);
    if (answer.isPresent() && answer.get().closes()) {
      disconnect();
    }
    return answer;
  }

  private void disconnect() {
    Socket socket = upstream;
    upstream = null;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is closed as far as this end goes.
        return;
      }
    }
  }
}
