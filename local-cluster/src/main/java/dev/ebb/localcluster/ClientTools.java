package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * kubectl and helm for a cluster that was not built here.
 *
 * @param kubeconfig the cluster
 * @param folder where both programs are
 */
record ClientTools(Path kubeconfig, Path folder) {

  private static final List<GoBinary> TOOLS = List.of(GoBinary.KUBECTL, GoBinary.HELM);
  private static final Duration LONGEST_COMMAND = Duration.ofMinutes(15);

  /** The machine's own programs, or else ones built for it. */
  static ClientTools find(Path kubeconfig, Environment environment, Progress progress) {
    Path folder = environment.cache().resolve("existing").resolve("bin");
    try {
      Files.createDirectories(folder);
      for (GoBinary tool : TOOLS) {
        Path link = folder.resolve(tool.program());
        if (!Files.isExecutable(link)) {
          Files.deleteIfExists(link);
          Files.createSymbolicLink(link, program(tool, environment, progress));
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return new ClientTools(kubeconfig, folder);
  }

  private static Path program(GoBinary tool, Environment environment, Progress progress) {
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

  /** Uses this cluster, and writes caches to our folder instead of the user's home. */
  static Map<String, String> environment(Path kubeconfig, Path folder) {
    return Map.of(
        "KUBECONFIG", kubeconfig.toString(),
        "KUBECACHEDIR", folder.resolve("kube-cache").toString(),
        "HELM_CACHE_HOME", folder.resolve("helm/cache").toString(),
        "HELM_CONFIG_HOME", folder.resolve("helm/config").toString(),
        "HELM_DATA_HOME", folder.resolve("helm/data").toString());
  }

  /** Runs one of them against the cluster and returns how it ended. */
  Result run(String program, String... args) {
    List<String> command =
        Stream.concat(Stream.of(folder.resolve(program).toString()), Stream.of(args)).toList();
    return Commands.run(command, Map.of("KUBECONFIG", kubeconfig.toString()), LONGEST_COMMAND);
  }
}
