package dev.ebb.autoscaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.WakeCount;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WakeCountTest {

  private final World world = new World();

  private int count() {
    return Planner.wakeCount(world.observed(), World.TARGET);
  }

  @ParameterizedTest(name = "onWake {0}, remembered {1}, own {2}..{3}, HPA {4}..{5}: {6}")
  @CsvSource({
    ",,,,,,1",
    ",3,,,,,3",
    ",0,,,,,1",
    ",x,,,,,1",
    "5,3,,,,,5",
    "0,3,,,,,1",
    ",3,,2,,,2",
    "5,3,,2,,,2",
    ",1,4,,,,4",
    ",9,4,6,,,6",
    ",1,,,2,10,2",
    ",20,,,2,10,10",
    "5,,,4,6,10,4",
    ",,,,0,5,1",
    ",3,,,0,0,3",
    ",,,0,,,1"
  })
  void wakesToWhatWasThereWithinAllBounds(
      Integer onWake,
      String remembered,
      Integer min,
      Integer max,
      Integer hpaMin,
      Integer hpaMax,
      int expected) {
    world.withReplicas(min, max, onWake);
    if (remembered != null) {
      world.withAnnotation(ScaledResource.REMEMBERED_REPLICAS, remembered);
    }
    if (hpaMin != null) {
      world.withHpa(hpaMin, hpaMax, 0, 0);
    }

    assertThat(count()).isEqualTo(expected);
  }

  @Test
  void anHpaThatSaysNoMinimumHasOne() {
    HorizontalPodAutoscaler hpa =
        new HorizontalPodAutoscaler(
            Meta.named("ns", "hpa"),
            new HorizontalPodAutoscaler.Spec(
                new HorizontalPodAutoscaler.TargetRef("apps/v1", "Deployment", "shop"), null, 3),
            null);

    assertThat(WakeCount.of(null, null, List.of(hpa))).isEqualTo(1);
  }

  @Test
  void anHpaOfAnotherWorkloadDoesNotMatter() {
    world.withHpa(4, 5, 0, 0).withCustomKind();

    assertThat(Planner.wakeCount(world.observed(), world.resource().target())).isEqualTo(1);
  }
}
