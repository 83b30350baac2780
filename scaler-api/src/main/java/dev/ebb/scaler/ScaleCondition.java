package dev.ebb.scaler;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * One condition for sleep: a metric, over a window, not above a threshold. All conditions of a
 * resource must hold.
 *
 * @param metric the metric's base name, never blank
 * @param window how long the metric is looked back on, positive
 * @param threshold the highest value that still counts as idle, in the metric's own unit
 */
public record ScaleCondition(String metric, Duration window, BigDecimal threshold) {

  /** Rejects a blank metric and a window that is not positive. */
  public ScaleCondition {
    ResourceKey.requireText(metric, "metric");
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("window must be longer than zero");
    }
  }
}
