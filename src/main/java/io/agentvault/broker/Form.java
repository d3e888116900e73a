package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Map;
import java.util.stream.Collectors;

/** The body of an OAuth request: {@code application/x-www-form-urlencoded}. */
final class Form {
  static final Header TYPE = new Header("Content-Type", "application/x-www-form-urlencoded");

  private Form() {}

  /** The fields in their order. */
  static byte[] body(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&"))
        .getBytes(UTF_8);
  }

  /** A text as it stands in a form. */
  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
