package io.agentvault.broker;

import io.agentvault.problem.UpstreamTooLarge;
import io.agentvault.problem.UpstreamUnreachable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;

/**
 * A body as it was before it was encoded for the way, which nobody asked for. What we can't decode
 * we can't search for secrets, so it is refused.
 */
final class EncodedBody {
  private EncodedBody() {}

  /**
   * The body, decoded.
   *
   * @param most how many bytes it may have
   * @param abort ends the connection: what is refused is not read to its end, however far that is
   */
  static byte[] read(ClassicHttpResponse answer, int most, Runnable abort) throws IOException {
    Optional<Decoder> decoder = decoder(answer);
    if (decoder.isEmpty()) {
      abort.run();
      throw new UpstreamUnreachable("the upstream's answer has an encoding that is not read");
    }
    try (InputStream decoded = decoder.get().decode(answer.getEntity().getContent())) {
      byte[] body = decoded.readNBytes(most + 1);
      if (body.length > most) {
        abort.run(); // before the stream is closed, which would read on
        throw new UpstreamTooLarge("the upstream's answer is over 4 MiB");
      }
      return body;
    }
  }

  @FunctionalInterface
  private interface Decoder {
    InputStream decode(InputStream encoded) throws IOException;
  }

  /** For all encodings that the answer's headers name, on however many lines; empty for none. */
  private static Optional<Decoder> decoder(ClassicHttpResponse answer) {
    List<String> encodings =
        Arrays.stream(answer.getHeaders("Content-Encoding"))
            .flatMap(header -> Stream.of(String.valueOf(header.getValue()).split(",", -1)))
            .map(each -> each.strip().toLowerCase(Locale.ROOT))
            .filter(each -> !each.isEmpty() && !each.equals("identity"))
            .toList();
    if (encodings.isEmpty()) {
      return Optional.of(plain -> plain);
    }
    return encodings.size() > 1
        ? Optional.empty()
        : switch (encodings.getFirst()) {
          case "gzip", "x-gzip" -> Optional.of(GZIPInputStream::new);
          case "deflate" -> Optional.of(InflaterInputStream::new);
          default -> Optional.empty();
        };
  }
}
