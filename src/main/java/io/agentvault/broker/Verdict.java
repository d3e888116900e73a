package io.agentvault.broker;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What kind of place an address is. An IPv6 address that stands for an IPv4 one (mapped,
 * compatible, 6to4, NAT64) is judged as that one.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA IPv4
 *     Special-Purpose Address Registry</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA IPv6
 *     Special-Purpose Address Registry</a>
 */
public enum Verdict {
  /** Anyone's, on the Internet. */
  PUBLIC,
  /** This very machine: Lambda's own Runtime API is there. */
  LOOPBACK,
  /** The same link; the metadata services are there. */
  LINK_LOCAL,
  /** A private network (RFC 1918, RFC 4193, and the site-local ones of old). */
  PRIVATE,
  /** Between a carrier and its customers (RFC 6598); AWS routes some of it inside a VPC. */
  SHARED,
  /** Many at once. */
  MULTICAST,
  /** No place, or "this network". */
  UNSPECIFIED,
  /** For documentation, measurements, protocols, or nothing yet. */
  RESERVED;

  private static final List<Map.Entry<AddressRange, Verdict>> IPV4 =
      List.of(
          entry("0.0.0.0/8", UNSPECIFIED),
          entry("10.0.0.0/8", PRIVATE),
          entry("100.64.0.0/10", SHARED),
          entry("127.0.0.0/8", LOOPBACK),
          entry("169.254.0.0/16", LINK_LOCAL),
          entry("172.16.0.0/12", PRIVATE),
          entry("192.0.0.0/24", RESERVED),
          entry("192.0.2.0/24", RESERVED),
          entry("192.88.99.0/24", RESERVED),
          entry("192.168.0.0/16", PRIVATE),
          entry("198.18.0.0/15", RESERVED),
          entry("198.51.100.0/24", RESERVED),
          entry("203.0.113.0/24", RESERVED),
          entry("224.0.0.0/4", MULTICAST),
          entry("240.0.0.0/4", RESERVED));

  private static final List<Map.Entry<AddressRange, Verdict>> IPV6 =
      List.of(
          entry("::/128", UNSPECIFIED),
          entry("::1/128", LOOPBACK),
          entry("64:ff9b:1::/48", RESERVED),
          entry("2001::/23", RESERVED),
          entry("2001:db8::/32", RESERVED),
          entry("3fff::/20", RESERVED),
          entry("fc00::/7", PRIVATE),
          entry("fe80::/10", LINK_LOCAL),
          entry("fec0::/10", PRIVATE),
          entry("ff00::/8", MULTICAST));

  private static final AddressRange GLOBAL_UNICAST = AddressRange.parse("2000::/3");
  private static final AddressRange COMPATIBLE = AddressRange.parse("::/96");
  private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
  private static final AddressRange SIX_TO_FOUR = AddressRange.parse("2002::/16");
  private static final int IPV4_BYTES = 4;

  private static Map.Entry<AddressRange, Verdict> entry(String range, Verdict verdict) {
    return Map.entry(AddressRange.parse(range), verdict);
  }

  /** The verdict on an address. */
  public static Verdict of(InetAddress address) {
    return of(address.getAddress());
  }

  /**
   * The verdict on 4 or 16 bytes.
   *
   * @throws IllegalArgumentException when there are more or fewer
   */
  static Verdict of(byte[] address) {
    return switch (address.length) {
      case IPV4_BYTES -> first(IPV4, address, PUBLIC);
      case 16 -> ofIpv6(address);
      default -> throw new IllegalArgumentException("an address has 4 or 16 bytes");
    };
  }

  private static Verdict ofIpv6(byte[] address) {
    Verdict special = first(IPV6, address, PUBLIC);
    if (special != PUBLIC) {
      return special;
    }
    if (isMapped(address) || COMPATIBLE.holds(address) || NAT64.holds(address)) {
      return of(Arrays.copyOfRange(address, 12, 16));
    }
    if (SIX_TO_FOUR.holds(address)) {
      return of(Arrays.copyOfRange(address, 2, 2 + IPV4_BYTES));
    }
    return GLOBAL_UNICAST.holds(address) ? PUBLIC : RESERVED;
  }

  /** {@code ::ffff:0:0/96}; the JDK reads its literal as IPv4, so it is no {@link AddressRange}. */
  private static boolean isMapped(byte[] address) {
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return address[10] == (byte) 0xff && address[11] == (byte) 0xff;
  }

  private static Verdict first(
      List<Map.Entry<AddressRange, Verdict>> ranges, byte[] address, Verdict otherwise) {
    return ranges.stream()
        .filter(range -> range.getKey().holds(address))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }

  /**
   * Whether a call may go to such an address.
   *
   * @param ranges the private ranges that the deployment opens; they open nothing but {@link
   *     #PRIVATE} and {@link #SHARED}
   */
  boolean admits(byte[] address, List<AddressRange> ranges) {
    return switch (this) {
      case PUBLIC -> true;
      case PRIVATE, SHARED -> ranges.stream().anyMatch(range -> range.holds(address));
      case LOOPBACK, LINK_LOCAL, MULTICAST, UNSPECIFIED, RESERVED -> false;
    };
  }
}
