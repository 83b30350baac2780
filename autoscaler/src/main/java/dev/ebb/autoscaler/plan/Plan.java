package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.ScaledResource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What should be.
 *
 * @param status the status to report
 * @param problems what the user should know
 * @param steps what to do
 * @param gates what holds sleep back, and what does not
 * @param lookAgain when to decide anew even if nothing happens; null for never
 */
public record Plan(
    ScaledResource.Status status,
    List<Problem> problems,
    List<Step> steps,
    List<Gate> gates,
    @Nullable Duration lookAgain) {

  /** Copies the lists. */
  public Plan {
    problems = List.copyOf(problems);
    steps = List.copyOf(steps);
    gates = List.copyOf(gates);
  }

  /** Returns whether this plan lays the workload to sleep. */
  public boolean sleeps() {
    return steps.stream().anyMatch(Step.Sleep.class::isInstance);
  }

  /** Returns the names of the gates that are shut. */
  public List<String> shut() {
    return gates.stream().filter(gate -> !gate.open()).map(Gate::name).toList();
  }
}
