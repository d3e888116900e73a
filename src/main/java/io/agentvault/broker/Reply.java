package io.agentvault.broker;

import java.util.List;

/**
 * What an upstream answered.
 *
 * @param status 200 to 599
 * @param headers those that go through, several of one name in their order
 * @param body as it was before it was encoded for the way
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
public record Reply(int status, List<Header> headers, byte[] body) {
  public Reply {
    headers = List.copyOf(headers);
  }

  @Override
  public String toString() {
    return "Reply[" + status + "]";
  }
}
