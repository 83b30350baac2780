package dev.ebb.timescaler.plan;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a decision stands on.
 *
 * @param schedule what is asked for
 * @param hpa the target, when it is an HPA that is there
 * @param resource the target, when it is a ScaledResource that is there
 * @param freeze what freezes the namespace
 * @param now the time
 */
public record ScheduleObserved(
    ScalingSchedule schedule,
    @Nullable Hpa hpa,
    @Nullable ScaledResource resource,
    Optional<Freeze> freeze,
    Instant now) {}
