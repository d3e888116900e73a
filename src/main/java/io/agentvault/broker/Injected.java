package io.agentvault.broker;

import java.util.List;

/**
 * A call with its secret put in.
 *
 * @param call as it goes out
 * @param secrets what must not come back: fields, whole rendered headers, signatures
 */
record Injected(Outgoing call, List<String> secrets) {
  Injected {
    secrets = List.copyOf(secrets);
  }

  @Override
  public String toString() {
    return "Injected[redacted]";
  }
}
