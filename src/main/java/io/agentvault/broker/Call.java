package io.agentvault.broker;

import java.util.List;
import java.util.Set;

/**
 * A call that the vault is asked to make, before anything was checked against a policy.
 *
 * @param method one of the methods of a use policy
 * @param place where to
 * @param headers the caller's, without those that held its key
 * @param body empty when there is none
 * @param presented what the caller proved itself with, which must not come back either
 * @param keyHeaders lower-case names of headers that held it, if they are none of the usual ones
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
public record Call(
    String method,
    Place place,
    List<Header> headers,
    byte[] body,
    String presented,
    Set<String> keyHeaders) {
  public Call {
    headers = List.copyOf(headers);
    keyHeaders = Set.copyOf(keyHeaders);
  }

  /** Where a call goes. */
  public sealed interface Place {
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
    return "Call[" + method + "]";
  }
}
