package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.proxy.ApiRequest;
import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Match;
import dev.ebb.testkit.proxy.Often;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Rows 2 to 4: what can happen to a single write, at each write of the scenario. */
final class WriteRows {

  /** For how long an object is gone. */
  private static final Duration GONE = Duration.ofSeconds(1);

  private WriteRows() {}

  static Stream<Cell> cells(Scenario scenario, Baseline baseline) {
    return Stream.of(
            swaps("swapped", Duration.ZERO, scenario, baseline),
            swaps("gone for a while", GONE, scenario, baseline),
            each(2, "lost", baseline, trial -> Fault.dropAnswer()),
            each(3, "conflict", baseline, trial -> Fault.before(r -> touch(trial, r))))
        .flatMap(cells -> cells);
  }

  private static Stream<Cell> each(
      int row, String name, Baseline baseline, Function<Trial, Fault> fault) {
    return IntStream.rangeClosed(1, baseline.writes().size())
        .mapToObj(k ->
            new Cell(
                    row,
                    nth(name, k, baseline),
                    trial -> {
                      Applied applied =
                          trial.apply(
                              Match.writes().notOf("events"), fault.apply(trial), Often.only(k));
                      trial.start("a");
                      trial.play();
                      trial.endsAs(baseline);
                      trial.struck(applied, k);
                    })
                .at(point(k)));
  }

  /** Names a cell by the write that it strikes. */
  static String nth(String name, int k, Baseline baseline) {
    return name + " " + k + " " + Trial.words(baseline.writes().get(k - 1));
  }

  /** Names the point that several rows strike: a write. */
  static String point(int k) {
    return "write " + k;
  }

  /** Makes the object another version, as a writer does that was quicker. */
  private static void touch(Trial trial, ApiRequest request) {
    if (!request.verb().equals("create")) {
      Map<String, String> mark = Map.of(Marks.TOUCHED, Long.toString(System.nanoTime()));
      trial.world().touch(request.objectPath(), mark);
    }
  }

  /** The first write to each object of others meets another object of that name, or none. */
  private static Stream<Cell> swaps(
      String name, Duration gone, Scenario scenario, Baseline baseline) {
    Set<String> seen = new HashSet<>();
    String own = scenario.kinds().getFirst().plural();
    return baseline.writes().stream()
        .filter(write -> !write.resource().equals(own) && !write.verb().equals("create"))
        .filter(write -> seen.add(write.objectPath()))
        .map(write ->
            new Cell(
                    4,
                    name + " " + write.resource() + " " + write.name(),
                    trial -> {
                      Applied applied =
                          trial.apply(
                              Match.writes()
                                  .named(write.name())
                                  .and("of " + write.resource(), r -> same(r, write)),
                              Fault.before(request -> swap(trial, request, gone)),
                              Often.once());
                      trial.start("a");
                      if (scenario.replaced(write.resource())) {
                        trial.play();
                        trial.endsInTheStateOf(baseline);
                      } else {
                        leftAlone(trial, applied, write);
                      }
                      assertThat(applied.hits()).isOne();
                      assertThat(refused(trial))
                          .as("writes that were meant for the object of before")
                          .isTrue();
                    })
                .at("object " + write.resource() + " " + write.name()));
  }

  /** Plays until an object was replaced, and holds that the new one stays. */
  private static void leftAlone(Trial trial, Applied swap, ApiRequest write) {
    for (Act act : trial.scenario().acts()) {
      if (swap.hits() == 0) {
        act.action().accept(trial.world());
        trial.reached(act, () -> swap.hits() > 0);
      }
    }
    trial.rests();
    String path =
        write
            .objectPath()
            .replaceFirst("/namespaces/[^/]+/", "/namespaces/" + trial.world().namespace() + "/");
    assertThat(trial.world().client().getRaw(path).path("metadata").has("deletionTimestamp"))
        .as("what was put in the place of %s is being deleted", path)
        .isFalse();
  }

  private static boolean same(ApiRequest a, ApiRequest b) {
    return a.resource().equals(b.resource());
  }

  private static void swap(Trial trial, ApiRequest request, Duration gone) {
    JsonNode manifest = trial.world().remove(request.objectPath());
    if (gone.isZero()) {
      trial.world().restore(request.objectPath(), manifest);
      return;
    }
    Thread.ofVirtual()
        .name("restore")
        .start(() -> {
          try {
            Trial.pass(gone);
            trial.world().restore(request.objectPath(), manifest);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static boolean refused(Trial trial) {
    return trial.exchanges().stream()
        .anyMatch(
            e -> trial.writes().test(e.request()) && (e.status() == 404 || e.status() == 409));
  }
}
