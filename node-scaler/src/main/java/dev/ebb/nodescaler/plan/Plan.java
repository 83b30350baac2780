package dev.ebb.nodescaler.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to do, and what it follows from.
 *
 * @param steps in this order
 * @param counts what was counted
 * @param nodes a verdict for each node
 * @param limit what keeps the buffer from being full; null when nothing does
 * @param memory what has to be known at the next pass, when all steps succeed
 * @param lookAgain when something changes by time alone; null when nothing does
 */
public record Plan(
    List<Step> steps,
    Counts counts,
    List<Verdict> nodes,
    @Nullable Limit limit,
    Memory memory,
    @Nullable Instant lookAgain) {

  /** Copies the lists. */
  public Plan {
    steps = List.copyOf(steps);
    nodes = List.copyOf(nodes);
  }

  /**
   * What was counted.
   *
   * @param free servers that could start now
   * @param starting servers that could start once the nodes that start are up
   * @param upcoming servers that could start once the cloud has brought what it owes
   * @param pending servers that wait
   * @param used slots that servers have
   * @param desired how many should be free
   * @param perNode how many a new node brings; 0 while that is unknown
   */
  public record Counts(
      int free, int starting, int upcoming, int pending, int used, int desired, int perNode) {

    /** Returns what there is for servers that do not exist yet. */
    public int available() {
      return free + starting + upcoming - pending;
    }

    /** Returns what there is for them at this moment. */
    public int confirmed() {
      return free - pending;
    }
  }

  /** What keeps a buffer from being full. */
  public enum Limit {
    /** The pool has its most nodes. */
    MAX_REACHED,
    /** The cloud did not bring nodes; they are asked for again later. */
    BACKING_OFF,
    /** The cloud cannot be read. */
    CLOUD_UNREADABLE,
    /** The cloud steers the pool's size itself. */
    CLOUD_STEERS,
    /** Not one server fits on a new node. */
    SLOT_TOO_LARGE
  }

  /** Returns how the pool is to grow. */
  public Optional<Step.Grow> growth() {
    return steps.stream()
        .filter(Step.Grow.class::isInstance)
        .map(Step.Grow.class::cast)
        .findFirst();
  }
}
