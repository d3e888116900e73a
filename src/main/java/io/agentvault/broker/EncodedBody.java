package io.agentvault.broker;

import io.agentvault.problem.UpstreamTooLarge;
import io.agentvault.problem.UpstreamUnreachable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * A body as it was before it was encoded for the way, which nobody asked for. What we can't decode
 * we can't search for secrets, so it is refused.
 */
final class EncodedBody {
  private EncodedBody() {}

  static byte[] read(HttpEntity entity, int most) throws IOException {
    try (InputStream decoded = decoded(entity)) {
      byte[] body = decoded.readNBytes(most + 1);
      if (body.length > most) {
        throw new UpstreamTooLarge("the upstream's answer is over 4 MiB");
      }
      return body;
    }
  }

  private static InputStream decoded(HttpEntity entity) throws IOException {
    @Nullable String encoding = entity.getContentEncoding();
    return switch (encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> entity.getContent();
      case "gzip", "x-gzip" -> new GZIPInputStream(entity.getContent());
      case "deflate" -> new InflaterInputStream(entity.getContent());
      default ->
          throw new UpstreamUnreachable("the upstream's answer has an encoding that is not read");
    };
  }
}
