package dev.ebb.cleanup.admin;

import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line about a cleanup.
 *
 * @param statefulSet the set
 * @param ordinal the ordinal that it was scaled away from
 * @param state how it is doing
 * @param reason why, in one word
 * @param message why, for humans
 * @param attempts how many cleanup pods have failed
 * @param nextAttemptAt when it goes on
 */
public record Summary(
    String namespace,
    String name,
    String statefulSet,
    int ordinal,
    @Nullable State state,
    @Nullable String reason,
    @Nullable String message,
    int attempts,
    @Nullable Instant nextAttemptAt) {

  static Summary of(ScaleDownCleanup record) {
    ScaleDownCleanup.Status status = record.status();
    return new Summary(
        record.metadata().namespace(),
        record.metadata().name(),
        record.spec().statefulSet(),
        record.spec().ordinal(),
        status.state(),
        status.reason(),
        status.message(),
        status.attempts(),
        status.nextAttemptAt());
  }
}
