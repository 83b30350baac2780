package dev.ebb.scaler;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a replica count.
 *
 * @param target what to scale
 * @param replicas the wanted count, 0 or more: a real count, not a switch
 * @param ifVersion write only if the target's {@link Scale#version()} is still this one; null
 *     writes in any case
 * @param reason why, in words for logs and audit; never blank
 */
public record ScaleRequest(
    ScaleTarget target, int replicas, @Nullable String ifVersion, String reason) {

  /** Rejects negative counts and a blank reason with an {@link IllegalArgumentException}. */
  public ScaleRequest {
    if (replicas < 0) {
      throw new IllegalArgumentException("replicas must be 0 or more");
    }
    ResourceKey.requireText(reason, "reason");
  }
}
