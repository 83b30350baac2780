package dev.ebb.localcluster;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entrance: finds or starts clusters by the first way that is possible.
 *
 * <ol>
 *   <li>{@code EBB_KUBECONFIG}: the cluster that the user named, never the current context.
 *   <li>Linux, root and Go: a cluster of our own, built from Go modules.
 * </ol>
 */
public final class Clusters {

  private static final Shared SHARED = new Shared();

  private Clusters() {}

  /**
   * The one cluster that everybody in this JVM shares, started on first use. If it is a control
   * plane only and pods are wanted now, the node side is added to it.
   */
  public static Cluster shared(Options options) {
    return SHARED.get(options);
  }

  /** Ends the shared cluster, if there is one. */
  public static void stopShared() {
    SHARED.stop();
  }

  /** Starts a cluster; its name must be free. */
  public static Cluster start(Options options) {
    return backend().start(options);
  }

  /** The running cluster of this name. */
  public static Optional<Cluster> find(String name) {
    return backend().find(name);
  }

  /** Ends the cluster of this name and removes what crashes left; false if there is none. */
  public static boolean stop(String name) {
    return backend().stop(name);
  }

  /** Why no cluster can be had on this machine, and what to do; empty if one can. */
  public static Optional<String> impossible() {
    return backend().impossible();
  }

  private static Backend backend() {
    Environment environment = Environment.system();
    return environment
        .kubeconfig()
        .<Backend>map(kubeconfig -> new ExistingBackend(environment, kubeconfig))
        .orElseGet(() -> new GoBackend(environment));
  }

  /** The JVM's cluster: it must be one for all class loaders' test classes, hence static. */
  private static final class Shared {

    private @Nullable Cluster cluster;

    synchronized Cluster get(Options options) {
      Cluster current = cluster;
      if (current == null) {
        current = start(options);
        cluster = current;
      } else if (options.pods() && !current.runsPods() && current instanceof GoCluster own) {
        new GoBackend(Environment.system()).addPods(own, options.progress());
      }
      return current;
    }

    synchronized void stop() {
      if (cluster != null) {
        cluster.stop();
        cluster = null;
      }
    }
  }
}
