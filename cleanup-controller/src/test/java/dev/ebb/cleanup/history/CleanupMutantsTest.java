package dev.ebb.cleanup.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Seeds;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The histories are sharp: each planted fault is found within two builds' worth of them. */
class CleanupMutantsTest {

  static Stream<String> mutants() {
    return Mutants.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void isFound(String mutant) {
    Histories.Failure<CleanupWorld> failure =
        new Histories<>(() -> new CleanupWorld(Mutants.all().get(mutant)), CleanupSteps::next, 30)
            .firstFailure(new Seeds(2 * CleanupHistoriesTest.USUAL, null), false);

    assertThat(failure).as("a history that fails when it %s", mutant).isNotNull();
  }
}
