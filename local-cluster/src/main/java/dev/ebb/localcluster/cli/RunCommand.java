package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./ebb run MODULE}: one service from the working copy, in place of its pods. */
@Command(
    name = "run",
    header = "Runs one service of this working copy in place of its pods.",
    description = {
      "Compiles the service and runs it on this machine, in the network of the cluster and with the",
      "settings, certificates and rights that its pods have; they are away meanwhile. Ctrl-C ends",
      "it and brings them back."
    })
final class RunCommand implements Callable<Integer> {

  @Mixin private ClusterName name = new ClusterName();

  @Option(
      names = "--debug",
      paramLabel = "PORT",
      description = "A debugger can attach to 127.0.0.1:PORT.")
  private Optional<Integer> debug = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Parameters(paramLabel = "MODULE", description = "For example autoscaler.")
  private String module = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    Repository repository = Repository.own();
    Cluster cluster = name.running();
    Progress progress = Terminal.progress();
    progress.expect(2);
    ServiceSources sources = new ServiceSources(repository, module);
    ServicePod pod = new ServicePod(cluster, Suite.NAMESPACE, Suite.RELEASE + "-" + module);
    String classPath = progress.step("compile " + module, sources::compile);
    Path folder = repository.root().resolve(module).resolve("target/run");
    ProcessBuilder builder = new ProcessBuilder(command(cluster, sources.main(), classPath));
    progress.step(
        "take its pods' place",
        () -> {
          builder.environment().putAll(pod.settings(folder));
          Runtime.getRuntime().addShutdownHook(new Thread(pod.away(), "ebb-run-end"));
        });
    try (Published _ = Published.open(cluster, debug)) {
      Process service = builder.inheritIO().start();
      Runtime.getRuntime().addShutdownHook(new Thread(service::destroy, "ebb-service-end"));
      return service.waitFor();
    } catch (IOException failed) {
      throw new ClusterException("cannot run " + module + ": " + failed.getMessage());
    }
  }

  private List<String> command(Cluster cluster, String main, String classPath) {
    List<String> arguments = new ArrayList<>(List.of("-cp", classPath, main));
    debug.ifPresent(port ->
        arguments.addFirst(
            "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + port));
    return cluster.enterJava(arguments);
  }
}
