package dev.ebb.runtime.scale;

import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerConfig;
import dev.ebb.scaler.ScalerException;
import java.util.List;

/**
 * All {@link ResourceScaler}s that component scanning found, in Spring's order, Ebb's own last.
 * Thread-safe.
 */
public final class ResourceScalers {

  private final List<ResourceScaler> scalers;

  /** Takes the scalers in the order in which they are asked. */
  public ResourceScalers(List<ResourceScaler> scalers) {
    this.scalers = List.copyOf(scalers);
  }

  /**
   * Returns the scaler of a target.
   *
   * @throws ScalerException of kind NOT_FOUND when none drives it
   */
  public ResourceScaler of(ScaleTarget target) {
    return scalers.stream()
        .filter(scaler -> scaler.drives(target))
        .findFirst()
        .orElseThrow(() ->
            new ScalerException(
                ScalerException.Kind.NOT_FOUND, "no ResourceScaler drives " + target));
  }

  /** Returns all scalers. */
  public List<ResourceScaler> all() {
    return scalers;
  }

  /** Returns what the scalers want changed, the first in order winning field by field. */
  public ScalerConfig config() {
    ScalerConfig merged = ScalerConfig.NONE;
    for (ResourceScaler scaler : scalers.reversed()) {
      merged = merged.overlaidBy(scaler.getConfig());
    }
    return merged;
  }
}
