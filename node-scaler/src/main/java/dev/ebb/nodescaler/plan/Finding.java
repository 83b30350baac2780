package dev.ebb.nodescaler.plan;

/**
 * Something in a spec that makes no sense, or not the sense that it seems to make.
 *
 * @param field where, as in {@code spec.pool.nodeSelector}
 * @param message what is wrong with it, what is done instead, and the remedy
 * @param fatal whether nothing can be done before it is mended
 */
public record Finding(String field, String message, boolean fatal) {

  /** Says it with its field. */
  public String text() {
    return field + ": " + message;
  }
}
