package dev.ebb.benchmarks.report;

import org.jspecify.annotations.Nullable;

/**
 * The most that a figure may be.
 *
 * @param gate what must hold; null for a figure that is only told
 * @param goal what is wanted; null where nothing is
 */
public record Bound(@Nullable Double gate, @Nullable Double goal) {

  /** No bound: the figure is only told. */
  public static final Bound NONE = new Bound(null, null);

  /** How a value stands to its bound. */
  public enum Verdict {
    /** There is nothing to hold. */
    TOLD(""),
    /** Within gate and goal. */
    GOAL_HELD("goal held"),
    /** Within the gate alone. */
    GATE_HELD("gate held, goal missed"),
    /** Beyond the gate. */
    GATE_MISSED("GATE MISSED");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    /** What users read. */
    public String text() {
      return text;
    }
  }

  /** Values up to the gate pass, those up to the goal are wanted. */
  public static Bound atMost(double gate, double goal) {
    return new Bound(gate, goal);
  }

  /** Judges a value; what is not a number misses every gate. */
  public Verdict judge(double value) {
    if (gate != null && !(value <= gate)) {
      return Verdict.GATE_MISSED;
    }
    if (goal == null) {
      return Verdict.TOLD;
    }
    return value <= goal ? Verdict.GOAL_HELD : Verdict.GATE_HELD;
  }
}
