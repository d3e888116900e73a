package io.agentvault.local.runtime;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Json;
import io.agentvault.local.host.Loopback;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lambda's Invoke API, so that the AWS CLI and SDKs can call the functions directly. Names may be
 * short ones, full ones or ARNs.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Invoke</a>
 */
public final class InvokeApi implements AutoCloseable {
  private static final Pattern PATH =
      Pattern.compile(
          "/2015-03-31/functions/(?:arn:aws:lambda:[^/]*:function:)?([^/:]+)(?::[^/]*)?/invocations");

  private final Invoker invoker;
  private final Loopback server;

  public InvokeApi(int port, Invoker invoker) {
    this.invoker = invoker;
    this.server = Loopback.start("invoke-api", port, this::handle);
  }

  public String url() {
    return server.url();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] event = exchange.getRequestBody().readNBytes(RuntimeApi.MAX_PAYLOAD_BYTES + 1);
    Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
    if (!path.matches() || !exchange.getRequestMethod().equals("POST")) {
      refuse(exchange, 404, "ResourceNotFoundException", "no such call");
    } else if (event.length > RuntimeApi.MAX_PAYLOAD_BYTES) {
      refuse(exchange, 413, "RequestTooLargeException", "the event is over 6 MB");
    } else {
      invoke(exchange, path.group(1), event.length == 0 ? new byte[] {'{', '}'} : event);
    }
  }

  private void invoke(HttpExchange exchange, String function, byte[] event) throws IOException {
    try {
      if ("Event".equals(exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type"))) {
        Thread.ofVirtual().start(() -> invokeUnanswered(function, event));
        Loopback.answer(exchange, 202, "", new byte[0]);
        return;
      }
      Invocation invocation = invoker.invoke(function, event);
      exchange.getResponseHeaders().set("x-amzn-RequestId", invocation.requestId());
      exchange.getResponseHeaders().set("X-Amz-Executed-Version", "$LATEST");
      if (invocation.outcome() instanceof Outcome.Throttled throttled) {
        exchange.getResponseHeaders().set("X-Amzn-ErrorType", "TooManyRequestsException");
        Loopback.answer(exchange, 429, "application/json", throttled.payload());
        return;
      }
      if (invocation.failed()) {
        exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
      }
      Loopback.answer(exchange, 200, "application/json", invocation.outcome().payload());
    } catch (IllegalArgumentException e) {
      refuse(
          exchange,
          404,
          "ResourceNotFoundException",
          "Function not found: " + LambdaFunction.arn(function));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private void invokeUnanswered(String function, byte[] event) {
    try {
      invoker.invoke(function, event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void refuse(HttpExchange exchange, int status, String type, String message)
      throws IOException {
    exchange.getResponseHeaders().set("X-Amzn-ErrorType", type);
    byte[] body = Json.bytes(Json.object().add("Type", "User").add("Message", message).build());
    Loopback.answer(exchange, status, "application/json", body);
  }

  @Override
  public void close() {
    server.close();
  }
}
