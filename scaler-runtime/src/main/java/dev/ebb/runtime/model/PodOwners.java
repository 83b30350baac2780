package dev.ebb.runtime.model;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.scaler.ScaleTarget;
import org.jspecify.annotations.Nullable;

/** Tells whose a pod is. Stateless. */
public final class PodOwners {

  private static final String TEMPLATE_HASH = "pod-template-hash";

  private PodOwners() {}

  /**
   * Returns whether a pod belongs to a target: by its controller for the built-in kinds, else by
   * the target's own selector.
   */
  public static boolean owns(ScaleTarget target, @Nullable String selector, Pod pod) {
    if (!pod.metadata().namespace().equals(target.key().namespace())) {
      return false;
    }
    Meta.Owner owner = pod.metadata().controller();
    if (owner != null && !owner.apiVersion().equals("apps/v1")) {
      owner = null;
    }
    if (!target.group().equals("apps")) {
      return LabelQuery.parse(selector).matches(pod.metadata().labels());
    }
    return switch (target.kind()) {
      case "Deployment" -> owner != null && ofDeployment(owner, target.key().name(), pod);
      case "StatefulSet", "ReplicaSet", "DaemonSet" ->
          owner != null
              && owner.kind().equals(target.kind())
              && owner.name().equals(target.key().name());
      default -> LabelQuery.parse(selector).matches(pod.metadata().labels());
    };
  }

  // A Deployment names its ReplicaSets after itself and the template's hash, which pods carry.
  private static boolean ofDeployment(Meta.Owner owner, String deployment, Pod pod) {
    String hash = pod.metadata().labels().get(TEMPLATE_HASH);
    return owner.kind().equals("ReplicaSet")
        && hash != null
        && owner.name().equals(deployment + "-" + hash);
  }
}
