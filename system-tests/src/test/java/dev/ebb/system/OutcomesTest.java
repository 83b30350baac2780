package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomesTest {

  private static final List<String> SAID =
      List.of("C 40 1200 200", "C 2 31000 504 WakeTimeout", "C 1 3 cut", "P 7", "DONE");

  @Test
  void addsUpByCause() {
    Outcomes once = Outcomes.parse(SAID);
    Outcomes twice = once.plus(Outcomes.parse(List.of("C 1 9000 200", "P 1", "DONE")));

    assertThat(twice.byCause().get("200")).isEqualTo(new Outcomes.Sum(41, 9_000));
    assertThat(twice.byCause().get("cut")).isEqualTo(new Outcomes.Sum(1, 3));
    assertThat(twice.requests()).isEqualTo(44);
    assertThat(twice.pods()).isEqualTo(8);
  }

  @Test
  void tellsWhatIsNotAllowed() {
    assertThat(Outcomes.parse(SAID).unlike("200|cut").keySet()).containsExactly("504 WakeTimeout");
    assertThat(Outcomes.parse(SAID).unlike("200|cut|50[34] .*")).isEmpty();
  }

  @Test
  void callersThatBreakOffAreNoOutcome() {
    assertThatThrownBy(() -> Outcomes.parse(List.of("C 40 1200 200")))
        .isInstanceOf(IllegalStateException.class);
  }
}
