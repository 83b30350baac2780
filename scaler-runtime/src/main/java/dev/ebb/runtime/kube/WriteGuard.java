package dev.ebb.runtime.kube;

import java.time.Duration;

/**
 * Says whether this process may write now. {@link KubeClient} asks it at its edge, before every
 * write, so that no path past it exists.
 */
@FunctionalInterface
public interface WriteGuard {

  /** The longest that one request may take, watches aside. */
  Duration LONGEST_REQUEST = Duration.ofSeconds(15);

  /** Returns whether a write may be sent now. */
  boolean mayWrite();

  /** Returns how long a write that is sent now may be under way, before somebody else may write. */
  default Duration timeLeft() {
    return LONGEST_REQUEST;
  }

  /**
   * Refuses to go on when nothing may be written.
   *
   * @throws NotLeadingException when this process does not lead
   */
  default void require() {
    if (!mayWrite()) {
      throw new NotLeadingException();
    }
  }

  /** This process does not lead, so it does not write. */
  final class NotLeadingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotLeadingException() {
      super("not leading, so nothing is written");
    }
  }
}
