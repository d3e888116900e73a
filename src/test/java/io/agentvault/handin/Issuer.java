package io.agentvault.handin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** An OpenID Connect issuer that no one here wrote: npm's {@code oidc-provider}. */
final class Issuer implements AutoCloseable {
  static final String CLIENT_ID = "deposits";

  private final Process process;

  /** Starts one that sends humans back to that page. */
  Issuer(int port, String page) {
    Path modules = Tools.nodeModules("oidc-provider");
    Path node = Tools.program("node", "package nodejs");
    try {
      process =
          new ProcessBuilder(
                  node.toString(),
                  "src/test/resources/handin/issuer.mjs",
                  modules.toString(),
                  Integer.toString(port),
                  CLIENT_ID,
                  page)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      String line = out.readLine();
      while (line != null && !line.equals("listening")) {
        line = out.readLine();
      }
      if (line == null) {
        throw new AssertionError("oidc-provider did not start");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
