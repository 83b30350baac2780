package dev.ebb.autoscaler.apply;

/** Says whether this process may write now: it leads, and its lease is fresh. */
@FunctionalInterface
public interface WriteGuard {

  /** Returns whether a write may be sent now. */
  boolean mayWrite();

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
