package dev.ebb.localcluster;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entrance: finds or starts clusters by the first way that is possible.
 *
 * <ol>
 *   <li>{@code EBB_KUBECONFIG}: the cluster that the user named, never the current context.
 *   <li>Linux, root and Go: a cluster of our own, built from Go modules, which can do everything
 *       that {@link Cluster} promises.
 *   <li>A Docker engine, for tests: K3s in a container. {@code EBB_BACKEND=k3s} puts it first.
 *   <li>Linux and Go: a control plane of our own.
 * </ol>
 */
public final class Clusters {

  private static final Shared SHARED = new Shared();

  private Clusters() {}

  /**
   * The one cluster that everybody in this JVM shares, started on first use. If it is a control
   * plane only and pods are wanted now, the node side is added to it. Who wants no controllers
   * shares another one, which has none.
   */
  public static Cluster shared(Options options) {
    return SHARED.get(options);
  }

  /** Ends the shared clusters, if there are any. */
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

  /**
   * Why no cluster can be had on this machine, and what to do; empty if one can.
   *
   * @param pods whether pods have to run in it
   */
  public static Optional<String> impossible(boolean pods) {
    return backend().impossible(pods);
  }

  private static Backend backend() {
    return SHARED.backend();
  }

  /** The first way that is open; for pods K3s is asked where our own cannot run them. */
  static Backend choose(Environment environment) {
    Optional<Path> kubeconfig = environment.kubeconfig();
    if (kubeconfig.isPresent()) {
      return new ExistingBackend(environment, kubeconfig.get());
    }
    Backend go = new GoBackend(environment);
    Backend k3s = new K3sBackend(environment);
    return switch (environment.backend().orElse("")) {
      case "go" -> go;
      case "k3s" -> k3s;
      case "" -> go.impossible(true).isPresent() && k3s.impossible(true).isEmpty() ? k3s : go;
      default ->
          throw new ClusterException("EBB_BACKEND is neither go nor k3s; it may also be unset.");
    };
  }

  /** The JVM's cluster: it must be one for all class loaders' test classes, hence static. */
  private static final class Shared {

    private @Nullable Backend backend;
    private @Nullable Cluster cluster;
    private @Nullable Cluster bare;

    /** Chosen once: nothing that it depends on changes while a JVM runs. */
    synchronized Backend backend() {
      Backend current = backend;
      if (current == null) {
        current = choose(Environment.system());
        backend = current;
      }
      return current;
    }

    synchronized Cluster get(Options options) {
      return options.controllers() ? withControllers(options) : bare(options);
    }

    private Cluster bare(Options options) {
      Cluster current = bare;
      if (current == null) {
        current = backend().start(options);
        bare = current;
      }
      return current;
    }

    private Cluster withControllers(Options options) {
      Cluster current = cluster;
      if (current == null) {
        current = backend().start(options);
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
      if (bare != null) {
        bare.stop();
        bare = null;
      }
    }
  }
}
