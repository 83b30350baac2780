package dev.ebb.gateway.wake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.scaler.Scale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZeroOwnerTest {

  @ParameterizedTest(name = "written by {0}, HPA min {1}, adoptZero {2}, status asleep {3}: {4}")
  @CsvSource({
    "ebb-autoscaler,,false,false,true",
    "ebb-dlx-gateway,,false,false,true",
    "kubectl,,false,true,false",
    "kubectl,,true,false,true",
    "helm,0,false,true,false",
    "kube-controller-manager,0,false,false,true",
    "kube-controller-manager,1,false,false,false",
    "kube-controller-manager,,false,false,false",
    "untracked,0,false,false,true",
    "untracked,1,false,false,false",
    "untracked,,false,true,false",
    ",,false,true,true",
    ",,false,false,false"
  })
  void offIsNotAsleep(
      String writer, Integer hpaMin, boolean adopt, boolean saidAsleep, boolean asleep) {
    HorizontalPodAutoscaler hpa =
        hpaMin == null
            ? null
            : new HorizontalPodAutoscaler(
                Meta.named("ns", "h"), new HorizontalPodAutoscaler.Spec(null, hpaMin, 5), null);

    assertThat(ZeroOwner.asleep(new Scale(0, 0, "1", null, writer), hpa, adopt, saidAsleep))
        .isEqualTo(asleep);
  }
}
