package dev.ebb.timescaler.plan;

import dev.ebb.timescaler.api.Hpa;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is to be done with an HPA. */
public sealed interface HpaStep extends TargetStep {

  /** It is as it should be. */
  record Nothing() implements HpaStep {}

  /**
   * It is left alone, whatever it says.
   *
   * @param reason of the condition
   * @param message for humans
   */
  record HandsOff(String reason, String message) implements HpaStep {

    private static final Set<String> WANTED =
        Set.of(
            "SwitchedOff",
            "Observing",
            "Paused",
            "SuiteFrozen",
            "NamespaceFrozen",
            "NothingSelected");

    /** Returns whether somebody wants it so, and nothing is wrong. */
    public boolean wanted() {
      return WANTED.contains(reason);
    }
  }

  /**
   * Somebody took it over: it is left alone, and no longer goes with its ServiceScaler.
   *
   * @param hpa as it was seen
   */
  record LetGo(Hpa hpa) implements HpaStep {}

  /**
   * There is none, so one is made.
   *
   * @param metrics empty for none: the minimum and the maximum are the same then
   */
  record Create(int min, int max, List<JsonNode> metrics) implements HpaStep {
    /** Copies the list. */
    public Create {
      metrics = List.copyOf(metrics);
    }
  }

  /**
   * It is changed, in one write.
   *
   * @param hpa as it was seen
   * @param metrics null for those that it has
   * @param correctTarget whether its target's API version makes no sense
   * @param save what it said before, when it was others' so far; null when that is known already
   * @param what changes, in words
   */
  record Change(
      Hpa hpa,
      int min,
      int max,
      @Nullable List<JsonNode> metrics,
      boolean correctTarget,
      @Nullable Saved save,
      String what)
      implements HpaStep {
    /** Copies the list. */
    public Change {
      metrics = metrics == null ? null : List.copyOf(metrics);
    }
  }
}
