package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.proxy.ApiRequest;
import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Match;
import dev.ebb.testkit.proxy.Snapshot;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows 9 and 10: caches that are old, or not filled yet. */
final class CacheRows {

  private static final Duration LOOK = Duration.ofSeconds(4);

  private CacheRows() {}

  static Stream<Cell> cells(Scenario scenario, Baseline baseline) {
    return Stream.concat(
        IntStream.range(0, scenario.acts().size() - 1).mapToObj(act -> stale(act, baseline)),
        lists(baseline).stream()
            .flatMap(list -> Stream.of(slow(list, baseline), forbidden(list, baseline))));
  }

  /** Starts anew on what the API said after an earlier act, and hears nothing new. */
  private static Cell stale(int act, Baseline baseline) {
    return new Cell(
        9,
        "restart with the view after act " + (act + 1),
        trial -> {
          List<Act> acts = trial.scenario().acts();
          InProcess first = trial.start("a");
          IntStream.rangeClosed(0, act).forEach(trial::act);
          trial.rests();
          Snapshot old = trial.proxy().snapshot(trial.client("a").name());
          trial.playFrom(act + 1);
          trial.rests();
          first.stop();
          long effects = effects(trial);
          try (Applied lists = trial.apply(Match.lists(), Fault.stale(old));
              Applied watches = trial.apply(Match.watches(), Fault.freeze())) {
            InProcess second = trial.start("a");
            trial.until("it is ready", Trial.CONVERGES, second::ready);
            Trial.pass(LOOK);
            assertThat(lists.hits()).as("old lists").isGreaterThan(acts.size() - 1);
            assertThat(effects(trial)).as("effects from an old view").isEqualTo(effects);
          }
          trial.endsAs(baseline);
        });
  }

  private static long effects(Trial trial) {
    return trial.written().stream()
        .filter(e -> trial.scenario().effects().test(e.request()))
        .count();
  }

  /** Returns the lists that fill the service's caches, without whose they are. */
  private static List<ApiRequest> lists(Baseline baseline) {
    Set<String> seen = new HashSet<>();
    return baseline.lists().stream()
        .filter(list -> !list.resource().isEmpty())
        .filter(list -> seen.add(words(list)))
        .toList();
  }

  private static String words(ApiRequest list) {
    String which = list.query().getOrDefault("labelSelector", "").replaceAll("=.*/", "=");
    return list.resource() + (which.isEmpty() ? "" : " " + which);
  }

  private static Match same(ApiRequest list) {
    return Match.lists().and("of " + words(list), request -> words(request).equals(words(list)));
  }

  /** One kind's list takes its time: nothing is decided before it is there. */
  private static Cell slow(ApiRequest list, Baseline baseline) {
    return new Cell(
            10,
            "slow list of " + words(list),
            trial -> {
              try (Applied hold = trial.apply(same(list), Fault.hold())) {
                trial.scenario().acts().getFirst().action().accept(trial.world());
                InProcess replica = trial.start("a");
                trial.until("the list", Trial.CONVERGES, () -> hold.hits() > 0);
                Trial.pass(LOOK);
                assertThat(trial.written()).as("written before all caches are filled").isEmpty();
                assertThat(replica.ready()).as("ready before all caches are filled").isFalse();
              }
              trial.reached(trial.scenario().acts().getFirst());
              trial.playFrom(1);
              trial.endsAs(baseline);
            })
        .at("list of " + words(list));
  }

  /** One kind may not be read: the process ends and is started until it may. */
  private static Cell forbidden(ApiRequest list, Baseline baseline) {
    return new Cell(
            10,
            "403 for the list of " + words(list),
            trial -> {
              try (Applied refused = trial.apply(same(list), Fault.answer(403))) {
                trial.scenario().acts().getFirst().action().accept(trial.world());
                InProcess replica = trial.start("a", "--ebb.cache-sync-timeout=3s");
                trial.until(
                    "its end", Trial.CONVERGES, () -> refused.hits() > 0 && replica.restarts() > 0);
                assertThat(trial.written()).as("written before all caches are filled").isEmpty();
                assertThat(replica.ready()).as("ready before all caches are filled").isFalse();
              }
              trial.reached(trial.scenario().acts().getFirst());
              trial.playFrom(1);
              trial.endsAs(baseline);
            })
        .at("list of " + words(list));
  }
}
