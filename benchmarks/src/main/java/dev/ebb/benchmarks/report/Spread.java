package dev.ebb.benchmarks.report;

import java.util.List;
import org.HdrHistogram.Histogram;

/** How long something took, many times; three significant digits. Not thread-safe. */
public final class Spread {

  private static final long LONGEST_MICROS = 3_600_000_000L;

  private final Histogram histogram = new Histogram(LONGEST_MICROS, 3);

  /** Creates an empty one. */
  public Spread() {}

  /** Adds one duration; a negative one, which two clocks of one machine can make, counts as 0. */
  public void add(long micros) {
    histogram.recordValue(Math.clamp(micros, 0, LONGEST_MICROS));
  }

  /** How many durations there are. */
  public long count() {
    return histogram.getTotalCount();
  }

  /** A percentile in milliseconds; not a number when there is nothing. */
  public double millis(double percentile) {
    return count() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile) / 1000.0;
  }

  /** Median, 99th percentile and maximum as figures. */
  public List<Figure> figures(String name, Bound median, Bound p99) {
    return List.of(
        new Figure(name + ", median of " + count(), millis(50), "ms", median),
        new Figure(name + ", p99", millis(99), "ms", p99),
        new Figure(name + ", longest", millis(100), "ms", Bound.NONE));
  }

  /** The same without bounds. */
  public List<Figure> figures(String name) {
    return figures(name, Bound.NONE, Bound.NONE);
  }
}
