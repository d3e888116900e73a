package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as a reader sees them who takes escapes for what they stand for, and where each came from.
 */
final class View {
  private static final String JSON_ESCAPES = "\"\\/bfnrt";
  private static final byte[] JSON_MEANINGS = {'"', '\\', '/', '\b', '\f', '\n', '\r', '\t'};

  private final byte[] bytes;
  private int length;

  /** Where in the original each byte began; absent where it is the same place. */
  private final int @Nullable [] origins;

  private View(byte[] bytes, int length, int @Nullable [] origins) {
    this.bytes = bytes;
    this.length = length;
    this.origins = origins;
  }

  static View plain(byte[] original) {
    return new View(original, original.length, null);
  }

  private static View empty(byte[] original) {
    return new View(new byte[original.length], 0, new int[original.length + 1]);
  }

  /** With percent-encoded bytes decoded, if there are any. */
  static Optional<View> percentDecoded(byte[] original, boolean plusIsSpace) {
    if (!holds(original, plusIsSpace ? '+' : '%')) {
      return Optional.empty();
    }
    View view = empty(original);
    for (int i = 0; i < original.length; ) {
      int octet = original[i] == '%' ? hexadecimal(original, i + 1, 2) : -1;
      if (octet >= 0) {
        view.add((byte) octet, i);
        i += 3;
      } else {
        view.add(plusIsSpace && original[i] == '+' ? (byte) ' ' : original[i], i);
        i++;
      }
    }
    return Optional.of(view.ended(original.length));
  }

  /** With JSON's escapes resolved, if there are any. */
  static Optional<View> jsonUnescaped(byte[] original) {
    if (!holds(original, '\\')) {
      return Optional.empty();
    }
    View view = empty(original);
    for (int i = 0; i < original.length; ) {
      i += original[i] == '\\' ? view.addEscape(original, i) : view.add(original[i], i);
    }
    return Optional.of(view.ended(original.length));
  }

  private int addEscape(byte[] original, int at) {
    int next = at + 1 < original.length ? original[at + 1] : -1;
    int known = JSON_ESCAPES.indexOf(next);
    if (known >= 0) {
      add(JSON_MEANINGS[known], at);
      return 2;
    }
    int unit = next == 'u' ? hexadecimal(original, at + 2, 4) : -1;
    if (unit < 0) {
      return add(original[at], at);
    }
    int taken = 6;
    String text = String.valueOf((char) unit);
    if (Character.isHighSurrogate((char) unit)
        && at + 7 < original.length
        && original[at + 6] == '\\'
        && original[at + 7] == 'u') {
      int low = hexadecimal(original, at + 8, 4);
      if (low >= 0) {
        text += (char) low;
        taken = 12;
      }
    }
    for (byte each : text.getBytes(UTF_8)) {
      add(each, at);
    }
    return taken;
  }

  private int add(byte value, int origin) {
    bytes[length] = value;
    Objects.requireNonNull(origins)[length] = origin;
    length++;
    return 1;
  }

  private View ended(int end) {
    Objects.requireNonNull(origins)[length] = end;
    return this;
  }

  private static boolean holds(byte[] bytes, char wanted) {
    for (byte each : bytes) {
      if (each == wanted) {
        return true;
      }
    }
    return false;
  }

  private static int hexadecimal(byte[] bytes, int from, int digits) {
    if (from + digits > bytes.length) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** The same with capital ASCII letters made small. */
  View lowerCase() {
    byte[] lower = Arrays.copyOf(bytes, length);
    for (int i = 0; i < length; i++) {
      if (lower[i] >= 'A' && lower[i] <= 'Z') {
        lower[i] = (byte) (lower[i] + ('a' - 'A'));
      }
    }
    return new View(lower, length, origins);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /**
   * Where the byte at {@code index} began in the original; its end for the index behind the last.
   */
  int origin(int index) {
    return origins == null ? index : origins[index];
  }
}
