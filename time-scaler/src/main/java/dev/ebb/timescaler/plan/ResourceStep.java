package dev.ebb.timescaler.plan;

import dev.ebb.runtime.model.ScaledResource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of a ScaledResource are changed, in one write.
 *
 * @param resource as it was seen
 * @param max null for no bound
 * @param sleep when it is to be asked to fall asleep without waiting to be idle for long; null when
 *     it is not
 * @param hibernate whether it is noted that it was asked
 * @param save what it said before, when nothing steered it so far; null when that is known already
 * @param what changes, in words
 */
public record ResourceStep(
    ScaledResource resource,
    int min,
    @Nullable Integer max,
    @Nullable Instant sleep,
    boolean hibernate,
    @Nullable Saved save,
    String what)
    implements TargetStep {}
