package dev.ebb.localcluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The cluster that the user named on purpose; it is used, never started or stopped. */
final class ExistingBackend implements Backend {

  private final Environment environment;
  private final Path kubeconfig;

  ExistingBackend(Environment environment, Path kubeconfig) {
    this.environment = environment;
    this.kubeconfig = kubeconfig;
  }

  @Override
  public Optional<String> impossible(boolean pods) {
    return Files.isReadable(kubeconfig)
        ? Optional.empty()
        : Optional.of("EBB_KUBECONFIG names " + kubeconfig + ", which cannot be read.");
  }

  @Override
  public Cluster start(Options options) {
    impossible(options.pods())
        .ifPresent(why -> {
          throw new ClusterException(why);
        });
    if (!options.controllers()) {
      throw new NotPossibleException(
          "The cluster of EBB_KUBECONFIG has its controllers; here none may run.");
    }
    Cluster cluster =
        new ExistingCluster(ClientTools.find(kubeconfig, environment, options.progress()));
    Result ready = cluster.kubectl("get", "--raw=/readyz", "--request-timeout=10s");
    if (!ready.ok()) {
      throw new ClusterException(
          "The cluster of EBB_KUBECONFIG does not answer: " + ready.err().strip());
    }
    return cluster;
  }

  @Override
  public Optional<Cluster> find(String name) {
    return Optional.of(start(Options.owned()));
  }

  @Override
  public boolean stop(String name) {
    return false; // it is not ours
  }
}
