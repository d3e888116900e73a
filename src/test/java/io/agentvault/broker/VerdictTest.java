package io.agentvault.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictTest {
  static Stream<String> vectors() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/vectors/address/verdicts.txt")).stream()
        .filter(line -> !line.startsWith("#"));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void everyAddressIsTheKindOfPlaceThatItsVectorSays(String vector) {
    String[] parts = vector.split(" ", -1);
    byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
    assertThat(Verdict.of(address)).isEqualTo(Verdict.valueOf(parts[1]));
    if (address.length == 4) {
      byte[] mapped = new byte[16];
      mapped[10] = mapped[11] = (byte) 0xff;
      System.arraycopy(address, 0, mapped, 12, 4);
      assertThat(Verdict.of(mapped)).isEqualTo(Verdict.valueOf(parts[1]));
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aPrivateRangeOpensPrivateAndSharedAddressesOnly(String vector) {
    String[] parts = vector.split(" ", -1);
    byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
    Verdict verdict = Verdict.of(address);
    List<AddressRange> everything =
        List.of(AddressRange.parse("0.0.0.0/0"), AddressRange.parse("::/0"));
    assertThat(verdict.admits(address, List.of())).isEqualTo(verdict == Verdict.PUBLIC);
    assertThat(verdict.admits(address, everything))
        .isEqualTo(List.of(Verdict.PUBLIC, Verdict.PRIVATE, Verdict.SHARED).contains(verdict));
  }

  @Test
  void aPrivateRangeOpensNoOtherOne() {
    List<AddressRange> opened = List.of(AddressRange.parse("10.1.0.0/16"));
    byte[] within = {10, 1, 2, 3};
    byte[] beside = {10, 2, 2, 3};
    assertThat(Verdict.of(within).admits(within, opened)).isTrue();
    assertThat(Verdict.of(beside).admits(beside, opened)).isFalse();
  }

  @Test
  void aRangeOfAllBitsIsOneAddress() {
    AddressRange one = AddressRange.parse("10.1.0.1/32");
    assertThat(one.holds(new byte[] {10, 1, 0, 1})).isTrue();
    assertThat(one.holds(new byte[] {10, 1, 0, 0})).isFalse();
    assertThat(AddressRange.parse("fd00::1/128").holds(new byte[16])).isFalse();
    assertThatThrownBy(() -> AddressRange.parse("10.1.0.1/33"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AddressRange.parse("fd00::1/129"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRangeHoldsItsOwnAddressesOnly() throws IOException {
    AddressRange range = AddressRange.parse("10.1.0.0/17");
    assertThat(range.holds(new byte[] {10, 1, 127, (byte) 255})).isTrue();
    assertThat(range.holds(new byte[] {10, 1, (byte) 128, 0})).isFalse();
    assertThat(range.holds(new byte[16])).isFalse();
  }
}
