package dev.ebb.autoscaler.admin;

import dev.ebb.autoscaler.plan.ConditionTypes;
import dev.ebb.runtime.model.ScaledResource;
import org.jspecify.annotations.Nullable;

/**
 * One line about a ScaledResource.
 *
 * @param target the workload, as in {@code Deployment/shop}
 * @param mode what Ebb may do
 * @param state what the workload does
 * @param replicas the count that is asked for
 * @param ready whether all is well
 * @param frozen whether Ebb keeps its hands off
 * @param next what comes next if nothing happens
 * @param message what it does and why
 */
public record Summary(
    String namespace,
    String name,
    @Nullable String target,
    ScaledResource.Mode mode,
    ScaledResource.@Nullable State state,
    @Nullable Integer replicas,
    boolean ready,
    boolean frozen,
    ScaledResource.@Nullable Transition next,
    @Nullable String message) {

  static Summary of(ScaledResource resource) {
    var target = resource.target();
    return new Summary(
        resource.metadata().namespace(),
        resource.metadata().name(),
        target == null ? null : target.kind() + "/" + target.key().name(),
        resource.mode(),
        resource.status().state(),
        resource.status().replicas(),
        resource.status().holds(ConditionTypes.READY),
        resource.status().holds(ConditionTypes.FROZEN),
        resource.status().nextTransition(),
        resource.status().message());
  }
}
