package dev.ebb.runtime.scale;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerConfig;
import dev.ebb.scaler.ScalerException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * All {@link ResourceScaler}s that component scanning found, in Spring's order, Ebb's own last.
 * Thread-safe.
 */
public final class ResourceScalers {

  private final List<ResourceScaler> scalers;
  private final Freezes freezes;

  /** Takes the scalers in the order in which they are asked. */
  public ResourceScalers(List<ResourceScaler> scalers) {
    this(scalers, Freezes.NONE);
  }

  /**
   * Takes the scalers in the order in which they are asked, and holds them to the freeze.
   *
   * @param freezes tells where nothing but waking is allowed
   */
  public ResourceScalers(List<ResourceScaler> scalers, Freezes freezes) {
    this.scalers = List.copyOf(scalers);
    this.freezes = freezes;
  }

  /**
   * Returns the scaler of a target; while its namespace is frozen one that may wake and nothing
   * else.
   *
   * @throws ScalerException of kind NOT_FOUND when none drives it; of kind UNAVAILABLE when one
   *     that is asked before throws: handing the target to the next could scale what is not its own
   */
  public ResourceScaler of(ScaleTarget target) {
    Optional<Freeze> freeze = freezes.of(target.key().namespace());
    return scalers.stream()
        .filter(scaler -> drives(scaler, target))
        .findFirst()
        .map(scaler -> freeze.isEmpty() ? scaler : new FrozenScaler(scaler, freeze.get()))
        .orElseThrow(() ->
            new ScalerException(
                ScalerException.Kind.NOT_FOUND, "no ResourceScaler drives " + target));
  }

  /**
   * Scales a target by the scaler that drives it, and waits for the end. Blocks.
   *
   * @throws ScalerException what the scaler says, or {@link #of}
   */
  public void scale(ScaleRequest request) {
    try {
      of(request.target()).setScale(request).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ScalerException refused ? refused : e;
    }
  }

  /** A plug-in that throws keeps the targets that it throws for as they are, and no others. */
  private static boolean drives(ResourceScaler scaler, ScaleTarget target) {
    try {
      return scaler.drives(target);
    } catch (RuntimeException | LinkageError e) {
      throw new ScalerException(
          ScalerException.Kind.UNAVAILABLE,
          "scaler "
              + scaler.getClass().getName()
              + " cannot say whether it drives "
              + target
              + " ("
              + e
              + "); correct or remove the plug-in",
          e);
    }
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
