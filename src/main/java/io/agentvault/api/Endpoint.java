package io.agentvault.api;

import static io.agentvault.remote.Origin.Way.DIRECT;
import static io.agentvault.remote.Origin.Way.HTTP;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Internal;
import io.agentvault.problem.PayloadTooLarge;
import io.agentvault.problem.Problem;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** One invocation of a function, from the event's bytes to the answer's. */
public final class Endpoint {
  /** What a caller may send: the body of an HTTP request, or a direct invocation's event. */
  static final int MAXIMUM_REQUEST_BYTES = 128 * 1024;

  /** More than Lambda hands over (6 MB), so that every HTTP event can be answered as one. */
  private static final int MAXIMUM_EVENT_BYTES = 8 * 1024 * 1024;

  private static final int MEBIBYTE = 1024 * 1024;
  private static final int USUAL_EVENT_BYTES = 4 * 1024;

  private final Calls calls;
  private final RequestLog log;

  public Endpoint(Calls calls, RequestLog log) {
    this.calls = calls;
    this.log = log;
  }

  /**
   * Answers one event.
   *
   * @param invocationId Lambda's name of this invocation
   * @return the body of a direct invocation, or the HTTP API's response object
   * @throws Problem what a direct invocation fails with: a function error of that type
   */
  public byte[] answer(InputStream input, String invocationId, Deadline deadline)
      throws IOException {
    RequestLog.Entry entry = log.begin(calls.plane().function(), invocationId, deadline);
    byte[] bytes = read(input);
    try {
      ObjectNode event = event(bytes);
      Optional<HttpEvent> http = HttpEvent.of(event);
      return http.isPresent()
          ? overHttp(http.get(), invocationId, entry, deadline)
          : direct(event, bytes.length, entry, deadline.of(new Origin(invocationId, DIRECT)));
    } catch (Problem problem) {
      entry.failed(problem);
      throw problem;
    } finally {
      entry.end();
    }
  }

  /** As {@link InputStream#readNBytes(int)}, which takes 16 KB for the smallest event. */
  private static byte[] read(InputStream input) throws IOException {
    byte[] first = new byte[USUAL_EVENT_BYTES];
    int length = input.readNBytes(first, 0, first.length);
    if (length < first.length) {
      return Arrays.copyOf(first, length);
    }
    byte[] rest = input.readNBytes(MAXIMUM_EVENT_BYTES + 1 - length);
    byte[] all = Arrays.copyOf(first, length + rest.length);
    System.arraycopy(rest, 0, all, length, rest.length);
    return all;
  }

  private static ObjectNode event(byte[] bytes) {
    if (bytes.length > MAXIMUM_EVENT_BYTES) {
      throw tooLarge(MAXIMUM_EVENT_BYTES);
    }
    return Json.object("event", bytes);
  }

  private byte[] direct(ObjectNode event, int bytes, RequestLog.Entry entry, Deadline deadline) {
    Request request = DirectEvent.request(calls.plane(), event);
    if (bytes > request.route().mostBodyBytes()) {
      throw tooLarge(request.route().mostBodyBytes());
    }
    return switch (answer(request, entry, deadline).body()) {
      case Answer.Body.Json(ObjectNode tree) -> Json.bytes(tree);
      case Answer.Body.Text text -> throw notDirect();
      case Answer.Body.Bytes bytesOnly -> throw notDirect();
      case Answer.Body.None none -> throw notDirect();
    };
  }

  private static Internal notDirect() {
    return new Internal("a call without a direct form was invoked directly");
  }

  static PayloadTooLarge tooLarge(int mostBytes) {
    boolean small = mostBytes < MEBIBYTE;
    return new PayloadTooLarge(
        "request", small ? mostBytes / 1024 + " KiB" : mostBytes / MEBIBYTE + " MiB");
  }

  private byte[] overHttp(
      HttpEvent http, String invocationId, RequestLog.Entry entry, Deadline deadline) {
    http.requestId().ifPresent(entry::gateway);
    String requestId = http.requestId().orElse(invocationId);
    try {
      Answer answer =
          answer(http.request(calls.plane()), entry, deadline.of(new Origin(requestId, HTTP)));
      return HttpResponse.of(answer);
    } catch (Problem problem) {
      entry.failed(problem);
      Answer failed = HttpResponse.answer(problem, requestId);
      Answer shaped =
          http.isProxied()
              ? ProxyForm.failed(failed, problem)
              : http.isMcp() ? HttpResponse.overMcp(failed, problem) : failed;
      return HttpResponse.of(shaped);
    }
  }

  private Answer answer(Request request, RequestLog.Entry entry, Deadline deadline) {
    entry.is(request);
    try {
      return calls.answer(request, deadline);
    } catch (Problem problem) {
      throw problem;
    } catch (RuntimeException defect) {
      entry.defect(defect);
      throw new Internal("the vault failed; its operator can find out why by the request id");
    }
  }
}
