package dev.ebb.nodescaler.plan;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a decision is made on.
 *
 * @param rules what the buffer asks for
 * @param nodes the pool's nodes
 * @param waiting servers that have no node yet
 * @param cloud the pool as the cloud has it now; null when it cannot be read
 * @param memory what is known of earlier passes
 * @param now the time
 */
public record Observed(
    Rules rules,
    List<NodeView> nodes,
    List<PodView> waiting,
    @Nullable Cloud cloud,
    Memory memory,
    Instant now) {

  /** Copies the lists. */
  public Observed {
    nodes = List.copyOf(nodes);
    waiting = List.copyOf(waiting);
  }

  /**
   * The pool as the cloud has it.
   *
   * @param size how many nodes it is to have
   * @param steered whether the cloud itself changes the size: then nobody else may
   */
  public record Cloud(int size, boolean steered) {}
}
