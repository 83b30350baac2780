package dev.ebb.cleanup.admin;

import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.plan.Finding;
import dev.ebb.cleanup.plan.Plan;
import dev.ebb.cleanup.plan.Step;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decision as it would be made now.
 *
 * @param state how the ordinal would be doing; null when nothing is left over
 * @param message why
 * @param steps what would be done, in this order
 * @param findings what is wrong with the set, or keeps hands off it
 * @param lookAgainAt when the decision may change by itself; null for never
 */
public record Why(
    @Nullable State state,
    String message,
    List<String> steps,
    List<String> findings,
    @Nullable Instant lookAgainAt) {

  static Why of(ScaleDownCleanup record, Plan plan) {
    Plan.Ordinal one =
        plan.ordinals().stream()
            .filter(o -> o.ordinal() == record.spec().ordinal())
            .findFirst()
            .orElse(new Plan.Ordinal(record.spec().ordinal(), null, "", List.of(), false));
    return new Why(
        one.state(),
        one.message(),
        one.steps().stream().map(Why::text).toList(),
        plan.findings().stream().map(Finding::message).toList(),
        plan.lookAgain());
  }

  private static String text(Step step) {
    return switch (step) {
      case Step.AddFinalizer add -> "keep the set until it is cleaned up";
      case Step.RemoveFinalizer remove -> "let the set go";
      case Step.SetBaseline baseline -> "remember what was left over before";
      case Step.Note note -> "write down " + note.status().state();
      case Step.CreatePod create -> "make the cleanup pod";
      case Step.RecordSuccess success -> "write down that the cleanup pod succeeded";
      case Step.DeleteClaim delete -> "delete claim " + delete.claim().metadata().name();
      case Step.DeletePod delete -> "delete pod " + delete.pod().metadata().name();
      case Step.Touch touch -> "wake the set's controller";
      case Step.ClearRequest clear -> "take the request off";
      case Step.DropRecord drop -> "delete the record";
      case Step.Report report -> "write it on ScaleDownPolicy " + report.policy().metadata().name();
    };
  }
}
