package dev.ebb.testkit.matrix;

import static java.util.stream.Collectors.joining;

import dev.ebb.localcluster.Cluster;
import dev.ebb.testkit.TestClients;
import dev.ebb.testkit.proxy.FaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.util.function.SingletonSupplier;

/**
 * Runs a service through the generic rows of the fault matrix, and prints the rows:
 *
 * <pre>{@code
 * FaultMatrix.of("autoscaler", AutoscalerApplication.class, SleepScenario::new).run(cluster);
 * }</pre>
 *
 * <p>The scenario is played once without faults; each cell of a row plays it under one fault at one
 * point, and must come to the same end. Cells are played side by side, since they mostly wait. One
 * that fails leaves the record of its requests in {@code target/fault-matrix}.
 */
public final class FaultMatrix {

  /** So many cells are played at the same time: they wait for leases, pings and pauses. */
  private static final int AT_ONCE = 8;

  /** Fewer where processes are started: a start needs a core for a second or two. */
  private static final int CHILDREN_AT_ONCE = 3;

  private static final Path FOLDER = Path.of("target", "fault-matrix");

  private final Service service;
  private final Supplier<? extends Scenario> scenarios;
  private final Map<Integer, String> without = new TreeMap<>();
  private Duration budget = Duration.ofMinutes(10);

  private FaultMatrix(Service service, Supplier<? extends Scenario> scenarios) {
    this.service = service;
    this.scenarios = scenarios;
  }

  /**
   * Returns the matrix of a service.
   *
   * @param name as in its module, its Lease and its field manager
   * @param application its Spring application, with the {@code main} that the image starts
   * @param scenarios makes the scenario
   */
  public static FaultMatrix of(
      String name, Class<?> application, Supplier<? extends Scenario> scenarios) {
    return new FaultMatrix(new Service(name, application, FOLDER), scenarios);
  }

  /**
   * Leaves a row out.
   *
   * @param why is printed in its place
   */
  public FaultMatrix without(int row, String why) {
    without.put(row, why);
    return this;
  }

  /** Fails if it takes longer; ten minutes are usual. */
  public FaultMatrix within(Duration longest) {
    this.budget = longest;
    return this;
  }

  /**
   * Plays all cells and prints the table of rows. {@code -Debb.matrix.rows=2,7} plays these rows
   * alone, {@code -Debb.matrix.seed=N} decides what is random.
   *
   * @throws AssertionError when a cell fails or it takes too long, with what failed and where its
   *     record is
   */
  public void run(Cluster cluster) throws InterruptedException {
    long began = System.nanoTime();
    quiet();
    empty(service.folder());
    List<Result> results;
    try (Scenario scenario = scenarios.get();
        FaultProxy proxy = FaultProxy.before(cluster, Long.getLong("ebb.matrix.seed", 1))) {
      Player player = new Player(service, scenario, proxy, cluster);
      scenario.define(cluster);
      Baseline baseline = player.baseline();
      List<Cell> cells = Rows.cells(scenario, baseline).filter(this::wanted).toList();
      results = playAll(player, cells);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    System.out.println(Table.of(service.name(), results, without, took));
    List<Result> failed = results.stream().filter(r -> r.failure() != null).toList();
    if (!failed.isEmpty()) {
      AssertionError error =
          new AssertionError(
              failed.size()
                  + " cells failed:\n"
                  + failed.stream().map(Result::text).collect(joining("\n")));
      failed.forEach(result -> error.addSuppressed(result.failure()));
      throw error;
    }
    if (took.compareTo(budget) > 0) {
      throw new AssertionError("the matrix took " + took + ", allowed are " + budget);
    }
  }

  private boolean wanted(Cell cell) {
    String rows = System.getProperty("ebb.matrix.rows");
    return !without.containsKey(cell.row())
        && (rows == null || List.of(rows.split(",", -1)).contains(Integer.toString(cell.row())));
  }

  /** What earlier runs left behind would be taken for this one's. */
  private static void empty(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The logs of a dozen services in one JVM would be a jumble; children log to files. */
  private static void quiet() {
    LoggingSystem.get(FaultMatrix.class.getClassLoader()).setLogLevel("ROOT", LogLevel.OFF);
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
  }

  private static List<Result> playAll(Player player, List<Cell> cells) throws InterruptedException {
    List<Result> results = new CopyOnWriteArrayList<>();
    try (ExecutorService plain = Executors.newFixedThreadPool(AT_ONCE);
        ExecutorService children = Executors.newFixedThreadPool(CHILDREN_AT_ONCE)) {
      List<Future<?>> playing = new ArrayList<>();
      for (Cell cell : cells) {
        ExecutorService players = cell.children() ? children : plain;
        playing.add(players.submit(() -> results.add(player.play(cell))));
      }
      for (Future<?> future : playing) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return results;
  }

  /**
   * What came out of a cell.
   *
   * @param record where its requests are recorded; null when it succeeded
   */
  record Result(Cell cell, Duration took, @Nullable Throwable failure, @Nullable Path record) {
    String text() {
      String why =
          failure == null
              ? "held"
              : String.valueOf(failure.getMessage()).lines().limit(12).collect(joining("\n    "));
      return "%s: %s%n    requests: %s".formatted(cell.slug(), why, record);
    }
  }

  /** Gives each cell its world. */
  private record Player(
      Service service,
      Scenario scenario,
      FaultProxy proxy,
      Cluster cluster,
      Supplier<Shipped> shipped,
      AtomicInteger worlds,
      String run) {

    Player(Service service, Scenario scenario, FaultProxy proxy, Cluster cluster) {
      this(
          service,
          scenario,
          proxy,
          cluster,
          SingletonSupplier.of(() -> Shipped.of(service, cluster.kubeconfig())),
          new AtomicInteger(),
          Long.toString(System.nanoTime() & 0xffffff, 36));
    }

    private Trial trial(String name, Duration patience) {
      String namespace = "fm-" + run + "-" + worlds.incrementAndGet();
      return new Trial(
          name,
          patience,
          service,
          shipped,
          scenario,
          proxy,
          new World(cluster, TestClients.of(cluster, "matrix"), namespace));
    }

    Baseline baseline() {
      try (Trial trial = trial("baseline", Trial.CONVERGES)) {
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

    Result play(Cell cell) {
      long began = System.nanoTime();
      try (Trial trial = trial(cell.slug(), cell.patience())) {
        Throwable failure = null;
        Path record = null;
        try {
          trial.prepare();
          cell.play().on(trial);
        } catch (Throwable e) {
          failure = e;
          record = trial.record();
        }
        return new Result(cell, Duration.ofNanos(System.nanoTime() - began), failure, record);
      }
    }
  }
}
