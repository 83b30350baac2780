package dev.ebb.scaler;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ResourceScaler} wants to be different from the service's own configuration. Every
 * field stands for itself: null keeps what the service has.
 *
 * @param scaleInterval how often sleep is decided; positive or null
 * @param wakeTimeout the longest wait for a woken resource; positive or null
 */
public record ScalerConfig(@Nullable Duration scaleInterval, @Nullable Duration wakeTimeout) {

  /** Changes nothing. */
  public static final ScalerConfig NONE = new ScalerConfig(null, null);

  /** Rejects durations that are not positive, naming the field. */
  public ScalerConfig {
    requirePositive(scaleInterval, "scaleInterval");
    requirePositive(wakeTimeout, "wakeTimeout");
  }

  /**
   * Returns this configuration with the other's non-null fields laid over it, field by field.
   *
   * @param other what wins where it says something
   */
  public ScalerConfig overlaidBy(ScalerConfig other) {
    return new ScalerConfig(
        other.scaleInterval != null ? other.scaleInterval : scaleInterval,
        other.wakeTimeout != null ? other.wakeTimeout : wakeTimeout);
  }

  private static void requirePositive(@Nullable Duration duration, String field) {
    if (duration != null && (duration.isNegative() || duration.isZero())) {
      throw new IllegalArgumentException(field + " must be longer than zero");
    }
  }
}
