package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.scaler.nodes.NodePool;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is decided on for one buffer, as it was read.
 *
 * @param buffer the buffer
 * @param all all buffers, this one among them
 * @param nodes all nodes of the cluster
 * @param pods all pods of the cluster
 * @param cloud the pool as the cloud has it; null when it cannot be read
 * @param cloudProblem why not; empty when it can, or was not tried
 * @param memory what is known of earlier decisions
 * @param freeze what freezes the buffer's namespace
 * @param now the time
 */
public record Situation(
    Buffer buffer,
    List<Buffer> all,
    Collection<Node> nodes,
    Collection<ServerPod> pods,
    @Nullable NodePool cloud,
    String cloudProblem,
    Memory memory,
    Optional<Freeze> freeze,
    Instant now) {

  /** Copies the list. */
  public Situation {
    all = List.copyOf(all);
  }
}
