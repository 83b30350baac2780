package dev.ebb.localcluster;

import java.nio.file.Path;
import java.util.List;

/** The Prometheus that tests read metrics with. */
public final class Prometheus {

  private Prometheus() {}

  /**
   * Builds Prometheus unless it is there, and returns the program.
   *
   * @throws ClusterException when there is no Go that can build it
   */
  public static Path program(Progress progress) {
    Environment environment = Environment.system();
    GoTool go =
        GoTool.find(environment)
            .orElseThrow(() ->
                new ClusterException(
                    "Prometheus is built with Go "
                        + GoTool.NEEDED
                        + " or newer: put it on the PATH"));
    return new Binaries(environment.cache(), go, progress)
        .ensure(List.of(GoBinary.PROMETHEUS))
        .values()
        .iterator()
        .next();
  }
}
