package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * The page on which a human hands in a secret: one file, which loads nothing and sends only to
 * where it came from. Its policy names its one script and its one style by their hashes.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy, level 3</a>
 */
final class DepositPage {
  private static final String RESOURCE = "deposit.html";

  private final Answer answer;

  DepositPage() {
    String page = read();
    String policy =
        "default-src 'none'; script-src "
            + hash(page, "script")
            + "; style-src "
            + hash(page, "style")
            + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    this.answer =
        new Answer(
            200,
            Map.of(
                "content-security-policy", policy,
                "referrer-policy", "no-referrer",
                "x-content-type-options", "nosniff",
                "x-frame-options", "DENY",
                "cross-origin-opener-policy", "same-origin",
                "permissions-policy", "camera=(), microphone=(), geolocation=()"),
            new Answer.Body.Text("text/html; charset=utf-8", page));
  }

  Answer answer() {
    return answer;
  }

  private static String read() {
    try (InputStream stream = DepositPage.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException(RESOURCE + " is not in this build");
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String page, String element) {
    String open = "<" + element + ">";
    int from = page.indexOf(open) + open.length();
    String content = page.substring(from, page.indexOf("</" + element + ">", from));
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
