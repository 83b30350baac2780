package dev.ebb.localcluster;

import org.jspecify.annotations.Nullable;

/**
 * Everything that is needed to find an instance again: its file {@code state.json}.
 *
 * @param name the cluster's name
 * @param phase how far it is
 * @param persistent whether it outlives its owner
 * @param pods whether its node side runs
 * @param owner who started it (and, if it is not persistent, owns it)
 * @param first its first process, once there is one: everything dies with it
 * @param port where the API server answers on 127.0.0.1
 * @param cgroup the root of its cgroups in every hierarchy; empty where its daemons are plain
 *     processes without namespaces
 */
record State(
    String name,
    Phase phase,
    boolean persistent,
    boolean pods,
    ProcessId owner,
    @Nullable ProcessId first,
    int port,
    String cgroup) {

  /** How far an instance is. */
  enum Phase {
    STARTING,
    READY
  }

  /** Whether everything of it can be removed: nobody uses it any more. */
  boolean abandoned() {
    if (first != null && !first.alive()) {
      return true;
    }
    boolean ownerNeeded = !persistent || phase == Phase.STARTING;
    return ownerNeeded && !owner.alive();
  }

  /** Whether its daemons live in namespaces of their own, which takes root. */
  boolean isolated() {
    return !cgroup.isEmpty();
  }

  /** Where its own daemons reach the API server. */
  String apiServer() {
    return isolated() ? Addresses.API_SERVER : "127.0.0.1:" + port;
  }

  State launched(ProcessId newFirst, int newPort) {
    return new State(name, phase, persistent, pods, owner, newFirst, newPort, cgroup);
  }

  State ready(boolean withPods) {
    return new State(name, Phase.READY, persistent, withPods, owner, first, port, cgroup);
  }
}
