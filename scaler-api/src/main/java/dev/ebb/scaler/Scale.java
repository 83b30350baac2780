package dev.ebb.scaler;

import org.jspecify.annotations.Nullable;

/**
 * A target's scale as it was read or written.
 *
 * @param desired the wanted replica count, 0 or more
 * @param current the replica count that the target reports, 0 or more
 * @param version an opaque token that changes with every change of the target; hand it back in
 *     {@link ScaleRequest#ifVersion()} to write only when nothing changed in between. Null when the
 *     implementation has none
 * @param selector the label selector of the target's pods in Kubernetes' string form, or null when
 *     the target does not say
 * @param writer the field manager (or a like name) that wrote {@code desired} last, or null when
 *     unknown
 */
public record Scale(
    int desired,
    int current,
    @Nullable String version,
    @Nullable String selector,
    @Nullable String writer) {

  /** Rejects negative counts with an {@link IllegalArgumentException}. */
  public Scale {
    if (desired < 0 || current < 0) {
      throw new IllegalArgumentException("replica counts must be 0 or more");
    }
  }
}
