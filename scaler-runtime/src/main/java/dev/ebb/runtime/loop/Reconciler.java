package dev.ebb.runtime.loop;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes the world match what one object asks for. Level-triggered: it is told which object, never
 * what happened.
 *
 * @param <K> the key of an object
 */
@FunctionalInterface
public interface Reconciler<K> {

  /**
   * What follows a reconcile.
   *
   * @param requeueAfter look again after this time even if nothing changes; null for no such time
   */
  record Result(@Nullable Duration requeueAfter) {
    /** Nothing to do until something changes. */
    public static final Result DONE = new Result(null);

    /** Look again after a time. */
    public static Result after(Duration duration) {
      return new Result(duration);
    }
  }

  /**
   * Reconciles one object. Never called for the same key twice at once. Whatever is thrown is
   * logged, counted and tried again with a growing delay, except for a {@link TerminalException}.
   * When it runs longer than the loop's deadline, or the loop is closed, its thread is interrupted.
   *
   * @param key which object; it may be gone
   */
  Result reconcile(K key) throws Exception;
}
