package io.agentvault.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Measurements of one thing, in order of size. */
final class Samples {
  private final double[] sorted;

  private Samples(double[] sorted) {
    this.sorted = sorted;
  }

  static Samples of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return new Samples(sorted);
  }

  double median() {
    return quantile(0.5);
  }

  /** Nearest rank. */
  double quantile(double part) {
    int rank = (int) Math.ceil(part * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }

  double least() {
    return sorted[0];
  }

  double most() {
    return sorted[sorted.length - 1];
  }

  int count() {
    return sorted.length;
  }

  /** Median and range, each with so many decimals: {@code 1.07 (1.02 to 1.11)}. */
  String text(int decimals) {
    String number = "%." + decimals + "f";
    return String.format(
        Locale.ROOT, number + " (" + number + " to " + number + ")", median(), least(), most());
  }

  /** Of milliseconds: p50, p90 and p99. */
  String quantiles() {
    return String.format(Locale.ROOT, "%.2f %.2f %.2f ms", median(), quantile(0.9), quantile(0.99));
  }
}
