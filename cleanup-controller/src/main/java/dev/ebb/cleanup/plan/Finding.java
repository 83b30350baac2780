package dev.ebb.cleanup.plan;

/**
 * Something that a user has to know.
 *
 * @param reason one CamelCase word, the reason of an Event
 * @param message what is so, and what to do about it
 * @param warning whether something is wrong
 */
public record Finding(String reason, String message, boolean warning) {

  static Finding warning(String reason, String message) {
    return new Finding(reason, message, true);
  }

  static Finding note(String reason, String message) {
    return new Finding(reason, message, false);
  }
}
