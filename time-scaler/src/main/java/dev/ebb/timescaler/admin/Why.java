package dev.ebb.timescaler.admin;

import dev.ebb.timeplan.Conflict;
import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Schedule.Transition;
import dev.ebb.timeplan.Values;
import dev.ebb.timeplan.Window;
import dev.ebb.timescaler.plan.HpaPlan;
import dev.ebb.timescaler.plan.HpaStep;
import dev.ebb.timescaler.plan.KedaStep;
import dev.ebb.timescaler.plan.Observed;
import dev.ebb.timescaler.plan.Plan;
import dev.ebb.timescaler.plan.ResourceStep;
import dev.ebb.timescaler.plan.SchedulePlan;
import dev.ebb.timescaler.plan.TargetStep;
import dev.ebb.timescaler.plan.WorkloadStep;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The decision as it would be made now.
 *
 * @param at when it was made
 * @param decision what would be done with the HPA
 * @param held why it is not done; null when it is
 * @param range the range that rules; null for the default
 * @param scheduled what the schedule says now
 * @param inForce the same with its ramps
 * @param next what the schedule says next; null when it stays so
 * @param findings what is wrong with the spec
 * @param lookAgainAt when the decision may change by itself; null for never
 */
public record Why(
    Instant at,
    String decision,
    @Nullable String held,
    @Nullable String range,
    @Nullable Values scheduled,
    @Nullable Values inForce,
    @Nullable Next next,
    List<String> findings,
    @Nullable Instant lookAgainAt) {

  /**
   * A transition.
   *
   * @param at when
   * @param range the range that rules from then on; null for the default
   * @param values what the schedule says from then on
   */
  public record Next(Instant at, @Nullable String range, Values values) {
    private static Next of(Transition transition) {
      return new Next(
          transition.at(), transition.window().map(Window::name).orElse(null), transition.values());
    }
  }

  static Why of(Instant now, SchedulePlan plan) {
    return new Why(
        now,
        decision(plan.step()),
        plan.held().map(HpaStep.HandsOff::message).orElse(null),
        plan.window().map(Window::name).orElse(null),
        plan.scheduled(),
        plan.inForce(),
        plan.next().map(Next::of).orElse(null),
        Stream.concat(
                plan.findings().stream().map(Finding::text),
                plan.conflict().map(Conflict::text).stream())
            .toList(),
        plan.lookAgain());
  }

  static Why of(Observed observed, Plan plan) {
    return new Why(
        observed.now(),
        decision(plan.step()),
        plan.held().map(HpaStep.HandsOff::message).orElse(null),
        plan.window().map(Window::name).orElse(null),
        plan.scheduled(),
        plan.inForce(),
        plan.next().map(Next::of).orElse(null),
        plan.findings().stream().map(Finding::text).toList(),
        plan.lookAgain());
  }

  private static String decision(TargetStep step) {
    return switch (step) {
      case HpaStep.Nothing nothing -> "nothing: the HPA says what is in force";
      case ResourceStep change -> "change the ScaledResource: " + change.what();
      case KedaStep change -> "change the ScaledObject: " + change.what();
      case WorkloadStep change -> "the count: " + change.what();
      case HpaStep.HandsOff off -> "nothing: " + off.message();
      case HpaStep.LetGo letGo -> "let go of the HPA: it is switched off";
      case HpaStep.Create create -> "make the HPA: " + HpaPlan.text(create);
      case HpaStep.Change change -> "change the HPA: " + change.what();
    };
  }
}
