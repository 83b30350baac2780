package dev.ebb.runtime.loop;

/** How urgent a key is; of two priorities that a waiting key was given the higher one counts. */
public enum Priority {
  /** The key is part of a list that is gone through: the first one, or a resync. */
  LIST,
  /** Something happened to the object. */
  CHANGE;

  /** Returns the higher of two. */
  Priority or(Priority other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
