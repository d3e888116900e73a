package io.agentvault.broker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which addresses a call may go to: public ones, private ones that the deployment opened, and, on a
 * developer's machine, the loopback upstreams that were named one by one.
 *
 * @param privateRanges of the deployment, empty for none
 * @param localUpstreams as {@code 127.0.0.1:PORT}; plain HTTP is spoken to these and to no other
 */
public record Places(List<AddressRange> privateRanges, Set<String> localUpstreams) {
  private static final Pattern LOCAL = Pattern.compile("127\\.0\\.0\\.1:[1-9][0-9]{0,4}");

  /**
   * @throws IllegalArgumentException when a local upstream is not {@code 127.0.0.1:PORT}
   */
  public Places {
    privateRanges = List.copyOf(privateRanges);
    localUpstreams = Set.copyOf(localUpstreams);
    if (!localUpstreams.stream().allMatch(each -> LOCAL.matcher(each).matches())) {
      throw new IllegalArgumentException("a local upstream must be 127.0.0.1:PORT");
    }
  }

  /** Whether plain HTTP is spoken there. */
  boolean isLocal(Target target) {
    return !target.isHttps() && localUpstreams.contains(target.host() + ":" + target.port());
  }

  /**
   * The addresses of a name, looked up once; every one of them is checked.
   *
   * @throws UnknownHostException when there is none, or one is not to be called; without the name
   */
  InetAddress[] resolve(String host, Resolver resolver) throws UnknownHostException {
    InetAddress[] addresses = resolver.lookUp(host);
    for (InetAddress address : addresses) {
      if (!Verdict.of(address).admits(address.getAddress(), privateRanges)) {
        throw new NotAdmitted(Verdict.of(address));
      }
    }
    return addresses;
  }

  /** How a name is looked up. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] lookUp(String host) throws UnknownHostException;
  }

  /** A name that has an address of a kind that is never called. */
  static final class NotAdmitted extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    private final Verdict verdict;

    NotAdmitted(Verdict verdict) {
      super("not admitted");
      this.verdict = verdict;
    }

    Verdict verdict() {
      return verdict;
    }
  }
}
