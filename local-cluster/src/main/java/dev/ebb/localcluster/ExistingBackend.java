package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster that the user named on purpose; it is used, never started or stopped. */
final class ExistingBackend implements Backend {

  private static final List<GoBinary> TOOLS = List.of(GoBinary.KUBECTL, GoBinary.HELM);

  private final Environment environment;
  private final Path kubeconfig;

  ExistingBackend(Environment environment, Path kubeconfig) {
    this.environment = environment;
    this.kubeconfig = kubeconfig;
  }

  @Override
  public Optional<String> impossible() {
    return Files.isReadable(kubeconfig)
        ? Optional.empty()
        : Optional.of("EBB_KUBECONFIG names " + kubeconfig + ", which cannot be read.");
  }

  @Override
  public Cluster start(Options options) {
    impossible()
        .ifPresent(why -> {
          throw new ClusterException(why);
        });
    Cluster cluster = new ExistingCluster(kubeconfig, tools(options.progress()));
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

  /** A folder with kubectl and helm: the machine's own, or else built. */
  private Path tools(Progress progress) {
    Path folder = environment.cache().resolve("existing").resolve("bin");
    try {
      Files.createDirectories(folder);
      for (GoBinary tool : TOOLS) {
        Path link = folder.resolve(tool.program());
        if (!Files.isExecutable(link)) {
          Files.deleteIfExists(link);
          Files.createSymbolicLink(link, find(tool, progress));
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return folder;
  }

  private Path find(GoBinary tool, Progress progress) {
    return environment
        .program(tool.program())
        .or(() ->
            GoTool.find(environment)
                .map(go -> new Binaries(environment.cache(), go, progress))
                .map(binaries -> binaries.ensure(List.of(tool)))
                .map(Map::values)
                .map(paths -> paths.iterator().next()))
        .orElseThrow(() ->
            new ClusterException(
                tool.program() + " is needed: install it, or Go " + GoTool.NEEDED + "."));
  }
}
