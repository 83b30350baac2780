package dev.ebb.testkit.matrix;

import dev.ebb.testkit.proxy.ApiRequest;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Match;
import dev.ebb.testkit.proxy.Often;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows 2 to 4: what can happen to a single write, at each write of the scenario. */
final class WriteRows {

  private WriteRows() {}

  static Stream<Cell> cells(Scenario scenario, Baseline baseline) {
    return Stream.of(
            each(2, "lost", baseline, (trial, k) -> Fault.dropAnswer()),
            each(3, "conflict", baseline, (trial, k) -> Fault.before(r -> touch(trial, r))),
            each(4, "gone", baseline, (trial, k) -> Fault.answer(404)))
        .flatMap(cells -> cells);
  }

  private static Stream<Cell> each(
      int row, String name, Baseline baseline, BiFunction<Trial, Integer, Fault> fault) {
    return IntStream.rangeClosed(1, baseline.writes().size())
        .mapToObj(k ->
            new Cell(
                row,
                name + " " + k + " " + Trial.words(baseline.writes().get(k - 1)),
                trial -> {
                  trial.start("a");
                  trial.apply(Match.writes().notOf("events"), fault.apply(trial, k), Often.only(k));
                  trial.play();
                  trial.endsAs(baseline);
                }));
  }

  /** Makes the object another version, as a writer does that was quicker. */
  private static void touch(Trial trial, ApiRequest request) {
    if (request.verb().equals("create")) {
      return;
    }
    trial
        .world()
        .touch(request.objectPath(), Map.of(Marks.TOUCHED, Long.toString(System.nanoTime())));
  }
}
