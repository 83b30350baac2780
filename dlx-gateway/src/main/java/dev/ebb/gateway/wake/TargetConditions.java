package dev.ebb.gateway.wake;

import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ScaleTarget;
import java.util.List;
import java.util.Map;

/**
 * Reads the conditions of workloads of built-in kinds, where the API server says why it creates no
 * pods. Other kinds and unreadable workloads have none. Thread-safe; blocks.
 */
public final class TargetConditions {

  private static final Map<String, ResourceType<Workload>> KINDS =
      Map.of(
          "Deployment", Workload.DEPLOYMENT,
          "ReplicaSet", Workload.REPLICA_SET,
          "StatefulSet", Workload.STATEFUL_SET);

  private final KubeClient client;

  /** Creates a reader. */
  public TargetConditions(KubeClient client) {
    this.client = client;
  }

  /** Reads a workload's conditions live. */
  public List<Condition> of(ScaleTarget target) {
    ResourceType<Workload> type = target.group().equals("apps") ? KINDS.get(target.kind()) : null;
    if (type == null) {
      return List.of();
    }
    try {
      return client.get(type, target.key()).status().conditions();
    } catch (KubeException e) {
      return List.of();
    }
  }
}
