package dev.ebb.timescaler.plan;

import dev.ebb.timescaler.api.Steerable;
import org.jspecify.annotations.Nullable;

/**
 * A ScaledObject of KEDA is changed, in one write.
 *
 * @param object as it was seen
 * @param max null for KEDA's default
 * @param hibernate whether KEDA is to hold it at nothing
 * @param save what it said before, when nothing steered it so far; null when that is known already
 * @param what changes, in words
 */
public record KedaStep(
    Steerable object,
    int min,
    @Nullable Integer max,
    boolean hibernate,
    @Nullable Saved save,
    String what)
    implements TargetStep {}
