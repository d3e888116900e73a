package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Internal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ReceiptItemTest {
  private static final Instant REVOKED = Instant.parse("2026-11-23T10:00:00.123Z");
  private static final AgentId ID = AgentId.parse("5w60mr2bjwf3p0vaepmr52mc7t").orElseThrow();

  private static Receipt receipt(Sweep sweep, Optional<Instant> until, Optional<String> signed) {
    return new Receipt(
        ID,
        "acme",
        "olga",
        REVOKED,
        sweep,
        until,
        signed.map(jws -> new Receipt.Signature(jws, sweep.complete())));
  }

  @Test
  void aReceiptIsReadAsItWasWritten() {
    Optional<Instant> later = Optional.of(REVOKED.plus(Duration.ofDays(7)));
    Sweep swept = new Sweep(OptionalLong.of(3), Optional.of("CREDENTIAL#z"), later, true);
    Receipt full = receipt(swept, later, Optional.of("a.b.c"));
    Receipt bare = receipt(Sweep.NOT_BEGUN, Optional.empty(), Optional.empty());

    assertThat(ReceiptItem.read(ReceiptItem.write(full))).isEqualTo(full);
    assertThat(ReceiptItem.read(ReceiptItem.write(bare))).isEqualTo(bare);
  }

  @Test
  void aReceiptOfNoIdentityIsMalformed() {
    Map<String, AttributeValue> item =
        new HashMap<>(
            ReceiptItem.write(receipt(Sweep.NOT_BEGUN, Optional.empty(), Optional.empty())));
    item.put("pk", AttributeValue.fromS("RECEIPT#someone"));

    assertThatThrownBy(() -> ReceiptItem.read(item)).isInstanceOf(Internal.class);
  }
}
