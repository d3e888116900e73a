package io.agentvault.local;

import io.agentvault.local.host.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;

/** The identity that {@code scripts/dev} makes on its first start, and its {@code dev.env}. */
final class DemoIdentity {
  private static final String KEY_VARIABLE = "VAULT_KEY";

  private final String url;
  private final String key;
  private final Path file;
  private final boolean made;
  private final boolean dataKept;

  private DemoIdentity(String url, String key, Path file, boolean made, boolean dataKept) {
    this.url = url;
    this.key = key;
    this.file = file;
    this.made = made;
    this.dataKept = dataKept;
  }

  /**
   * The demo identity of an earlier start, or a new one; leaves {@code dev.env} up to date.
   *
   * @param dataKept whether the key of an earlier start must open its vault; where data are not
   *     kept it cannot, and a new identity takes its place
   */
  static DemoIdentity provision(LocalCloud cloud, String token, Path file, boolean dataKept) {
    Optional<String> known =
        knownKey(file).filter(key -> dataKept || whoami(cloud.url(), key) != 401);
    String key = known.orElseGet(() -> create(cloud.url(), token));
    requireWorking(cloud.url(), key, known.isPresent());
    write(file, cloud.url(), key, token);
    return new DemoIdentity(cloud.url(), key, file, known.isEmpty(), dataKept);
  }

  private static Optional<String> knownKey(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
              .filter(line -> line.startsWith(KEY_VARIABLE + "="))
              .map(line -> line.substring(KEY_VARIABLE.length() + 1))
              .findFirst()
              .orElseThrow(() -> unusable(file)));
    } catch (IOException e) {
      throw unusable(file);
    }
  }

  private static DevFailure unusable(Path file) {
    return new DevFailure(
        file
            + " is not what scripts/dev wrote; delete it for a new demo identity, or start over"
            + " with scripts/dev --fresh");
  }

  private static String create(String url, String token) {
    HttpResponse<String> response =
        send(
            request(url, "/v0/platform/identities", token)
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"demo\"}")));
    if (response.statusCode() != 201) {
      throw new DevFailure(
          "the demo identity could not be made: the vault answered "
              + response.statusCode()
              + "; see .local/logs");
    }
    JsonObject body = Json.read(response.body().getBytes(StandardCharsets.UTF_8));
    return body.getString("rawKey");
  }

  private static void requireWorking(String url, String key, boolean old) {
    int status = whoami(url, key);
    if (status == 401 && old) {
      throw new DevFailure(
          "the key in .local/dev.env opens no vault in this data any more; delete .local/dev.env"
              + " for a new demo identity, or start over with scripts/dev --fresh");
    }
    if (status != 200) {
      throw new DevFailure("the vault answered " + status + " to its first call; see .local/logs");
    }
  }

  private static int whoami(String url, String key) {
    return send(request(url, "/v0/whoami", key).GET()).statusCode();
  }

  private static HttpRequest.Builder request(String url, String path, String bearer) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(Duration.ofSeconds(30))
        .header("authorization", "Bearer " + bearer)
        .header("content-type", "application/json");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new DevFailure("the vault did not answer its first call; see .local/logs");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DevFailure("interrupted");
    }
  }

  private static void write(Path file, String url, String key, String token) {
    String text =
        "VAULT_URL=%s\n%s=%s\nOPERATOR_TOKEN=%s\n".formatted(url, KEY_VARIABLE, key, token);
    try {
      Path fresh =
          Files.createTempFile(
              file.toAbsolutePath().getParent(),
              "dev",
              ".env",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, text, StandardCharsets.US_ASCII);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write .local/dev.env", e);
    }
  }

  /** What to do next, ready to paste. */
  void tell(PrintStream console) {
    console.println();
    console.println("Agent Vault is ready at " + url);
    console.println(
        made
            ? "The demo agent's key, shown this once (it is kept in " + file + "): " + key
            : "The demo agent's key is in " + file + ", as VAULT_KEY");
    console.print(
        """

        In another terminal, in this directory:

          . %s
          curl -s -X PUT "$VAULT_URL/v0/vault/github" -H "Authorization: Bearer $VAULT_KEY" -d '{"type":"API_KEY","data":{"key":"ghp_example"}}'
          curl -s "$VAULT_URL/v0/vault/github" -H "Authorization: Bearer $VAULT_KEY"
          curl -s -X PUT "$VAULT_URL/v0/vault/mail" -H "Authorization: Bearer $VAULT_KEY" -d '{"type":"TOTP","data":{"secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}}'
          curl -s "$VAULT_URL/v0/vault/mail/totp" -H "Authorization: Bearer $VAULT_KEY"
          curl -s "$VAULT_URL/v0/vault" -H "Authorization: Bearer $VAULT_KEY"
          curl -s -X DELETE "$VAULT_URL/v0/vault/github" -H "Authorization: Bearer $VAULT_KEY"

        As an operator, another agent:

          curl -s -X POST "$VAULT_URL/v0/platform/identities" -H "Authorization: Bearer $OPERATOR_TOKEN" -d '{"name":"second"}'

        %s
        """
            .formatted(
                file,
                dataKept
                    ? "Ctrl-C stops it; the data stay (scripts/dev --fresh forgets them)."
                    : "Ctrl-C stops it and LocalStack, whose data are not kept: the next start"
                        + " makes a new demo identity."));
    console.flush();
  }
}
