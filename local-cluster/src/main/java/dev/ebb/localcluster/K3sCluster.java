package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.MountableFile;

/** K3s in a container: one process that is API server, controllers, scheduler and kubelet. */
final class K3sCluster implements Cluster {

  /** Where an image lies inside the container until it is loaded. */
  private static final String TAR = "/tmp/ebb-image.tar";

  private final K3sContainer k3s;
  private final ClientTools tools;

  K3sCluster(K3sContainer k3s, ClientTools tools) {
    this.k3s = k3s;
    this.tools = tools;
  }

  @Override
  public String name() {
    return "k3s-" + k3s.getContainerId().substring(0, 12);
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
    throw notHere("no command of this machine runs in its network");
  }

  @Override
  public List<String> publishCommand(int port) {
    return List.of();
  }

  @Override
  public void loadImage(Path tar) {
    k3s.copyFileToContainer(MountableFile.forHostPath(tar), TAR);
    exec("ctr", "--namespace", "k8s.io", "images", "import", TAR);
    exec("rm", TAR);
  }

  @Override
  public void stopApiServer() {
    throw notHere("its API server is one process with all the rest");
  }

  @Override
  public void startApiServer() {
    throw notHere("its API server is one process with all the rest");
  }

  @Override
  public void killPod(String namespace, String pod) {
    String path = "jsonpath={.status.containerStatuses[*].containerID}";
    String ids = kubectl("get", "pod", pod, "-n", namespace, "-o", path).orThrow().out();
    for (String id : ids.split(" ", -1)) {
      String task = id.substring(id.indexOf("//") + 2);
      exec("ctr", "-n", "k8s.io", "tasks", "kill", "--all", "--signal", "SIGKILL", task);
    }
  }

  @Override
  public void fakeNodes(int count) {
    throw notHere("fake nodes are made beside a control plane built from Go modules");
  }

  @Override
  public Metrics metrics() {
    throw notHere("the metrics server runs beside a control plane built from Go modules");
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
    k3s.stop();
    try {
      Files.deleteIfExists(tools.kubeconfig());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void exec(String... command) {
    try {
      ExecResult result = k3s.execInContainer(command);
      new Result(
              String.join(" ", command),
              result.getExitCode(),
              result.getStdout(),
              result.getStderr())
          .orThrow();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", interrupted);
    }
  }

  private static NotPossibleException notHere(String why) {
    return new NotPossibleException("The cluster is K3s in a container: " + why + ".");
  }
}
