package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.model.ScaledResource;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody asked that a workload sleep now, without waiting for its window: the wish is kept as an
 * annotation of the resource. It opens no other gate, counts for no longer than {@link #COUNTS},
 * and ends with the first request after it.
 *
 * @param at when it was asked
 */
public record SleepWish(Instant at) {

  /** The annotation with the instant. */
  public static final String ANNOTATION = Ebb.key("sleep-asked");

  /** So long whatever else stands in the way may take; later, the wish is forgotten. */
  public static final Duration COUNTS = Duration.ofMinutes(5);

  /** Reads the annotation; what cannot be read is no wish. */
  static Optional<SleepWish> of(ScaledResource resource) {
    String text = resource.metadata().annotations().get(ANNOTATION);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new SleepWish(Instant.parse(text.strip())));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Returns whether it counts now, when the workload was active until a time. */
  boolean counts(Instant activeUntil, Instant now) {
    return !activeUntil.isAfter(at) && !now.isBefore(at) && now.isBefore(at.plus(COUNTS));
  }

  /** Returns whether it will not count again. */
  boolean over(Instant now) {
    return !now.isBefore(at.plus(COUNTS));
  }
}
