package io.agentvault.broker;

import java.util.List;

/**
 * A call as it goes out.
 *
 * @param method one of the methods of a use policy
 * @param target where it goes
 * @param headers without those that frame it
 * @param body empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
record Outgoing(String method, Target target, List<Header> headers, byte[] body) {
  Outgoing {
    headers = List.copyOf(headers);
  }

  @Override
  public String toString() {
    return "Outgoing[redacted]";
  }
}
