package dev.ebb.timescaler.plan;

import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Schedule.Transition;
import dev.ebb.timeplan.Values;
import dev.ebb.timeplan.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for one ServiceScaler, and why.
 *
 * @param step what is to be done with the HPA
 * @param held why nothing is done although the step says so; empty when it is done
 * @param window the range that rules; empty for none
 * @param scheduled what the schedule says now; null when there is no schedule
 * @param inForce the same with its ramps; null when there is no schedule
 * @param next what the schedule says next
 * @param findings what is wrong with the spec
 * @param resume whether a pause is over
 * @param lookAgain when the decision may change by itself; null for never
 */
public record Plan(
    HpaStep step,
    Optional<HpaStep.HandsOff> held,
    Optional<Window> window,
    @Nullable Values scheduled,
    @Nullable Values inForce,
    Optional<Transition> next,
    List<Finding> findings,
    boolean resume,
    @Nullable Instant lookAgain) {

  /** Copies the findings. */
  public Plan {
    findings = List.copyOf(findings);
  }

  /** Returns the step that is really taken. */
  public HpaStep taken() {
    return held.isPresent() ? held.get() : step;
  }
}
