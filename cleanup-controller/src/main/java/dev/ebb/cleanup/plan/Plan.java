package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for one set.
 *
 * @param set what is to be done with the set itself, before everything else
 * @param ordinals what is to be done with ordinals, the highest first
 * @param reports what is written on policies, after everything else
 * @param findings what a user has to know
 * @param lookAgain when the decision may change by itself; null for never
 */
public record Plan(
    List<Step> set,
    List<Ordinal> ordinals,
    List<Step> reports,
    List<Finding> findings,
    @Nullable Instant lookAgain) {

  /** Copies the lists. */
  public Plan {
    set = List.copyOf(set);
    ordinals = List.copyOf(ordinals);
    reports = List.copyOf(reports);
    findings = List.copyOf(findings);
  }

  /**
   * What is to be done with one ordinal, in this order; what fails ends it.
   *
   * @param state how it is doing; null when nothing is left over
   * @param message why
   * @param blocks whether an OrderedReady set's next ordinal must wait for it
   * @param lookAgain when this may change by itself; null for never
   */
  public record Ordinal(
      int ordinal,
      @Nullable State state,
      String message,
      List<Step> steps,
      boolean blocks,
      @Nullable Instant lookAgain) {
    /** Copies the list. */
    public Ordinal {
      steps = List.copyOf(steps);
    }

    /** Creates what does not change by itself. */
    public Ordinal(
        int ordinal, @Nullable State state, String message, List<Step> steps, boolean blocks) {
      this(ordinal, state, message, steps, blocks, null);
    }

    /** Returns the same, to be looked at again. */
    Ordinal until(@Nullable Instant instant) {
      return new Ordinal(ordinal, state, message, steps, blocks, instant);
    }
  }

  /** Returns all steps, reports aside. */
  public List<Step> steps() {
    return java.util.stream.Stream.concat(
            set.stream(), ordinals.stream().flatMap(o -> o.steps().stream()))
        .toList();
  }
}
