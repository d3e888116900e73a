package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.UpstreamTooLarge;
import io.agentvault.problem.UpstreamUnreachable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedBodyTest {
  private static final byte[] BODY = "twelve bytes".getBytes(UTF_8);

  private final AtomicInteger aborted = new AtomicInteger();

  @Test
  void aBodyMayBeAsLongAsItMay() throws IOException {
    assertThat(EncodedBody.read(answer(), BODY.length, aborted::incrementAndGet)).isEqualTo(BODY);
    assertThat(aborted).hasValue(0);
  }

  @Test
  void ofALongerOneTheRestIsNotRead() {
    assertThatThrownBy(() -> EncodedBody.read(answer(), BODY.length - 1, aborted::incrementAndGet))
        .isInstanceOf(UpstreamTooLarge.class);
    assertThat(aborted).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "identity", " Identity ,", ",identity, "})
  void aBodyMaySayThatItIsNotEncoded(String encoding) throws IOException {
    ClassicHttpResponse answer = answer();
    answer.addHeader("Content-Encoding", encoding);

    assertThat(EncodedBody.read(answer, BODY.length, aborted::incrementAndGet)).isEqualTo(BODY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip, gzip", "identity, br"})
  void whatCanNotBeReadIsNotRead(String encoding) {
    ClassicHttpResponse answer = answer();
    answer.addHeader("Content-Encoding", encoding);

    assertThatThrownBy(() -> EncodedBody.read(answer, BODY.length, aborted::incrementAndGet))
        .isInstanceOf(UpstreamUnreachable.class);
    assertThat(aborted).hasValue(1);
  }

  private static ClassicHttpResponse answer() {
    ClassicHttpResponse answer = new BasicClassicHttpResponse(200);
    answer.setEntity(new ByteArrayEntity(BODY, ContentType.TEXT_PLAIN));
    return answer;
  }
}
