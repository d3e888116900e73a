package io.agentvault.api;

import io.agentvault.broker.Header;
import java.util.List;

/**
 * A call that the vault is asked to make, before anything was checked against a policy.
 *
 * @param method in capitals
 * @param place where to
 * @param headers the caller's, without those that held its key
 * @param body empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
record UseCall(String method, Place place, List<Header> headers, byte[] body) {
  UseCall {
    headers = List.copyOf(headers);
  }

  /** Where a call goes. */
  sealed interface Place {
    /** A whole URL. */
    record Url(String text) implements Place {}

    /**
     * To the policy's first host.
     *
     * @param pathAndQuery begins with a slash, percent-encoded
     */
    record FirstHost(String pathAndQuery) implements Place {}
  }

  @Override
  public String toString() {
    return "UseCall[" + method + "]";
  }
}
