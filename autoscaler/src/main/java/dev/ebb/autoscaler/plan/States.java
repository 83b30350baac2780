package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.PodOwners;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.scale.ScaleSubresourceScaler;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleTarget;
import java.util.List;
import java.util.Set;

/** Tells what a workload does now. Stateless. */
public final class States {

  /** The autoscaler's name in managedFields. */
  public static final String OURS = "ebb-autoscaler";

  /** The gateway's name in managedFields. */
  public static final String GATEWAYS = "ebb-dlx-gateway";

  private static final String CONTROLLER_MANAGER = "kube-controller-manager";

  private static final Set<String> HPA_WRITERS =
      Set.of(CONTROLLER_MANAGER, ScaleSubresourceScaler.UNTRACKED);

  private States() {}

  static State of(Observed observed, ScaleTarget target, TargetView.Found found) {
    Scale scale = found.scale();
    boolean ready = anyReady(observed, target, found);
    if (scale.desired() > 0) {
      return ready ? State.Awake : State.Waking;
    }
    if (!zeroByUs(observed, target, scale)) {
      return State.Off;
    }
    return ready ? State.Settling : State.Asleep;
  }

  /** Returns whether zero replicas mean asleep, and not that somebody stopped the workload. */
  static boolean zeroByUs(Observed observed, ScaleTarget target, Scale scale) {
    return zeroByEbb(observed, scale)
        || Boolean.TRUE.equals(observed.resource().spec().adoptZero())
        // An HPA writes through scale, where nobody is recorded for a zero.
        || (HPA_WRITERS.contains(String.valueOf(scale.writer()))
            && hpas(observed, target).stream().anyMatch(hpa -> hpa.min() == 0));
  }

  /** Returns whether Ebb put the workload to sleep; where nobody knows, what it remembers tells. */
  static boolean zeroByEbb(Observed observed, Scale scale) {
    return OURS.equals(scale.writer())
        || (scale.writer() == null && observed.resource().remembered() != null);
  }

  /** Returns whether a pod of the target, or one that its Services select, is ready. */
  static boolean anyReady(Observed observed, ScaleTarget target, TargetView.Found found) {
    List<String> mapped = observed.resource().mappedServices().stream().map(s -> s.name()).toList();
    List<Service> services =
        observed.services().stream().filter(s -> mapped.contains(s.metadata().name())).toList();
    return observed.pods().stream()
        .filter(Pod::ready)
        .anyMatch(pod ->
            PodOwners.owns(target, found.scale().selector(), pod)
                || services.stream().anyMatch(s -> s.selects(pod.metadata().labels())));
  }

  static List<HorizontalPodAutoscaler> hpas(Observed observed, ScaleTarget target) {
    return observed.hpas().stream().filter(hpa -> hpa.scales(target)).toList();
  }

  /** Returns whether a change of replicas was made by neither Ebb nor an HPA. */
  static boolean otherHand(Observed observed, String writer) {
    ScaleTarget target = observed.resource().target();
    // Nobody is recorded for what an HPA writes after a zero of its own.
    boolean hpa = target != null && !hpas(observed, target).isEmpty();
    return !writer.equals(OURS)
        && !writer.equals(GATEWAYS)
        && !writer.equals(CONTROLLER_MANAGER)
        && !(hpa && writer.equals(ScaleSubresourceScaler.UNTRACKED));
  }
}
