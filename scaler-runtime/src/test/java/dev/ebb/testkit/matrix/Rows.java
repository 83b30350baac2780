package dev.ebb.testkit.matrix;

import java.util.Map;
import java.util.stream.Stream;

/** The generic rows of the matrix. */
final class Rows {

  /** What each row is about. */
  static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(1, "killed after the k-th write"),
          Map.entry(2, "the answer to the k-th write is lost"),
          Map.entry(3, "somebody else writes just before the k-th write"),
          Map.entry(4, "the object is gone, or another one of the same name"),
          Map.entry(5, "429 with Retry-After, 500, 502, 503, 504, a tenth at random"),
          Map.entry(6, "black hole, half-open connections, no answers"),
          Map.entry(7, "watches closed, 410, ERROR event, half a line"),
          Map.entry(8, "events late, twice, or never"),
          Map.entry(9, "old lists after a restart"),
          Map.entry(10, "a cache that is slow to fill, a kind that may not be read"),
          Map.entry(11, "leader frozen, cut off, or with a wrong clock"),
          Map.entry(12, "two replicas at once, a rolling upgrade"),
          Map.entry(13, "SIGTERM in the midst of the k-th write"),
          Map.entry(14, "somebody undoes an effect again and again"),
          Map.entry(15, "deleted just before the k-th write; the namespace ends"),
          Map.entry(16, "objects stored that make no sense"),
          Map.entry(17, "many at once, one of them poison"),
          Map.entry(18, "a long pause, a full disk, out of memory"),
          Map.entry(23, "status writes fail after the action"));

  private Rows() {}

  /** Returns all cells, those that take longest first. */
  static Stream<Cell> cells(Scenario scenario, Baseline baseline) {
    return Stream.of(
            LifeRows.cells(scenario, baseline),
            LeaderRows.cells(baseline),
            WorldRows.cells(scenario, baseline),
            NetworkRows.cells(baseline),
            CacheRows.cells(scenario, baseline),
            AnswerRows.cells(scenario, baseline),
            WatchRows.cells(scenario, baseline),
            WriteRows.cells(scenario, baseline))
        .flatMap(cells -> cells);
  }
}
