package io.agentvault.handin;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A deposit that was asked for.
 *
 * @param url the link
 * @param code beside it
 */
record Asked(String depositId, String url, String code) {
  static Asked of(JsonNode body) {
    return new Asked(
        body.path("depositId").asText(), body.path("url").asText(), body.path("code").asText());
  }

  String token() {
    return url.substring(url.indexOf('#') + 1);
  }
}
