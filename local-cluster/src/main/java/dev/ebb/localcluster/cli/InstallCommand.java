package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Progress;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./ebb install}: the suite of this working copy, in the running cluster. */
@Command(
    name = "install",
    header = "Installs or upgrades Ebb in the cluster that is up.",
    description = {
      "Builds the images of this working copy, loads them and installs or upgrades Ebb with Helm;",
      "returns when it is ready. Arguments after -- go to helm."
    })
final class InstallCommand implements Callable<Integer> {

  @Mixin private ClusterName name = new ClusterName();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Parameters(arity = "0..*", paramLabel = "HELM", description = "Arguments for helm, after --.")
  private List<String> helmArguments = List.of();

  @Override
  public Integer call() {
    Repository repository = Repository.own();
    Cluster cluster = name.running();
    Progress progress = Terminal.progress();
    progress.expect(Suite.STEPS);
    new Suite(repository, cluster, progress).install(helmArguments);
    System.err.println("Ebb is installed in namespace " + Suite.NAMESPACE + " and ready.");
    return 0;
  }
}
