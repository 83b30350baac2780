package dev.ebb.timescaler.plan;

import dev.ebb.scaler.Scale;

/** What is to be done with a count itself: remembered, then set, and forgotten when it is back. */
public sealed interface WorkloadStep extends TargetStep {

  /** Says it in words. */
  String what();

  /** The count is written down, before it is changed for the first time. */
  record Remember(Remembered count) implements WorkloadStep {
    @Override
    public String what() {
      return "remembers %d replicas".formatted(count.replicas());
    }
  }

  /**
   * The count is changed.
   *
   * @param seen as it was read
   */
  record SetCount(Scale seen, int replicas) implements WorkloadStep {
    @Override
    public String what() {
      return "replicas %d → %d".formatted(seen.desired(), replicas);
    }
  }

  /** The count is back: what was written down goes. */
  record Forget() implements WorkloadStep {
    @Override
    public String what() {
      return "says again what it said before";
    }
  }
}
