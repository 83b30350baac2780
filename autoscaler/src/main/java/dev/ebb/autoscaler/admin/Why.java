package dev.ebb.autoscaler.admin;

import dev.ebb.autoscaler.plan.Gate;
import dev.ebb.autoscaler.plan.Plan;
import dev.ebb.autoscaler.plan.Problem;
import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.ScaledResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decision as it would be made now.
 *
 * @param state what the workload does
 * @param decision what would be done, empty for nothing
 * @param shut the gates that keep it up, empty when it may sleep
 * @param gates everything that must hold before it may sleep, with its value
 * @param problems what is wrong, with the remedy
 * @param next what comes next if nothing happens
 * @param lookAgainIn when it is decided anew if nothing happens; null for not
 */
public record Why(
    ScaledResource.@Nullable State state,
    @Nullable String message,
    List<String> decision,
    List<String> shut,
    List<Gate> gates,
    List<Problem> problems,
    ScaledResource.@Nullable Transition next,
    @Nullable String lookAgainIn) {

  static Why of(Plan plan) {
    return new Why(
        plan.status().state(),
        plan.status().message(),
        plan.steps().stream().map(step -> step.getClass().getSimpleName()).toList(),
        plan.shut(),
        plan.gates(),
        plan.problems(),
        plan.status().nextTransition(),
        plan.lookAgain() == null ? null : Durations.format(plan.lookAgain()));
  }
}
