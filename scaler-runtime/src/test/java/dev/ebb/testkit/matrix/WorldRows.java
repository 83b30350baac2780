package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Exchange;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Match;
import dev.ebb.testkit.proxy.Often;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows 14 to 17: what others do to the objects. */
final class WorldRows {

  /** The row of objects that make no sense; they are stored before all cells are played. */
  static final int INVALID = 16;

  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final int REVERTS = 5;
  private static final int MANY = 60;

  private WorldRows() {}

  static Stream<Cell> cells(Scenario scenario, Baseline baseline) {
    return Stream.of(
            scenario.foreign().stream().map(WorldRows::foreign),
            scenario.released().stream()
                .flatMap(released ->
                    Stream.concat(
                        IntStream.rangeClosed(1, baseline.writesOfFirstAct())
                            .mapToObj(k -> deleted(k, released, baseline)),
                        Stream.of(terminating()))),
            scenario.many().stream().map(WorldRows::storm))
        .flatMap(cells -> cells);
  }

  /** Somebody undoes an effect again and again: it is told, and not fought about. */
  private static Cell foreign(Act foreign) {
    return new Cell(
        14,
        foreign.name(),
        trial -> {
          trial.start("a");
          trial.act(0);
          trial.rests();
          long before = effects(trial);
          for (int i = 0; i < REVERTS; i++) {
            foreign.action().accept(trial.world());
            Trial.pass(BETWEEN);
          }
          trial.reached(foreign);
          trial.rests();
          assertThat(effects(trial) - before)
              .as("effects while somebody undid them %d times", REVERTS)
              .isLessThanOrEqualTo(REVERTS);
        });
  }

  private static long effects(Trial trial) {
    return trial.written().stream()
        .map(Exchange::request)
        .filter(trial.scenario().effects())
        .count();
  }

  /** Deleted just before the k-th write: it is let go of, and nothing of it stays. */
  private static Cell deleted(int k, Act released, Baseline baseline) {
    return new Cell(
            15,
            WriteRows.nth("deleted at", k, baseline),
            trial -> {
              Applied deletion =
                  trial.apply(
                      Match.writes().notOf("events"),
                      Fault.before(request -> released.action().accept(trial.world())),
                      Often.only(k));
              trial.start("a");
              Act first = trial.scenario().acts().getFirst();
              first.action().accept(trial.world());
              trial.reached(first, () -> deletion.hits() == 1);
              if (deletion.hits() == 0) {
                // Fewer writes were enough this time.
                trial.heal();
                released.action().accept(trial.world());
              }
              trial.reached(released);
              assertThat(trial.own()).as("what was deleted").isEmpty();
              trial.rests();
            })
        .at(WriteRows.point(k));
  }

  /** The namespace is deleted: it comes to its end, and nothing is made in it meanwhile. */
  private static Cell terminating() {
    return new Cell(
        15,
        "namespace terminating",
        trial -> {
          trial.start("a");
          trial.act(0);
          Instant deleted = Instant.now();
          trial
              .world()
              .cluster()
              .kubectl("delete", "namespace", trial.world().namespace(), "--wait=false")
              .orThrow();
          trial.until("its objects are gone", Trial.CONVERGES, () -> trial.own().isEmpty());
          assertThat(trial.exchanges())
              .filteredOn(e -> e.request().at().isAfter(deleted))
              .filteredOn(e -> e.request().verb().equals("create") && !e.request().ofLease())
              .filteredOn(Exchange::done)
              .as("what is made in a namespace that ends")
              .isEmpty();
        });
  }

  /** What makes no sense is told so, and everything else goes its way beside it. */
  static Cell invalid(Scenario.Invalid invalid, World world) {
    return new Cell(
            INVALID,
            "stored by an older definition",
            trial -> {
              trial.start("a");
              trial.play();
              trial.reached(new Act("each is told so", none -> {}, invalid::told));
              trial.rests();
            })
        .in(world);
  }

  /** Many at once, and writes to one of them always fail: the others do not wait for it. */
  private static Cell storm(Scenario.Many many) {
    return new Cell(
        17,
        MANY + " at once, one of them poison",
        trial -> {
          Applied poison =
              trial.apply(Match.writes().named(many.name(0)), Fault.answer(500), Often.always());
          many.create(trial.world(), MANY);
          trial.start("a");
          trial.until(
              "all but one",
              Trial.CONVERGES,
              () -> {
                for (int i = 1; i < MANY; i++) {
                  if (!many.done(trial.world(), i)) {
                    return false;
                  }
                }
                return true;
              });
          assertThat(poison.hits()).as("tries for the poison").isBetween(1, 20);
          trial.heal();
          trial.until("that one too", Trial.CONVERGES, () -> many.done(trial.world(), 0));
          trial.rests();
        });
  }
}
