package dev.ebb.localcluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Daemons beside Kubernetes' own, which act in the cluster as its administrator. */
final class Helpers {

  private final Instance instance;
  private final State state;
  private final Supervisor supervisor;
  private final ConfigFiles files;
  private final Daemons daemons;

  Helpers(
      Instance instance, State state, Supervisor supervisor, ConfigFiles files, Daemons daemons) {
    this.instance = instance;
    this.state = state;
    this.supervisor = supervisor;
    this.files = files;
    this.daemons = daemons;
  }

  /** Starts a daemon, unless it runs. */
  void start(GoBinary binary, List<String> arguments) {
    supervisor.start(
        binary.program(),
        Stream.concat(Stream.of(instance.program(binary)), arguments.stream()).toList());
  }

  /**
   * Ends a daemon and starts it again, if it was ever started: its watches are those of an API
   * server that is gone.
   */
  void restart(GoBinary binary, Runnable start) {
    if (supervisor.daemons().containsKey(binary.program())) {
      supervisor.kill(binary.program());
      start.run();
    }
  }

  /** A kubeconfig for daemons: the administrator's, with the address that daemons reach. */
  String kubeconfig() {
    Path file = instance.file("helpers.kubeconfig");
    if (!Files.exists(file)) { // else another daemon may be reading it
      files.kubeconfig(file, "https://" + state.apiServer(), "admin");
    }
    return file.toString();
  }

  /** Writes a packaged file and applies it; returns when the API server has taken it. */
  void apply(String resource) {
    apply(files.write(resource, resource));
  }

  /** Applies a manifest; returns when the API server has taken it. */
  void apply(Path manifest) {
    await(
        String.valueOf(manifest.getFileName()),
        "apply --server-side --force-conflicts -f " + manifest);
  }

  /** Returns when a kubectl command succeeds. */
  void await(String what, String kubectl) {
    daemons.await(what, Duration.ofSeconds(120), succeeds -> succeeds.apply(kubectl));
  }

  Instance instance() {
    return instance;
  }

  ConfigFiles files() {
    return files;
  }

  Daemons daemons() {
    return daemons;
  }
}
