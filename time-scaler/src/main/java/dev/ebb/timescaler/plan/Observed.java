package dev.ebb.timescaler.plan;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ServiceScaler;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a decision stands on.
 *
 * @param scaler what is asked for
 * @param hpa the HPA of the same name; null when there is none
 * @param freeze what freezes the namespace
 * @param now the time
 */
public record Observed(
    ServiceScaler scaler, @Nullable Hpa hpa, Optional<Freeze> freeze, Instant now) {}
