package dev.ebb.cleanup.reconcile;

import java.time.Instant;
import java.util.Optional;

/** Tells whether statefulset-scaledown-controller still runs. Thread-safe. */
@FunctionalInterface
public interface Predecessor {

  /** Nobody looks. */
  Predecessor NONE = now -> Optional.empty();

  /**
   * Returns who holds the predecessor's lock, and has renewed it lately.
   *
   * @param now the time
   */
  Optional<String> active(Instant now);
}
