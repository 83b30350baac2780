package dev.ebb.localcluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A running Kubernetes cluster. */
public interface Cluster {

  /** The key of the taint that keeps ordinary pods off fake nodes; its effect is NoSchedule. */
  String FAKE_NODE_TAINT = "kwok.x-k8s.io/node";

  /** The cluster's name, unique on this machine. */
  String name();

  /** A kubeconfig with every right, usable from the machine itself. */
  Path kubeconfig();

  /** The same for what {@link #enterCommand} runs, whose 127.0.0.1 may be another. */
  default Path kubeconfigInside() {
    return kubeconfig();
  }

  /** The folder that holds {@code kubectl} and {@code helm} of versions that fit the cluster. */
  Path binDir();

  /**
   * The prefix that runs a command where Service and pod addresses are reachable and cluster names
   * resolve; working directory, environment, streams and exit code stay the caller's.
   */
  List<String> enterCommand();

  /** Runs kubectl in a namespace; see {@link #kubectl}. */
  default Result kubectlIn(String namespace, String... words) {
    return kubectl(
        Stream.concat(Stream.of("-n", namespace), Stream.of(words)).toArray(String[]::new));
  }

  /** The command that runs this JVM's Java where {@link #enterCommand} runs commands. */
  default List<String> enterJava(List<String> arguments) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return Stream.of(enterCommand(), List.of(java), arguments).flatMap(List::stream).toList();
  }

  /**
   * The command that, while it runs, passes connections to a port of this machine's 127.0.0.1 on to
   * the same port of what {@link #enterCommand} runs: a debugger's way in. Empty where both are
   * one.
   */
  List<String> publishCommand(int port);

  /** Makes the images of a tar (as {@code docker save} writes it) known to the node. */
  void loadImage(Path tar);

  /**
   * Kills the API server at once (SIGKILL), as a fault; returns when it is gone. The controllers
   * and the scheduler go with it, as they do where they lead by a lease: without an API server they
   * lose it and exit.
   */
  void stopApiServer();

  /**
   * Starts the API server again; returns when it is ready. Controllers and scheduler come back by
   * themselves a little later, and the node's daemons are started anew: client-go's watches pause
   * up to a minute after an outage of half a minute, which is Kubernetes' time and not that of what
   * is tested on it. Does nothing when the API server runs.
   */
  void startApiServer();

  /**
   * Ends Kubernetes' own controllers and its scheduler, for as long as the API server is not
   * started anew: nothing happens to an object any more but what callers and the node do.
   */
  default void endControllers() {
    throw new ClusterException("The controllers of cluster " + name() + " cannot be ended.");
  }

  /** Kills every process of a pod's containers at once (SIGKILL), as a fault: no grace, no hook. */
  void killPod(String namespace, String pod);

  /**
   * The API server's audit log, one JSON event a line, complete up to the last answered write; of
   * writes the metadata, of reads nothing. Empty where the cluster was started without one.
   */
  Optional<Path> auditLog();

  /**
   * Makes sure that there are so many fake nodes, no more and no less, and returns when they are
   * ready. Nobody runs pods on them: KWOK says that they do, at no cost, so that there can be
   * thousands. Beside real nodes they are tainted, and get the pods that tolerate {@value
   * #FAKE_NODE_TAINT} and (to be on none of the real ones) select the label {@code type: kwok};
   * where there are no real nodes they take every pod.
   *
   * @param count how many; 0 removes them all
   */
  void fakeNodes(int count);

  /**
   * Values of {@code custom.metrics.k8s.io} and {@code external.metrics.k8s.io}: the first call
   * registers both APIs with the API server and returns when they are available.
   */
  Metrics metrics();

  /** Whether pods really run here; false where there is only a control plane. */
  boolean runsPods();

  /** Runs kubectl against this cluster and returns how it ended, whatever the exit code. */
  Result kubectl(String... args);

  /** Runs helm against this cluster and returns how it ended, whatever the exit code. */
  Result helm(String... args);

  /** Ends the cluster and removes everything of it; a cluster that is not Ebb's own stays. */
  void stop();
}
