package io.agentvault.local.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A function of a few lines that speaks the Runtime API: what the tests of the runtime run. It does
 * what the event says: exit, hang, fail, or tell its environment; any other event is its answer.
 */
final class ToyFunction {
  private ToyFunction() {}

  public static void main(String[] arguments) throws IOException {
    String api = "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/";
    if (System.getenv("TOY_INIT_ERROR") != null) {
      post(api + "init/error", "{\"errorType\":\"Toy.Init\",\"errorMessage\":\"will not start\"}");
      System.exit(3);
    }
    while (true) {
      HttpURLConnection next = open(api + "invocation/next");
      String event;
      try (InputStream in = next.getInputStream()) {
        event = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
      String invocation =
          api + "invocation/" + next.getHeaderField("Lambda-Runtime-Aws-Request-Id");
      System.out.println("toy got " + event);
      switch (event) {
        case "\"exit\"" -> System.exit(7);
        case "\"hang\"" -> hang();
        case "\"fail\"" ->
            post(invocation + "/error", "{\"errorType\":\"Toy.Error\",\"errorMessage\":\"no\"}");
        case "\"environment\"" -> post(invocation + "/response", environment());
        case "\"deadline\"" ->
            post(invocation + "/response", next.getHeaderField("Lambda-Runtime-Deadline-Ms"));
        default -> post(invocation + "/response", event);
      }
    }
  }

  private static void hang() throws IOException {
    // Standard input is a pipe that no one writes to.
    int read = System.in.read();
    System.out.println("woken by " + read);
  }

  private static String environment() {
    StringBuilder json = new StringBuilder("{");
    System.getenv()
        .forEach(
            (name, value) ->
                json.append(json.length() > 1 ? "," : "")
                    .append('"' + name + "\":\"" + value.replace("\"", "'") + '"'));
    return json.append('}').toString();
  }

  private static HttpURLConnection open(String url) throws IOException {
    return (HttpURLConnection) URI.create(url).toURL().openConnection();
  }

  private static void post(String url, String body) throws IOException {
    HttpURLConnection connection = open(url);
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    try (InputStream in = connection.getInputStream()) {
      in.readAllBytes();
    }
  }
}
