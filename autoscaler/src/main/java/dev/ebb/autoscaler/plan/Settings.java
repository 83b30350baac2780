package dev.ebb.autoscaler.plan;

import java.time.Duration;

/**
 * The times that decisions depend on.
 *
 * @param settle how long the hand-over must be in place before sleep
 * @param adoptionGrace how long at least pods from before the hand-over count as busy
 * @param newPodAge pods younger than this at the hand-over have no connections to wait for
 * @param bypassAfter how long no gateway may be ready before traffic goes past it
 * @param restoreAfter how long a gateway must be ready before traffic goes through it again
 */
public record Settings(
    Duration settle,
    Duration adoptionGrace,
    Duration newPodAge,
    Duration bypassAfter,
    Duration restoreAfter) {

  /** What applies where nothing else is said. */
  public static final Settings DEFAULT =
      new Settings(
          Duration.ofSeconds(10),
          Duration.ofHours(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60));
}
