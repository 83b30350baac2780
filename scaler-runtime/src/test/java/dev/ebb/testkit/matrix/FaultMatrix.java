package dev.ebb.testkit.matrix;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Clusters;
import dev.ebb.localcluster.Options;
import dev.ebb.testkit.proxy.FaultProxy;
import dev.ebb.testkit.soak.Soak;
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
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
  private static final int CHILDREN_AT_ONCE = 2;

  private static final int SOAKED_AT_ONCE = 4;

  private static final Path FOLDER = Path.of("target", "fault-matrix");

  private final Service service;
  private final Supplier<? extends Scenario> scenarios;
  private final Map<Integer, String> without = new TreeMap<>();

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

  /**
   * Plays the cells of a {@link Selection} and prints the table of rows. {@code
   * -Debb.matrix.seed=N} decides which, and what is random in them; {@code -Debb.matrix=points}
   * plays more, {@code full} all, {@code -Debb.matrix.rows=2,7} all of these rows alone.
   *
   * @throws AssertionError when a cell fails, with what failed and where its record is
   */
  public void run(Cluster cluster) throws InterruptedException {
    long began = System.nanoTime();
    Selection selection = rows() == null ? Selection.asked() : Selection.FULL;
    empty(service.folder());
    List<Player.Result> results;
    List<String> bugs;
    long seed = Long.getLong("ebb.matrix.seed", 1);
    try (Scenario scenario = scenarios.get();
        Mistakes mistakes = new Mistakes();
        Pace pace = new Pace();
        FaultProxy proxy = FaultProxy.before(cluster, seed)) {
      Player player = new Player(service, scenario, cluster, mistakes, pace);
      scenario.define(cluster);
      List<Cell> cells = cells(player, scenario, proxy);
      results = playAll(player, proxy, selection.of(cells, seed));
      bugs = mistakes.all();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    System.out.println(Table.of(service.name(), results, without, took));
    Verdict.of(results, bugs).orThrow();
  }

  /**
   * Plays rounds until the soak is over: each second one is a cell of the whole cross product, the
   * others have some faults at once that the round's seed draws (row 24).
   *
   * @param words what {@code ./ebb soak} starts a process with; this is all that it does
   */
  public void soak(String... words) throws InterruptedException {
    Soak soak = Soak.ofProcess(words);
    Cluster cluster = Clusters.shared(Options.owned().withPods(false));
    int code;
    try {
      code = soak(cluster, soak);
    } finally {
      Clusters.stopShared();
    }
    System.exit(code);
  }

  private int soak(Cluster cluster, Soak soak) throws InterruptedException {
    empty(service.folder());
    try (Scenario scenario = scenarios.get();
        Mistakes mistakes = new Mistakes();
        Pace pace = new Pace()) {
      Player player = new Player(service, scenario, cluster, mistakes, pace);
      Baseline baseline;
      try (FaultProxy proxy = FaultProxy.before(cluster, soak.seed())) {
        scenario.define(cluster);
        baseline = player.baseline(proxy);
      }
      List<Cell> cells =
          Rows.cells(scenario, baseline).filter(cell -> !without.containsKey(cell.row())).toList();
      return soak.play(
          SOAKED_AT_ONCE, seed -> round(player, cluster, Draw.of(seed, cells, baseline), seed));
    }
  }

  /** A proxy of its own: the same seed makes the same dice. */
  private static void round(Player player, Cluster cluster, Cell cell, long seed) {
    try (FaultProxy proxy = FaultProxy.before(cluster, seed)) {
      Verdict.of(List.of(player.play(cell, proxy)), List.of()).orThrow();
    }
  }

  private List<Cell> cells(Player player, Scenario scenario, FaultProxy proxy) {
    List<Cell> cells = new ArrayList<>();
    // Before all others: a definition that changes ends every watch of its resources.
    scenario
        .invalid()
        .filter(invalid -> wanted(WorldRows.INVALID))
        .map(invalid -> WorldRows.invalid(invalid, player.stored(invalid)))
        .ifPresent(cells::add);
    Rows.cells(scenario, player.baseline(proxy))
        .filter(cell -> wanted(cell.row()))
        .forEach(cells::add);
    return cells;
  }

  private static @Nullable String rows() {
    return System.getProperty("ebb.matrix.rows");
  }

  private boolean wanted(int row) {
    String rows = rows();
    return !without.containsKey(row)
        && (rows == null || List.of(rows.split(",", -1)).contains(Integer.toString(row)));
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

  private static List<Player.Result> playAll(Player player, FaultProxy proxy, List<Cell> cells)
      throws InterruptedException {
    List<Player.Result> results = new CopyOnWriteArrayList<>();
    try (ExecutorService plain = Executors.newFixedThreadPool(AT_ONCE);
        ExecutorService children = Executors.newFixedThreadPool(CHILDREN_AT_ONCE)) {
      List<Future<?>> playing = new ArrayList<>();
      for (Cell cell : cells) {
        ExecutorService players = cell.children() ? children : plain;
        playing.add(players.submit(() -> results.add(player.play(cell, proxy))));
      }
      for (Future<?> future : playing) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return results;
  }
}
