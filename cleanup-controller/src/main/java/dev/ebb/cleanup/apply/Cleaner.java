package dev.ebb.cleanup.apply;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.CleanupPod;
import dev.ebb.cleanup.plan.Observed;
import dev.ebb.cleanup.plan.Policy;
import dev.ebb.cleanup.plan.Safety;
import dev.ebb.cleanup.plan.Step;
import dev.ebb.cleanup.plan.Template;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.ObjectWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes the steps of a plan. Whatever cannot be undone is asked of {@link Safety} with what was
 * read in this moment, and goes only to the very object that was read. Blocks. Thread-safe.
 */
public final class Cleaner {

  /** A step was not taken, for what was decided on is no longer so. Nothing is wrong. */
  public static final class NotNowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotNowException(String message) {
      super(message, null, false, false);
    }
  }

  private final ObjectWriter writes;
  private final CleanupWriter records;
  private final LiveView live;
  private final Freezes freezes;

  /** Creates a cleaner. */
  public Cleaner(ObjectWriter writes, CleanupWriter records, LiveView live, Freezes freezes) {
    this.writes = writes;
    this.records = records;
    this.live = live;
    this.freezes = freezes;
  }

  /**
   * Takes a step.
   *
   * @throws NotNowException when what it was decided on is no longer so
   */
  public void take(Observed observed, Step step, Instant now) {
    StatefulSet set = observed.set();
    if (set == null) {
      leftover(observed, step);
      return;
    }
    switch (step) {
      case Step.AddFinalizer add -> writes.addFinalizer(StatefulSet.TYPE, set, Names.FINALIZER);
      case Step.RemoveFinalizer remove -> letGo(set, remove);
      case Step.SetBaseline baseline ->
          annotate(set, Names.BASELINE, String.join(",", baseline.uids()));
      case Step.Note note -> records.note(set, note);
      case Step.CreatePod create -> create(set, create);
      case Step.RecordSuccess success -> record(success);
      case Step.DeleteClaim delete -> delete(set, delete);
      case Step.DeletePod delete -> writes.delete(SetPod.TYPE, delete.pod().metadata());
      case Step.Touch touch -> annotate(set, Names.RETURNED, touch.ordinal() + "@" + now);
      case Step.ClearRequest clear ->
          // Its status was written a moment ago.
          live.record(clear.record().key()).ifPresent(records::clearRequest);
      case Step.DropRecord drop -> records.drop(drop.record());
      case Step.Report report -> records.report(report);
    }
  }

  private void leftover(Observed observed, Step step) {
    if (step instanceof Step.Report report) {
      records.report(report);
      return;
    }
    if (!live.gone(observed.key())) {
      throw new NotNowException("the set is there after all");
    }
    switch (step) {
      case Step.DeletePod delete -> writes.delete(SetPod.TYPE, delete.pod().metadata());
      case Step.DropRecord drop -> records.drop(drop.record());
      default -> throw new IllegalStateException("without a set: " + step);
    }
  }

  private void create(StatefulSet set, Step.CreatePod step) {
    Safety.Live view = live.set(set);
    List<Claim> claims = live.claims(set, step.ordinal());
    SetPod pod = live.pod(set, step.ordinal()).orElse(null);
    refuse(Safety.start(view, pod, claims, step));
    refuse(Safety.turn(view, live.locks(set)));
    StatefulSet now = view.now() == null ? set : view.now();
    Policy policy = view.policy();
    String text = policy.template() == null ? "" : policy.template();
    ObjectNode body = CleanupPod.of(now, policy, Template.read(text, now), step.ordinal(), claims);
    writes.create(SetPod.TYPE, set.metadata().namespace(), body);
  }

  private void record(Step.RecordSuccess step) {
    ObjectNode patch = writes.node();
    patch
        .putObject("metadata")
        .putObject("annotations")
        .put(Names.SUCCEEDED, step.success().text());
    writes.patch(SetPod.TYPE, step.pod().metadata(), null, patch);
  }

  private void delete(StatefulSet set, Step.DeleteClaim step) {
    String namespace = set.metadata().namespace();
    freezes
        .live(namespace)
        .ifPresent(freeze -> {
          throw new NotNowException(freeze.message());
        });
    String name = step.claim().metadata().name();
    Claim claim = live.claim(set, name).orElse(null);
    if (claim == null || !claim.live()) {
      return;
    }
    SetPod pod = live.pod(set, step.ordinal()).orElse(null);
    // Last of all, for its answer grows old the soonest.
    Safety.Live view = live.set(set);
    refuse(Safety.delete(view, step.ordinal(), pod, claim, step.claim()));
    writes.delete(Claim.TYPE, claim.metadata());
  }

  private void letGo(StatefulSet set, Step.RemoveFinalizer step) {
    if (step.done()) {
      String namespace = set.metadata().namespace();
      refuse(Safety.letGo(set, live.claims(namespace), live.pods(namespace), step.stays()));
    }
    writes.removeFinalizer(StatefulSet.TYPE, set, Names.FINALIZER);
  }

  private void annotate(StatefulSet set, String key, String value) {
    ObjectNode patch = writes.node();
    patch.putObject("metadata").putObject("annotations").put(key, value);
    writes.patch(StatefulSet.TYPE, set.metadata(), null, patch);
  }

  private static void refuse(Optional<String> why) {
    why.ifPresent(reason -> {
      throw new NotNowException(reason);
    });
  }
}
