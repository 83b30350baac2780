package dev.ebb.nodescaler.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.history.Seeds;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The histories are sharp: each planted fault is found by one of the usual number of them. */
class NodeMutantsTest {

  private static final int USUAL = 200;

  static Stream<String> names() {
    return Mutants.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aPlantedFaultIsFound(String mutant) {
    assertThat(
            NodeSteps.histories(Mutants.all().getOrDefault(mutant, Mutants.NONE))
                .firstFailure(new Seeds(USUAL, null), false))
        .as("a history that fails when it %s", mutant)
        .isNotNull();
  }
}
