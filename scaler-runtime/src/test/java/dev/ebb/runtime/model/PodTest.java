package dev.ebb.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.Meta;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodTest {

  private static Pod ready(String status, @Nullable Instant since) {
    Condition condition = new Condition("Ready", status, "", "", null, since);
    return new Pod(
        Meta.named("ns", "p-0"),
        new Pod.Spec(null, false, List.of(), List.of()),
        new Pod.Status("Running", List.of(), List.of(condition), List.of(), List.of(), "", ""));
  }

  @Test
  void tellsSinceWhenItIsReady() {
    assertThat(ready("True", Instant.EPOCH).readySince()).isEqualTo(Instant.EPOCH);
    assertThat(ready("False", Instant.EPOCH).readySince()).isNull();
  }

  @Test
  void aReadinessWithoutATimeHasNone() {
    Pod pod = ready("True", null);

    assertThat(pod.ready()).isTrue();
    assertThat(pod.readySince()).isNull();
  }
}
