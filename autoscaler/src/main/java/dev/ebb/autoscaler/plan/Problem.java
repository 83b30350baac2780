package dev.ebb.autoscaler.plan;

/**
 * Something that the user should know of, with its remedy.
 *
 * @param condition the condition that reports it
 * @param reason one CamelCase word
 * @param message what is wrong, naming the field, and what to do; the same text as long as it is
 *     the same problem
 * @param weight what follows
 */
public record Problem(String condition, String reason, String message, Weight weight) {

  /** What follows from a problem. */
  public enum Weight {
    /** Told only. */
    NOTE,
    /** The workload does not go to sleep. */
    STAYS_UP,
    /** Ebb keeps away: no hand-over, and what sleeps is woken. */
    REFUSED
  }

  static Problem refused(String condition, String reason, String message) {
    return new Problem(condition, reason, message, Weight.REFUSED);
  }

  static Problem staysUp(String condition, String reason, String message) {
    return new Problem(condition, reason, message, Weight.STAYS_UP);
  }

  static Problem note(String condition, String reason, String message) {
    return new Problem(condition, reason, message, Weight.NOTE);
  }
}
