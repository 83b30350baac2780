package dev.ebb.runtime.kube;

/** Ends the process, because going on would be wrong. Returns at once. */
@FunctionalInterface
public interface ProcessEnd {

  /**
   * Ends the process.
   *
   * @param why what happened and what to do about it
   */
  void end(String why);
}
