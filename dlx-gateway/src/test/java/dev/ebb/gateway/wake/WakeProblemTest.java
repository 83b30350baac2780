package dev.ebb.gateway.wake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WakeProblemTest {

  private static Pod waiting(String reason) {
    return new Pod(
        Meta.named("ns", "shop-1"),
        null,
        new Pod.Status(
            "Pending",
            null,
            null,
            List.of(
                new Pod.ContainerStatus(
                    "app", false, false, 0, new Pod.State(new Pod.Waiting(reason, "why"), null))),
            null,
            null,
            null));
  }

  @ParameterizedTest
  @CsvSource({
    "ImagePullBackOff,ImagePullFailed,true",
    "ErrImageNeverPull,ImagePullFailed,true",
    "InvalidImageName,ImagePullFailed,true",
    "ErrImagePull,ImagePullFailed,false",
    "CrashLoopBackOff,CrashLoop,true",
    "CreateContainerConfigError,ContainerNotStarted,true"
  })
  void namesWhatStandsInTheWay(String waiting, String reason, boolean fatal) {
    assertThat(WakeProblem.of(List.of(waiting(waiting)), List.of()))
        .hasValueSatisfying(problem -> {
          assertThat(problem.reason()).isEqualTo(reason);
          assertThat(problem.fatal()).isEqualTo(fatal);
          assertThat(problem.message()).contains("shop-1").contains("app").contains("why");
        });
  }

  @Test
  void startingIsNoProblem() {
    assertThat(WakeProblem.of(List.of(waiting("ContainerCreating")), List.of())).isEmpty();
    assertThat(WakeProblem.of(List.of(), List.of())).isEmpty();
  }

  @Test
  void anExceededQuotaIsSeenOnTheWorkloadItself() {
    Condition failure =
        new Condition(
            "ReplicaFailure",
            "True",
            "FailedCreate",
            "pods \"x\" is forbidden: exceeded quota: q",
            null,
            null);

    assertThat(WakeProblem.of(List.of(), List.of(failure)))
        .hasValueSatisfying(p -> assertThat(p.reason()).isEqualTo("QuotaExceeded"));
  }

  @Test
  void anUnschedulablePodMayStillFindANode() {
    Pod pod =
        new Pod(
            Meta.named("ns", "shop-1"),
            null,
            new Pod.Status(
                "Pending",
                null,
                List.of(
                    new Condition(
                        "PodScheduled", "False", "Unschedulable", "0/1 nodes", null, null)),
                null,
                null,
                null,
                null));

    assertThat(WakeProblem.of(List.of(pod), List.of()))
        .hasValueSatisfying(p -> {
          assertThat(p.reason()).isEqualTo("Unschedulable");
          assertThat(p.fatal()).isFalse();
        });
  }
}
