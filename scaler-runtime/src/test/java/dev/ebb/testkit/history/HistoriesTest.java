package dev.ebb.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The runner finds what is planted, tells the least that shows it, and shows it again. */
class HistoriesTest {

  /** A shelf that loses a thing when it is put back after it was taken away, if that is planted. */
  private static final class Shelf implements Subject {
    private final boolean planted;
    private final Map<Integer, Boolean> things = new HashMap<>();
    private final Map<Integer, Boolean> truth = new HashMap<>();
    private boolean ended;
    private boolean closed;

    Shelf(boolean planted) {
      this.planted = planted;
    }

    void put(int thing) {
      boolean lost = planted && Boolean.FALSE.equals(things.get(thing));
      things.put(thing, !lost);
      truth.put(thing, true);
    }

    void take(int thing) {
      if (things.containsKey(thing)) {
        things.put(thing, false);
        truth.put(thing, false);
      }
    }

    @Override
    public void check() {
      assertThat(things).as("what is on the shelf").isEqualTo(truth);
    }

    @Override
    public void end() {
      ended = true;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final List<Shelf> shelves = new CopyOnWriteArrayList<>();

  private Histories<Shelf> histories(boolean planted) {
    return new Histories<>(
        () -> {
          Shelf shelf = new Shelf(planted);
          shelves.add(shelf);
          return shelf;
        },
        HistoriesTest::step,
        30);
  }

  private static Step<Shelf> step(Random random) {
    int thing = random.nextInt(20);
    return random.nextBoolean()
        ? new Step<>("put " + thing, shelf -> shelf.put(thing))
        : new Step<>("take " + thing, shelf -> shelf.take(thing));
  }

  @Test
  void findsAndShrinksWhatIsPlanted() {
    Histories.Failure<Shelf> failure = histories(true).firstFailure(new Seeds(200, null), true);

    assertThat(failure).isNotNull();
    assertThat(failure.all()).isBetween(15, 30);
    List<String> told = failure.steps().stream().map(Step::toString).toList();
    assertThat(told).hasSize(3);
    String thing = told.getFirst().substring("put ".length());
    assertThat(told).containsExactly("put " + thing, "take " + thing, "put " + thing);
    assertThat(failure.text())
        .contains("history " + failure.seed() + " fails: [what is on the shelf]")
        .contains("1. put " + thing)
        .contains("3 of its " + failure.all() + " steps are enough")
        .contains("-Debb.seed=" + failure.seed());
  }

  @Test
  void replaysASeed() {
    Histories.Failure<Shelf> failure = histories(true).firstFailure(new Seeds(200, null), true);
    Seeds one = Seeds.of(200, name -> name.equals(Seeds.SEED) ? "" + failure.seed() : null);
    shelves.clear();

    assertThatThrownBy(() -> histories(true).run(one))
        .isInstanceOf(AssertionError.class)
        .hasMessage(failure.text());
    assertThat(histories(true).firstFailure(one, true).steps().toString())
        .isEqualTo(failure.steps().toString());
  }

  @Test
  void runsAsManyAsAreAskedForEachToItsEnd() {
    assertThatCode(() -> histories(false).run(Seeds.of(7, name -> null)))
        .doesNotThrowAnyException();
    assertThat(shelves).hasSize(7).allMatch(shelf -> shelf.ended && shelf.closed);
    shelves.clear();
    histories(false).run(Seeds.of(7, name -> name.equals(Seeds.HISTORIES) ? "11" : null));
    assertThat(shelves).hasSize(11);
  }

  @Test
  void tellsTheSameOnAllCores() {
    Histories.Failure<Shelf> first = histories(true).firstFailure(new Seeds(200, null), true);

    assertThatThrownBy(() -> histories(true).runOnAllCores(new Seeds(200, null)))
        .isInstanceOf(AssertionError.class)
        .hasMessage(first.text());
    shelves.clear();
    histories(false).runOnAllCores(new Seeds(11, null));
    assertThat(shelves).hasSize(11).allMatch(shelf -> shelf.ended && shelf.closed);
  }

  @Test
  void closesWhatFailed() {
    histories(true).firstFailure(new Seeds(200, null), false);
    assertThat(shelves).allMatch(shelf -> shelf.closed);
    assertThat(shelves.getLast().ended).isFalse();
  }
}
