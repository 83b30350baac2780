package dev.ebb.nodescaler.plan;

/** One thing to do. */
public sealed interface Step {

  /** Servers may be scheduled there again. */
  record Unmark(NodeView node) implements Step {}

  /** No new servers there. */
  record Mark(NodeView node) implements Step {}

  /**
   * The pool becomes greater.
   *
   * @param from its size, read from the cloud
   * @param to its new size, which is greater
   */
  record Grow(int from, int to) implements Step {
    /** Refuses everything but growth: which node goes when a pool is cut, the cloud decides. */
    public Grow {
      if (to <= from) {
        throw new IllegalArgumentException("a pool only grows by its size: " + from + " -> " + to);
      }
    }
  }

  /**
   * This node goes, after it has been looked at live for the last time.
   *
   * @param drain whether pods that are no servers may still be there
   */
  record Delete(NodeView node, boolean drain) implements Step {}
}
