package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReversalsTest {

  private static Reversals read(String text) {
    return Reversals.of(new World().withAnnotation(Reversals.ANNOTATION, text).resource());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"argocd-controller", "kubectl edit", "a=b@c", "kubectl-client-side-apply"})
  void readsWhatItWrites(String manager) {
    Reversals reversals = new Reversals(manager, 2, 7, NOW);

    assertThat(read(reversals.text())).isEqualTo(reversals);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1@1@1", "1@1@1=", "-1@1@1=a", "1@1@99999999999999=a"})
  void whatCannotBeReadIsNone(String text) {
    assertThat(read(text)).isEqualTo(new Reversals("", 0, 1, Instant.EPOCH));
  }

  @ParameterizedTest(name = "by {0}, generation {1}, {2} later: {3}")
  @CsvSource({
    "argocd,1,PT1M,3",
    "argocd,1,PT23H59M59S,3",
    "argocd,1,PT24H,1",
    "kubectl,1,PT1M,1",
    "argocd,2,PT1M,1"
  })
  void countsTheSameHandInOneGenerationWithoutADayOfPeace(
      String by, long generation, Duration later, int count) {
    Reversals before = new Reversals("argocd", 2, 1, NOW);

    Reversals after = before.plus(by, generation, NOW.plus(later));

    assertThat(after).isEqualTo(new Reversals(by, count, generation, NOW.plus(later)));
  }

  @ParameterizedTest
  @CsvSource({"2,1,false", "3,1,true", "4,1,true", "3,2,false"})
  void threeAreADisputeInTheirGeneration(int count, long generation, boolean disputed) {
    assertThat(new Reversals("argocd", count, 1, NOW).disputed(generation)).isEqualTo(disputed);
  }

  @Test
  void noneIsNoDispute() {
    assertThat(read("").disputed(1)).isFalse();
    assertThat(read("").plus("kubectl", 1, NOW).count()).isEqualTo(1);
  }
}
