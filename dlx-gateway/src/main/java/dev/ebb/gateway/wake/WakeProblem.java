package dev.ebb.gateway.wake;

import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Why a workload does not come up, read from its pods and its own conditions.
 *
 * @param reason one CamelCase word
 * @param message what Kubernetes says, for the caller
 * @param fatal whether waiting on is pointless until somebody mends it
 */
public record WakeProblem(String reason, String message, boolean fatal) {

  private static final Set<String> IMAGE_FATAL =
      Set.of("ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");
  private static final Set<String> CONFIG_FATAL =
      Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

  /**
   * Finds the problem that stands in the way; the worst first.
   *
   * @param pods the workload's pods, those on their way out left aside
   * @param conditions the target's own conditions
   */
  public static Optional<WakeProblem> of(List<Pod> pods, List<Condition> conditions) {
    Optional<WakeProblem> creation =
        conditions.stream()
            .filter(c -> c.type().equals("ReplicaFailure") && c.isTrue())
            .map(WakeProblem::ofCreation)
            .findFirst();
    if (creation.isPresent()) {
      return creation;
    }
    List<WakeProblem> found =
        pods.stream()
            .filter(pod -> !pod.metadata().deleting())
            .flatMap(pod -> ofPod(pod).stream())
            .toList();
    return found.stream()
        .filter(WakeProblem::fatal)
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  private static WakeProblem ofCreation(Condition condition) {
    boolean quota = condition.message().contains("exceeded quota");
    return new WakeProblem(
        quota ? "QuotaExceeded" : "PodCreationFailed", condition.message(), true);
  }

  private static Optional<WakeProblem> ofPod(Pod pod) {
    for (Pod.ContainerStatus container : pod.status().containerStatuses()) {
      Pod.State state = container.state();
      if (state != null && state.waiting() != null) {
        Optional<WakeProblem> waiting = ofWaiting(pod, container.name(), state.waiting());
        if (waiting.isPresent()) {
          return waiting;
        }
      }
    }
    return pod.status().conditions().stream()
        .filter(c -> c.type().equals("PodScheduled") && c.reason().equals("Unschedulable"))
        .map(c -> new WakeProblem("Unschedulable", where(pod) + c.message(), false))
        .findFirst();
  }

  private static Optional<WakeProblem> ofWaiting(Pod pod, String container, Pod.Waiting waiting) {
    String message = where(pod) + "container " + container + ": " + waiting.message();
    if (IMAGE_FATAL.contains(waiting.reason())) {
      return Optional.of(new WakeProblem("ImagePullFailed", message, true));
    }
    if (waiting.reason().equals("ErrImagePull")) {
      return Optional.of(new WakeProblem("ImagePullFailed", message, false));
    }
    if (waiting.reason().equals("CrashLoopBackOff")) {
      return Optional.of(new WakeProblem("CrashLoop", message, true));
    }
    if (CONFIG_FATAL.contains(waiting.reason())) {
      return Optional.of(new WakeProblem("ContainerNotStarted", message, true));
    }
    return Optional.empty();
  }

  private static String where(Pod pod) {
    return "pod " + pod.metadata().name() + ": ";
  }
}
