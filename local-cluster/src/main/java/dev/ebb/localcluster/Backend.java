package dev.ebb.localcluster;

import java.util.Optional;

/** One way to come by a cluster; see {@link Clusters} for the order in which they are tried. */
sealed interface Backend permits ExistingBackend, K3sBackend, GoBackend {

  /**
   * Why this way is closed on this machine, in one line; empty if it is open.
   *
   * @param pods whether pods have to run; a control plane is possible in more places
   */
  Optional<String> impossible(boolean pods);

  /** Starts a cluster; returns when everything that was asked for is ready. */
  Cluster start(Options options);

  /** The running cluster of this name. */
  Optional<Cluster> find(String name);

  /** Ends the cluster of this name, however far it is; false if there is none. */
  boolean stop(String name);
}
