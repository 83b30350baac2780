package dev.ebb.testkit.history;

/**
 * One thing that happens. What is random in it is drawn when it is made, so that it does the same
 * whatever steps before it are dropped; where what it is about is not there, it does nothing.
 *
 * @param text says what happens, for whoever reads a failure
 * @param action does it
 * @param <S> what it happens to
 */
public record Step<S>(String text, Action<S> action) {

  /** Does something to a subject. */
  @FunctionalInterface
  public interface Action<S> {
    /** Does it. */
    void on(S subject) throws Exception;
  }

  @Override
  public String toString() {
    return text;
  }
}
