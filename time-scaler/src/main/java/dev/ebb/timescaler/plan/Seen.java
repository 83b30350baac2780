package dev.ebb.timescaler.plan;

import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.Scale;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.Steerable;
import org.jspecify.annotations.Nullable;

/** A target as it was seen. */
public sealed interface Seen {

  /**
   * An HPA.
   *
   * @param workload the count of what it scales; null where nobody has to know it
   * @param problem why that count cannot be read; null when it can, or nobody has to know it
   */
  record OfHpa(Hpa hpa, @Nullable Scale workload, @Nullable String problem) implements Seen {}

  /** A ScaledResource. */
  record OfResource(ScaledResource resource) implements Seen {}

  /** A ScaledObject of KEDA. */
  record OfKeda(Steerable object) implements Seen {}

  /** Anything that has a count. */
  record OfScale(Steerable object, Scale scale) implements Seen {}

  /** One that cannot be read, or must not be. */
  record Unreadable(String reason, String message) implements Seen {}
}
