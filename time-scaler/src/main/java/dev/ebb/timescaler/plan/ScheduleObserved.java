package dev.ebb.timescaler.plan;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a decision on one target of a schedule stands on.
 *
 * @param schedule what is asked for
 * @param target the target; null when there is none
 * @param freeze what freezes the target's namespace
 * @param now the time
 */
public record ScheduleObserved(
    ScalingSchedule schedule, @Nullable Seen target, Optional<Freeze> freeze, Instant now) {

  /** A target of the kinds that have no count of their own. */
  public ScheduleObserved(
      ScalingSchedule schedule,
      @Nullable Hpa hpa,
      @Nullable ScaledResource resource,
      Optional<Freeze> freeze,
      Instant now) {
    this(
        schedule,
        hpa != null
            ? new Seen.OfHpa(hpa, null, null)
            : resource != null ? new Seen.OfResource(resource) : null,
        freeze,
        now);
  }
}
