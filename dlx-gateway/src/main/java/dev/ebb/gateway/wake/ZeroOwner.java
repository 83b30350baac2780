package dev.ebb.gateway.wake;

import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.scale.ScaleSubresourceScaler;
import dev.ebb.scaler.Scale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells asleep from off: who wrote the zero. Stateless. */
final class ZeroOwner {

  /** The field managers whose zero is sleep: Ebb's own. */
  private static final Set<String> EBB = Set.of("ebb-autoscaler", "ebb-dlx-gateway");

  /** Who is recorded for an HPA's zero: nobody, as it writes through scale. */
  private static final Set<String> HPA_WRITERS =
      Set.of("kube-controller-manager", ScaleSubresourceScaler.UNTRACKED);

  private ZeroOwner() {}

  /**
   * Returns whether a workload at zero is asleep, and so may be woken.
   *
   * @param adoptZero whether anybody's zero counts
   * @param saidAsleep whether the autoscaler's status says so; decides where the writer is unknown
   */
  static boolean asleep(
      Scale scale, @Nullable HorizontalPodAutoscaler hpa, boolean adoptZero, boolean saidAsleep) {
    String writer = scale.writer();
    if (adoptZero) {
      return true;
    }
    if (writer == null) {
      return saidAsleep;
    }
    return EBB.contains(writer) || (HPA_WRITERS.contains(writer) && hpa != null && hpa.min() == 0);
  }
}
