package dev.ebb.timescaler.admin;

import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.plan.SchedulePlanner;
import dev.ebb.timescaler.plan.Statuses;
import dev.ebb.timescaler.plan.Steering;
import org.jspecify.annotations.Nullable;

/**
 * One line about a ServiceScaler or a ScalingSchedule.
 *
 * @param mode what Ebb may do
 * @param ready whether all is well
 * @param active the range that holds; {@code default} for none
 * @param config what the target has
 * @param next what comes next
 * @param message why it is ready, or not
 */
public record Summary(
    String namespace,
    String name,
    Mode mode,
    boolean ready,
    @Nullable String active,
    ServiceScaler.@Nullable HpaValues config,
    ServiceScaler.@Nullable Next next,
    @Nullable String message) {

  static Summary of(ScalingSchedule schedule) {
    ScalingSchedule.Status status = schedule.status();
    Condition ready = status.condition(Statuses.READY).orElse(null);
    ScheduleSpec.Setting has = status.effective();
    ScalingSchedule.Next next = status.nextTransition();
    return new Summary(
        schedule.metadata().namespace(),
        schedule.metadata().name(),
        SchedulePlanner.mode(schedule),
        ready != null && ready.isTrue(),
        status.activeWindow(),
        has == null
            ? null
            : new ServiceScaler.HpaValues(
                has.minReplicas(),
                has.maxReplicas(),
                has.targetCPUUtilization(),
                has.targetMemoryUtilization()),
        next == null ? null : new ServiceScaler.Next(next.at(), next.to()),
        ready == null ? null : ready.message());
  }

  static Summary of(ServiceScaler scaler) {
    Condition ready = scaler.status().condition(Statuses.READY).orElse(null);
    return new Summary(
        scaler.metadata().namespace(),
        scaler.metadata().name(),
        Steering.of(scaler.metadata()).mode(),
        ready != null && ready.isTrue(),
        scaler.status().activeWindow(),
        scaler.status().lastKnownConfig(),
        scaler.status().nextTransition(),
        ready == null ? null : ready.message());
  }
}
