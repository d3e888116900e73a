package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.broker.Call;
import io.agentvault.broker.Header;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.Problem;
import io.agentvault.vault.Allowed;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A use as plain HTTP: what a client sends to a base URL of ours goes to the policy's host. */
final class ProxyForm {
  /** Whose answer it is. */
  static final String OUTCOME = "vault-outcome";

  /** What keeps an answer from being a page of our origin. */
  static final Map<String, String> GUARDS =
      Map.of(
          "content-security-policy",
          "sandbox; default-src 'none'",
          "x-content-type-options",
          "nosniff");

  private static final String UNRESERVED = "-._~!$&'()*+,=:@/";

  private ProxyForm() {}

  /**
   * The call that a request is.
   *
   * @throws BadRequest when it could be read in two ways
   * @throws Forbidden when a browser is going there as to a page
   */
  static Call call(HttpEvent http, PresentedKey key) {
    if (http.header("sec-fetch-mode").filter("navigate"::equalsIgnoreCase).isPresent()) {
      throw Forbidden.because("an upstream's answer is not a page to visit");
    }
    if (!Allowed.METHODS.contains(http.method())) {
      throw Forbidden.because("the use policy does not allow this method");
    }
    String query = http.event().path("rawQueryString").asText();
    String path = path(http);
    byte[] body = http.body(Route.PROXY.mostBodyBytes());
    PresentedKey.refuseIn("path", path);
    PresentedKey.refuseIn("query", query);
    PresentedKey.refuseIn(body);
    return new Call(
        http.method(),
        new Call.Place.FirstHost(query.isEmpty() ? path : path + "?" + query),
        headers(http, key),
        body,
        key.text(),
        key.unusualHeaders());
  }

  private static List<Header> headers(HttpEvent http, PresentedKey key) {
    return http.headers().entrySet().stream()
        .filter(each -> !key.headers().contains(each.getKey().toLowerCase(Locale.ROOT)))
        .map(each -> new Header(each.getKey(), each.getValue()))
        .filter(Header::isWellFormed)
        .toList();
  }

  /**
   * The upstream's path. A Function URL hands it over as it was sent; an HTTP API decodes it, so
   * that it is encoded again, and may cut it.
   */
  private static String path(HttpEvent http) {
    String path = http.proxiedPath();
    JsonNode decoded = http.event().path("pathParameters").path("path");
    if (decoded.isMissingNode()) {
      return path;
    }
    if (!path.equals("/" + decoded.asText()) || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
      throw new BadRequest("path", "must be the same however the gateway reads it");
    }
    String encoded = encoded(path);
    if (http.method().equals("DELETE") && !encoded.equals(path)) {
      throw new BadRequest(
          "path", "must hold no characters that need encoding in a DELETE; POST …/use takes them");
    }
    return encoded;
  }

  private static String encoded(String path) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : path.getBytes(UTF_8)) {
      char c = (char) (each & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
      }
    }
    return encoded.toString();
  }

  /**
   * A failure of ours, told apart from the upstream's, and not to be repeated where that is bad.
   */
  static Answer failed(Answer answer, Problem problem) {
    Answer marked = answer.with(OUTCOME, "vault");
    for (Map.Entry<String, String> guard : GUARDS.entrySet()) {
      marked = marked.with(guard.getKey(), guard.getValue());
    }
    return switch (problem.status()) {
      case 403, 409, 502, 504 ->
          marked.with("x-should-retry", "false").with("stripe-should-retry", "false");
      default -> marked;
    };
  }
}
