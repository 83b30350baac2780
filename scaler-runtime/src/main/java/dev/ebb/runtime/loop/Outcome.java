package dev.ebb.runtime.loop;

import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** How a reconcile ended; the values of the label {@code result}. */
enum Outcome {
  /** Nothing to do until something changes. */
  SUCCESS,
  /** Succeeded and wants to look again at a time. */
  REQUEUE_AFTER,
  /** The world refused: an API error, a conflict, a lost connection. */
  ERROR,
  /** Ran longer than its deadline. */
  TIMEOUT,
  /** A bug: an {@link Error}, or an unchecked exception of the JDK itself. */
  PANIC,
  /** Failed with a {@link TerminalException}. */
  TERMINAL;

  /** Returns the value of the label. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the key has to be tried again with a growing delay. */
  boolean retried() {
    return this == ERROR || this == TIMEOUT || this == PANIC;
  }

  /**
   * Returns what a failure is. Unchecked exceptions of libraries and of our own name what went
   * wrong outside and are errors; those that the JDK throws (null, index, state, argument) and all
   * errors are mistakes in the code.
   */
  static Outcome of(Throwable failure) {
    Throwable cause = failure.getCause();
    if (cause != null
        && (failure instanceof CompletionException || failure instanceof ExecutionException)) {
      return of(cause);
    }
    if (failure instanceof TerminalException) {
      return TERMINAL;
    }
    if (failure instanceof UncheckedIOException || failure instanceof CancellationException) {
      return ERROR;
    }
    boolean ofTheJdk = failure.getClass().getModule() == Object.class.getModule();
    return failure instanceof Error || (failure instanceof RuntimeException && ofTheJdk)
        ? PANIC
        : ERROR;
  }
}
