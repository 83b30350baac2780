package dev.ebb.timescaler.plan;

import dev.ebb.timeplan.Conflict;
import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Schedule.Transition;
import dev.ebb.timeplan.Values;
import dev.ebb.timeplan.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for one ScalingSchedule, and why.
 *
 * @param step what is to be done with the target
 * @param held why nothing is done although the step says so; empty when it is done
 * @param window the window that rules; empty for none
 * @param scheduled what the schedule says now; null when there is nothing to hold on to
 * @param inForce the same with its ramps; null when there is nothing to hold on to
 * @param next what the schedule says next
 * @param findings what is wrong with the spec
 * @param conflict which windows of the same rank want different things, and when
 * @param resume whether a pause is over
 * @param lookAgain when the decision may change by itself; null for never
 */
public record SchedulePlan(
    TargetStep step,
    Optional<HpaStep.HandsOff> held,
    Optional<Window> window,
    @Nullable Values scheduled,
    @Nullable Values inForce,
    Optional<Transition> next,
    List<Finding> findings,
    Optional<Conflict> conflict,
    boolean resume,
    @Nullable Instant lookAgain) {

  /** Copies the findings. */
  public SchedulePlan {
    findings = List.copyOf(findings);
  }

  /** Returns the step that is really taken. */
  public TargetStep taken() {
    return held.isPresent() ? held.get() : step;
  }
}
