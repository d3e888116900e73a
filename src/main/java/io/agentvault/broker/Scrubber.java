package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Takes secrets out of what an upstream answers, in every form that a service which repeats what it
 * was given puts them in: as they are, hexadecimal, base64 and base64url in all three alignments,
 * and each of these escaped for JSON or percent-encoded, in part or whole.
 *
 * <p>A secret under {@value #SHORTEST} bytes can't be told from chance and is left alone. An
 * upstream that transforms what it was given in another way gets it past this.
 */
final class Scrubber {
  static final int SHORTEST = 4;

  private static final byte[] MARK = "[scrubbed]".getBytes(ISO_8859_1);

  private final Patterns exact;
  private final Patterns hexadecimal;

  /**
   * @param secrets as text; what is sent of them is UTF-8
   */
  Scrubber(Collection<String> secrets) {
    List<byte[]> plain =
        secrets.stream()
            .map(secret -> secret.getBytes(UTF_8))
            .filter(secret -> secret.length >= SHORTEST)
            .toList();
    List<byte[]> rendered = new ArrayList<>(plain);
    plain.forEach(secret -> rendered.addAll(Renderings.base64(secret)));
    this.exact = new Patterns(rendered);
    this.hexadecimal = new Patterns(plain.stream().map(Renderings::hexadecimal).toList());
  }

  /** A header's or a status line's text without the secrets. */
  String scrub(String text) {
    return new String(scrub(text.getBytes(ISO_8859_1)), ISO_8859_1);
  }

  /** The bytes without the secrets; the same array where there are none. */
  byte[] scrub(byte[] bytes) {
    BitSet secret = new BitSet();
    List<View> views = new ArrayList<>(List.of(View.plain(bytes)));
    View.percentDecoded(bytes, false).ifPresent(views::add);
    View.percentDecoded(bytes, true).ifPresent(views::add);
    View.jsonUnescaped(bytes).ifPresent(views::add);
    for (View view : views) {
      exact.mark(view, secret);
      hexadecimal.mark(view.lowerCase(), secret);
    }
    return secret.isEmpty() ? bytes : without(bytes, secret);
  }

  private static byte[] without(byte[] bytes, BitSet secret) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int next = secret.nextSetBit(at);
      int plainEnd = next < 0 ? bytes.length : next;
      out.write(bytes, at, plainEnd - at);
      if (next < 0) {
        break;
      }
      out.writeBytes(MARK);
      at = secret.nextClearBit(next);
    }
    return out.toByteArray();
  }

  @Override
  public String toString() {
    return "Scrubber[redacted]";
  }
}
