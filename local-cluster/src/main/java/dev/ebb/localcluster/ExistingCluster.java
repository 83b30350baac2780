package dev.ebb.localcluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A cluster that belongs to somebody else. */
final class ExistingCluster implements Cluster {

  private final Path kubeconfig;
  private final Path tools;

  ExistingCluster(Path kubeconfig, Path tools) {
    this.kubeconfig = kubeconfig;
    this.tools = tools;
  }

  @Override
  public String name() {
    return "existing";
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public Path binDir() {
    return tools;
  }

  @Override
  public List<String> enterCommand() {
    return List.of("env", "KUBECONFIG=" + kubeconfig);
  }

  @Override
  public void loadImage(Path tar) {
    throw new ClusterException(
        "Ebb pushes no images to a cluster of yours: load "
            + tar
            + " into its nodes or push it to its registry, and set the charts' image values.");
  }

  @Override
  public void stopApiServer() {
    throw new ClusterException("the API server of EBB_KUBECONFIG's cluster is not ours to stop");
  }

  @Override
  public void startApiServer() {
    throw new ClusterException("the API server of EBB_KUBECONFIG's cluster is not ours to start");
  }

  @Override
  public void killPod(String namespace, String pod) {
    throw new ClusterException("the nodes of EBB_KUBECONFIG's cluster are not ours to kill on");
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
    return run("kubectl", args);
  }

  @Override
  public Result helm(String... args) {
    return run("helm", args);
  }

  @Override
  public void stop() {
    // It is not ours.
  }

  private Result run(String program, String... args) {
    List<String> command =
        Stream.concat(Stream.of(tools.resolve(program).toString()), Stream.of(args)).toList();
    return Commands.run(
        command, Map.of("KUBECONFIG", kubeconfig.toString()), Duration.ofMinutes(15));
  }
}
