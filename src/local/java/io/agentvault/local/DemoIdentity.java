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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The identity that {@code scripts/dev} makes on its first start, and its {@code dev.env}. */
final class DemoIdentity {
  private static final String KEY_VARIABLE = "VAULT_KEY";

  private final DevArguments arguments;
  private final Path file;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private boolean made;

  private DemoIdentity(DevArguments arguments) {
    this.arguments = arguments;
    this.file = arguments.data().resolve("dev.env");
  }

  /**
   * The demo identity of an earlier start, or a new one; leaves {@code dev.env} up to date. The key
   * of an earlier start must open its vault; where data are not kept it cannot, and a new identity
   * takes its place.
   *
   * @param more further lines of {@code dev.env}
   */
  static DemoIdentity provision(
      LocalCloud cloud, String token, DevArguments arguments, Map<String, String> more) {
    DemoIdentity demo = new DemoIdentity(arguments);
    String url = cloud.url();
    Optional<String> known =
        demo.knownKey().filter(key -> !arguments.localstack() || demo.whoami(url, key) != 401);
    String key = known.orElseGet(() -> demo.create(url, token));
    demo.requireWorking(url, key, known.isPresent());
    demo.made = known.isEmpty();
    demo.settings.put("VAULT_URL", url);
    demo.settings.put(KEY_VARIABLE, key);
    demo.settings.put("OPERATOR_TOKEN", token);
    demo.settings.putAll(more);
    demo.write();
    return demo;
  }

  private Optional<String> knownKey() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
              .filter(line -> line.startsWith(KEY_VARIABLE + "="))
              .map(line -> line.substring(KEY_VARIABLE.length() + 1))
              .findFirst()
              .orElseThrow(() -> unusable()));
    } catch (IOException e) {
      throw unusable();
    }
  }

  private DevFailure unusable() {
    return new DevFailure(
        file
            + " is not what scripts/dev wrote; delete it for a new demo identity, or start over"
            + " with "
            + arguments.startOver());
  }

  private String create(String url, String token) {
    HttpResponse<String> response =
        send(
            request(url, "/v0/platform/identities", token)
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"demo\"}")));
    if (response.statusCode() != 201) {
      throw new DevFailure(
          "the demo identity could not be made: the vault answered "
              + response.statusCode()
              + "; see "
              + logs());
    }
    JsonObject body = Json.read(response.body().getBytes(StandardCharsets.UTF_8));
    return body.getString("rawKey");
  }

  private void requireWorking(String url, String key, boolean old) {
    int status = whoami(url, key);
    if (status == 401 && old) {
      throw new DevFailure(
          "the key in %1$s opens no vault in this data any more; delete %1$s for a new demo identity, or start over with %2$s"
              .formatted(file, arguments.startOver()));
    }
    if (status != 200) {
      throw new DevFailure("the vault answered " + status + " to its first call; see " + logs());
    }
  }

  private int whoami(String url, String key) {
    return send(request(url, "/v0/whoami", key).GET()).statusCode();
  }

  private static HttpRequest.Builder request(String url, String path, String bearer) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(Duration.ofSeconds(30))
        .header("authorization", "Bearer " + bearer)
        .header("content-type", "application/json");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new DevFailure("the vault did not answer its first call; see " + logs());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DevFailure("interrupted");
    }
  }

  private Path logs() {
    return arguments.data().resolve("logs");
  }

  private void write() {
    StringBuilder text = new StringBuilder();
    settings.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
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
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** What to do next, ready to paste. */
  void tell(PrintStream console) {
    console.println();
    console.println("Agent Vault is ready at " + settings.get("VAULT_URL"));
    console.println(
        made
            ? "The demo agent's key, shown this once (it is kept in "
                + file
                + "): "
                + settings.get(KEY_VARIABLE)
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

        %s%s
        """
            .formatted(
                file,
                sample(),
                !arguments.localstack()
                    ? "Ctrl-C stops it; the data stay (" + arguments.startOver() + " forgets them)."
                    : "Ctrl-C stops it and LocalStack, whose data are not kept: the next start"
                        + " makes a new demo identity."));
    console.flush();
  }

  /** A use with the sample upstream, where there is a broker to make it. */
  private String sample() {
    String upstream = settings.get("SAMPLE_UPSTREAM");
    return upstream == null
        ? ""
        : """
        A service that wants a key is at http://%s; a use of it, by which the key stays in the vault:

          curl -s -X PUT "$VAULT_URL/v0/vault/sample" -H "Authorization: Bearer $VAULT_KEY" -d '{"type":"API_KEY","data":{"key":"%s"},"use":{"reveal":false,"allow":[{"host":"'$SAMPLE_UPSTREAM'"}]}}'
          curl -s -X POST "$VAULT_URL/v0/vault/sample/use" -H "Authorization: Bearer $VAULT_KEY" -d '{"method":"GET","url":"http://'$SAMPLE_UPSTREAM'/"}'

        """
            .formatted(upstream, SampleUpstream.KEY);
  }
}
