package dev.ebb.benchmarks.report;

/**
 * One number that was measured.
 *
 * @param name what it says
 * @param value the number
 * @param unit its unit
 * @param bound what it may be
 */
public record Figure(String name, double value, String unit, Bound bound) {

  /** A figure without a bound. */
  public static Figure told(String name, double value, String unit) {
    return new Figure(name, value, unit, Bound.NONE);
  }

  /** How it stands to its bound. */
  public Bound.Verdict verdict() {
    return bound.judge(value);
  }
}
