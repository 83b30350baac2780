package dev.ebb.testkit.matrix;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;

/**
 * What all cells together say.
 *
 * @param results of the cells
 * @param others what no cell alone is to blame for
 */
record Verdict(List<Player.Result> results, List<String> others) {

  /**
   * How much more than most of them a process may keep alive at the end. They played the same
   * story, so that more is what its fault left behind; one that only stood by has less.
   */
  private static final double FLAT = 1.25;

  /** Judges. */
  static Verdict of(List<Player.Result> results, List<String> bugs) {
    List<String> others = new ArrayList<>(bugs);
    long[] heaps =
        results.stream()
            .filter(result -> result.heap() != null)
            .mapToLong(Player.Result::heap)
            .sorted()
            .toArray();
    long most = heaps.length == 0 ? 0 : heaps[(heaps.length - 1) / 2];
    results.stream()
        .filter(result -> result.heap() != null && result.heap() > FLAT * most)
        .map(result ->
            "%s: %d KiB are alive at the end, %d in most"
                .formatted(result.cell().slug(), result.heap() >> 10, most >> 10))
        .forEach(others::add);
    return new Verdict(results, others);
  }

  /** Throws what failed, if anything did. */
  void orThrow() {
    List<Player.Result> failed = results.stream().filter(r -> r.failure() != null).toList();
    if (failed.isEmpty() && others.isEmpty()) {
      return;
    }
    AssertionError error =
        new AssertionError(
            failed.size()
                + " cells failed:\n"
                + failed.stream().map(Player.Result::text).collect(joining("\n"))
                + "\n"
                + String.join("\n", others));
    failed.forEach(result -> error.addSuppressed(result.failure()));
    throw error;
  }
}
