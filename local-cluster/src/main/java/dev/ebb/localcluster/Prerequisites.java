package dev.ebb.localcluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The node side's programs that come from the distribution, installed where they are missing. */
final class Prerequisites {

  private static final SequencedMap<String, String> PACKAGES =
      new TreeMap<>(Map.of("runc", "runc", "nft", "nftables", "ip", "iproute2", "mount", "mount"));

  private final Environment environment;
  private final Progress progress;

  Prerequisites(Environment environment, Progress progress) {
    this.environment = environment;
    this.progress = progress;
  }

  /** Installs what is missing through apt, or says in one line what to install. */
  void ensure() {
    List<String> missing = missing();
    if (missing.isEmpty()) {
      return;
    }
    String packages = String.join(" ", missing);
    if (environment.program("apt-get").isEmpty()) {
      throw new ClusterException(
          "The local cluster needs these programs; install them first: " + packages);
    }
    progress.expect(1);
    progress.step("apt-get install " + packages, () -> install(missing));
  }

  private List<String> missing() {
    return PACKAGES.entrySet().stream()
        .filter(entry -> environment.program(entry.getKey()).isEmpty())
        .map(Map.Entry::getValue)
        .toList();
  }

  private void install(List<String> packages) {
    apt(List.of("update", "-qq"));
    apt(
        Stream.concat(
                Stream.of("install", "-y", "-qq", "--no-install-recommends"), packages.stream())
            .toList());
  }

  private void apt(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("apt-get"));
    // Two starts at once: the second waits for the first one's lock.
    command.addAll(List.of("-o", "DPkg::Lock::Timeout=300"));
    command.addAll(arguments);
    Commands.run(command, Map.of("DEBIAN_FRONTEND", "noninteractive"), Duration.ofMinutes(10))
        .orThrow();
  }
}
