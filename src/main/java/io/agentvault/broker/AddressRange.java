package io.agentvault.broker;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of addresses in CIDR notation.
 *
 * @param address 4 or 16 bytes
 * @param bits how many of them are fixed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
public record AddressRange(byte[] address, int bits) {
  // A literal only: no name is ever looked up here.
  private static final Pattern GRAMMAR = Pattern.compile("([0-9A-Fa-f.:]{2,45})/([0-9]{1,3})");

  /**
   * The range that {@code text} spells.
   *
   * @throws IllegalArgumentException when it spells none
   */
  public static AddressRange parse(String text) {
    Matcher matcher = GRAMMAR.matcher(text);
    if (matcher.matches()) {
      int bits = Integer.parseInt(matcher.group(2));
      Optional<byte[]> address = literal(matcher.group(1));
      if (address.isPresent() && bits <= address.get().length * Byte.SIZE) {
        return new AddressRange(address.get(), bits);
      }
    }
    throw new IllegalArgumentException("an address range must be in CIDR notation");
  }

  private static Optional<byte[]> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text).getAddress());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether it holds this address of 4 or 16 bytes. */
  boolean holds(byte[] other) {
    if (other.length != address.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % Byte.SIZE);
      if ((address[i / Byte.SIZE] & mask) != (other[i / Byte.SIZE] & mask)) {
        return false;
      }
    }
    return true;
  }
}
