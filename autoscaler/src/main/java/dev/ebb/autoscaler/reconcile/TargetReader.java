package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.plan.TargetView;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.LabelQuery;
import dev.ebb.runtime.model.Workload;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads targets: the scale always live, the rest from the cache or live. Blocks. Thread-safe. */
final class TargetReader {

  private static final Map<String, ResourceType<Workload>> BUILT_IN =
      Map.of(
          "Deployment", Workload.DEPLOYMENT,
          "StatefulSet", Workload.STATEFUL_SET,
          "ReplicaSet", Workload.REPLICA_SET);

  private final KubeClient client;
  private final ResourceScalers scalers;
  private final Lookout lookout;

  TargetReader(KubeClient client, ResourceScalers scalers, Lookout lookout) {
    this.client = client;
    this.scalers = scalers;
    this.lookout = lookout;
  }

  /**
   * Reads a target.
   *
   * @param target null reads as missing
   * @param live whether nothing may come from a cache
   * @throws ScalerException when the API cannot be reached: nothing is decided then
   */
  TargetView read(@Nullable ScaleTarget target, boolean live) {
    if (target == null) {
      return new TargetView.Missing("InvalidTargetRef", "spec.targetRef names no workload");
    }
    try {
      Scale scale = scalers.of(target).getScale(target);
      Optional<Workload> workload =
          live ? readWorkload(target) : lookout.workload(target).or(() -> readWorkload(target));
      Map<String, String> labels =
          workload
              .map(Workload::podLabels)
              .orElseGet(() -> LabelQuery.parse(scale.selector()).equalities());
      return new TargetView.Found(scale, labels, workload.orElse(null));
    } catch (ScalerException e) {
      return switch (e.kind()) {
        case NOT_FOUND ->
            new TargetView.Missing(
                "TargetNotFound",
                "spec.targetRef: there is no "
                    + target
                    + " that can be scaled; create it, or correct spec.targetRef ("
                    + e.getMessage()
                    + ")");
        case FORBIDDEN, INVALID ->
            new TargetView.Unreadable(
                "TargetForbidden", "spec.targetRef: cannot read " + e.getMessage());
        case CONFLICT, UNAVAILABLE -> throw e;
      };
    }
  }

  private Optional<Workload> readWorkload(ScaleTarget target) {
    ResourceType<Workload> type =
        target.group().equals("apps") ? BUILT_IN.get(target.kind()) : null;
    return type == null ? Optional.empty() : client.find(type, target.key());
  }
}
