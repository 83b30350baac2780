package dev.ebb.localcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Waits for what the daemons bring about, and notices at once when one of them died instead. */
final class Daemons {

  private final Instance instance;
  private final Supervisor supervisor;
  private final Function<List<String>, Result> kubectl;

  Daemons(Instance instance, Supervisor supervisor, Function<List<String>, Result> kubectl) {
    this.instance = instance;
    this.supervisor = supervisor;
    this.kubectl = kubectl;
  }

  /** Returns when the condition, which may ask kubectl whether a command succeeds, holds. */
  void await(String what, Duration limit, Predicate<Function<String, Boolean>> condition) {
    Function<String, Boolean> succeeds = words -> kubectl.apply(List.of(words.split(" ", -1))).ok();
    boolean there =
        Waiting.until(
            () -> {
              checkAlive();
              return condition.test(succeeds);
            },
            limit,
            100);
    if (!there) {
      throw new ClusterException(what + " did not come within " + limit.toSeconds() + " s");
    }
  }

  private void checkAlive() {
    for (Map.Entry<String, Supervisor.Daemon> daemon : supervisor.daemons().entrySet()) {
      if (!daemon.getValue().running() && !supervisor.killed(daemon.getKey())) {
        throw new ClusterException(
            daemon.getKey()
                + " ended with "
                + daemon.getValue().exit()
                + ": "
                + lastLine(daemon.getKey()));
      }
    }
  }

  private String lastLine(String daemon) {
    try {
      List<String> lines = Files.readAllLines(instance.logs().resolve(daemon + ".log"));
      return lines.stream()
          .filter(line -> !line.isBlank())
          .reduce((earlier, later) -> later)
          .orElse("(nothing in its log)");
    } catch (IOException noLog) {
      return "(no log)";
    }
  }
}
