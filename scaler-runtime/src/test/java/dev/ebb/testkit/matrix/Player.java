package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.Cluster;
import dev.ebb.testkit.TestClients;
import dev.ebb.testkit.proxy.FaultProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Gives each cell a world of its own, and plays it there. Thread-safe. */
final class Player {

  /** Many objects are many requests: what is one too many is the row's own matter. */
  private static final int CROWDED = 17;

  private final Service service;
  private final Scenario scenario;
  private final Cluster cluster;
  private final Shipped shipped;
  private final Mistakes mistakes;
  private final Pace pace;
  private final AtomicInteger worlds = new AtomicInteger();
  private final String run = Long.toString(System.nanoTime() & 0xffffff, 36);

  Player(Service service, Scenario scenario, Cluster cluster, Mistakes mistakes, Pace pace) {
    this.service = service;
    this.scenario = scenario;
    this.cluster = cluster;
    this.mistakes = mistakes;
    this.pace = pace;
    this.shipped = Shipped.of(service);
  }

  private World world() {
    String namespace = "fm-" + run + "-" + worlds.incrementAndGet();
    return new World(cluster, TestClients.of(cluster, "matrix"), namespace);
  }

  private Trial trial(String name, FaultProxy proxy, World world) {
    return new Trial(name, service, shipped, scenario, proxy, world, pace);
  }

  /** Plays the scenario without faults. */
  Baseline baseline(FaultProxy proxy) {
    try (Trial trial = trial("baseline", proxy, world())) {
      trial.prepare();
      trial.start("a");
      trial.act(0);
      int writes = trial.written().size();
      trial.playFrom(1);
      trial.rests();
      trial.record();
      return trial.baseline(writes);
    }
  }

  /** Makes a world in which objects are stored that the definitions refuse today (row 16). */
  World stored(Scenario.Invalid invalid) {
    World world = world();
    world.make();
    scenario.prepare(world);
    try (Loosened loosened = new Loosened(cluster, invalid.definitions())) {
      loosened.until(() -> invalid.store(world));
    }
    return world;
  }

  /** Plays a cell in a new world. */
  Result play(Cell cell, FaultProxy proxy) {
    long began = System.nanoTime();
    World made = cell.world();
    try (Trial trial = trial(cell.slug(), proxy, made == null ? world() : made)) {
      Throwable failure = null;
      Path record = null;
      Long heap = null;
      try {
        if (made == null) {
          trial.prepare();
        }
        cell.play().on(trial);
        heap = trial.heap();
        if (cell.row() != CROWDED) {
          trial.noStorm();
        }
        assertThat(trial.mistakes()).as("bugs in the logs of processes").isEmpty();
        assertThat(mistakes.in(trial.world().namespace())).as("bugs").isEmpty();
      } catch (Throwable e) {
        failure = e;
        record = trial.record();
      }
      return new Result(cell, Duration.ofNanos(System.nanoTime() - began), heap, failure, record);
    }
  }

  /**
   * What came out of a cell.
   *
   * @param heap how many bytes are alive in the process that it started, at the end; null when it
   *     started none
   * @param record where its requests are recorded; null when it succeeded
   */
  record Result(
      Cell cell,
      Duration took,
      @Nullable Long heap,
      @Nullable Throwable failure,
      @Nullable Path record) {

    /** Returns what happened and where more is to be read. */
    String text() {
      String why =
          failure == null
              ? "held"
              : String.valueOf(failure.getMessage())
                  .lines()
                  .limit(12)
                  .collect(java.util.stream.Collectors.joining("\n    "));
      return "%s: %s%n    requests: %s".formatted(cell.slug(), why, record);
    }
  }
}
