package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./ebb exec -- CMD}: a command where Services and pods can be reached. */
@Command(
    name = "exec",
    header = "Runs a command inside the network of the cluster.",
    description = {
      "Runs a command where Service and pod addresses are reachable and cluster names resolve;",
      "kubectl and helm are on its PATH and work there too.",
      "Working directory, environment, streams and exit code are the caller's."
    })
final class ExecCommand implements Callable<Integer> {

  @Mixin private ClusterName name = new ClusterName();

  @Option(
      names = "--publish",
      paramLabel = "PORT",
      description = "127.0.0.1:PORT of this machine reaches the command's port, for a debugger.")
  private Optional<Integer> publish = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Parameters(arity = "1..*", paramLabel = "CMD", description = "The command and its arguments.")
  private List<String> command = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Cluster cluster = name.running();
    List<String> line = new ArrayList<>(cluster.enterCommand());
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
    Map<String, String> environment = builder.environment();
    environment.put("KUBECONFIG", cluster.kubeconfigInside().toString());
    environment.merge(
        "PATH", cluster.binDir().toString(), (path, bin) -> bin + File.pathSeparator + path);
    try (Published _ = Published.open(cluster, publish)) {
      return builder.start().waitFor();
    } catch (IOException failed) {
      throw new ClusterException("cannot run " + line.getFirst() + ": " + failed.getMessage());
    }
  }
}
