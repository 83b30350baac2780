package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Resources;
import java.time.Instant;

/**
 * A pod that takes room, or waits for it.
 *
 * @param name namespace and name, for messages
 * @param created when it was made
 * @param server whether the buffer is for pods like it
 * @param kept whether it must not be ended
 * @param ofTheNode whether it belongs to its node: of a DaemonSet, or made by the kubelet
 * @param requests what the scheduler reserves for it
 */
public record PodView(
    String name,
    Instant created,
    boolean server,
    boolean kept,
    boolean ofTheNode,
    Resources requests) {

  /** Returns what it takes; a server takes a slot's amount of what it does not ask for itself. */
  Resources takes(Resources slot) {
    return server ? requests.orElse(slot) : requests;
  }
}
