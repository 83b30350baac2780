package dev.ebb.timescaler.plan;

import dev.ebb.runtime.model.ScaledResource;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of a ScaledResource are changed, in one write.
 *
 * @param resource as it was seen
 * @param max null for no bound
 * @param save what it said before, when nothing steered it so far; null when that is known already
 * @param what changes, in words
 */
public record ResourceStep(
    ScaledResource resource, int min, @Nullable Integer max, @Nullable Saved save, String what)
    implements TargetStep {}
