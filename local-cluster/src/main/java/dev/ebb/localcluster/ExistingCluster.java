package dev.ebb.localcluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A cluster that belongs to somebody else. */
final class ExistingCluster implements Cluster {

  private final ClientTools tools;

  ExistingCluster(ClientTools tools) {
    this.tools = tools;
  }

  @Override
  public String name() {
    return "existing";
  }

  @Override
  public Path kubeconfig() {
    return tools.kubeconfig();
  }

  @Override
  public Path binDir() {
    return tools.folder();
  }

  @Override
  public List<String> enterCommand() {
    return List.of("env", "KUBECONFIG=" + kubeconfig());
  }

  @Override
  public List<String> publishCommand(int port) {
    return List.of();
  }

  @Override
  public void loadImage(Path tar) {
    throw new NotPossibleException(
        "Ebb pushes no images to a cluster of yours: load "
            + tar
            + " into its nodes or push it to its registry, and set the charts' image values.");
  }

  @Override
  public void stopApiServer() {
    throw notOurs("its API server is not ours to stop");
  }

  @Override
  public void startApiServer() {
    throw notOurs("its API server is not ours to start");
  }

  @Override
  public void killPod(String namespace, String pod) {
    throw notOurs("its nodes are not ours to kill on");
  }

  @Override
  public void fakeNodes(int count) {
    throw notOurs("its nodes are not ours to add to");
  }

  @Override
  public Metrics metrics() {
    throw notOurs("its metrics APIs are not ours to replace");
  }

  private static NotPossibleException notOurs(String what) {
    return new NotPossibleException("The cluster is the one of EBB_KUBECONFIG: " + what + ".");
  }

  @Override
  public Optional<Path> auditLog() {
    return Optional.empty();
  }

  @Override
  public boolean runsPods() {
    return true;
  }

  @Override
  public Result kubectl(String... args) {
    return tools.run("kubectl", args);
  }

  @Override
  public Result helm(String... args) {
    return tools.run("helm", args);
  }

  @Override
  public void stop() {
    // It is not ours.
  }
}
