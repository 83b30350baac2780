package dev.ebb.scaler.nodes;

import java.util.List;

/**
 * A pool of machines as its cloud has it.
 *
 * @param size how many machines it is to have; one that is being deleted does not count
 * @param steered whether the cloud changes the size itself: then nobody else may
 * @param machines the machines that there are, whatever their state
 */
public record NodePool(int size, boolean steered, List<Machine> machines) {

  /** Copies the list. */
  public NodePool {
    machines = List.copyOf(machines);
  }

  /**
   * A machine.
   *
   * @param id the cloud's name for it; empty while it has none
   * @param nodeName the name of its Node; empty while it has none
   * @param state how far it is
   * @param message what the cloud says about it; may be empty
   */
  public record Machine(String id, String nodeName, State state, String message) {}

  /** How far a machine is. */
  public enum State {
    /** It is being made. */
    PROVISIONING,
    /** It runs. */
    RUNNING,
    /** It is going, or gone. */
    DELETING,
    /** The cloud says something else. */
    UNKNOWN
  }
}
