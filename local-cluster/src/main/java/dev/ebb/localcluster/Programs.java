package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Gives instances the programs that they need, when they need them: built once, then linked. */
final class Programs {

  private final Environment environment;

  Programs(Environment environment) {
    this.environment = environment;
  }

  /** Builds what is missing. */
  Map<GoBinary, Path> build(List<GoBinary> wanted, Progress progress) {
    GoTool go =
        GoTool.find(environment)
            .orElseThrow(() -> new ClusterException("Go " + GoTool.NEEDED + " is needed"));
    return new Binaries(environment.cache(), go, progress).ensure(wanted);
  }

  /** Builds what is missing and links it into the instance's folder. */
  void give(Instance instance, List<GoBinary> wanted, Progress progress) {
    if (wanted.stream().allMatch(binary -> Files.exists(Path.of(instance.program(binary))))) {
      return;
    }
    build(wanted, progress)
        .forEach((binary, path) -> {
          Path link = Path.of(instance.program(binary));
          try {
            if (!Files.exists(link)) {
              Files.createSymbolicLink(link, path);
            }
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        });
  }
}
