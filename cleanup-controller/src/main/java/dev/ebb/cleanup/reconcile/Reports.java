package dev.ebb.cleanup.reconcile;

import dev.ebb.cleanup.api.ScaleDownCleanup.Status;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.Finding;
import dev.ebb.cleanup.plan.Step;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.scaler.ResourceKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Events of a StatefulSet: one for each thing that happened, with the predecessor's reasons
 * where it had one. What stays as it was is told once by each process. Thread-safe; never blocks.
 */
public final class Reports {

  private final EventRecorder events;
  private final Map<ResourceKey, List<Finding>> told = new ConcurrentHashMap<>();

  /** Creates the reporter. */
  public Reports(EventRecorder events) {
    this.events = events;
  }

  void forget(ResourceKey key) {
    told.remove(key);
  }

  /** Reports what is found now and was not before. */
  void findings(StatefulSet set, List<Finding> findings) {
    List<Finding> before = Objects.requireNonNullElse(told.put(set.key(), findings), List.of());
    for (Finding finding : findings) {
      if (!before.contains(finding)) {
        if (finding.warning()) {
          events.warning(subject(set), finding.reason(), finding.message());
        } else {
          events.normal(subject(set), finding.reason(), finding.message());
        }
      }
    }
  }

  /** Reports a step that was taken. */
  void taken(StatefulSet set, Step step) {
    String name = set.metadata().name();
    switch (step) {
      case Step.CreatePod create ->
          normal(
              set,
              "SuccessfulCreate",
              "Cleanup Pod %s created in StatefulSet %s"
                  .formatted(set.podName(create.ordinal()), name));
      case Step.RecordSuccess success ->
          normal(
              set,
              "CleanupSuccess",
              "Cleanup Pod %s completed in StatefulSet %s"
                  .formatted(success.pod().metadata().name(), name));
      case Step.DeleteClaim delete ->
          normal(
              set,
              "SuccessfulDelete",
              "Claim %s deleted in StatefulSet %s"
                  .formatted(delete.claim().metadata().name(), name));
      case Step.DeletePod delete ->
          normal(
              set,
              "SuccessfulDelete",
              "%s %s deleted in StatefulSet %s"
                  .formatted(
                      delete.lock() ? "Cleanup Pod" : "Pod", delete.pod().metadata().name(), name));
      case Step.Note note -> noted(set, note);
      case Step.AddFinalizer add -> {}
      case Step.RemoveFinalizer remove -> {}
      case Step.SetBaseline baseline -> {}
      case Step.Touch touch -> {}
      case Step.ClearRequest clear -> {}
      case Step.DropRecord drop -> {}
      case Step.Report report -> {}
    }
  }

  private void noted(StatefulSet set, Step.Note note) {
    Status before = note.record() == null ? Status.NONE : note.record().status();
    Status after = note.status();
    boolean same =
        before.state() == after.state()
            && Objects.equals(before.reason(), after.reason())
            && before.attempts() == after.attempts();
    if (same || after.state() == null) {
      return;
    }
    String text = set.podName(note.ordinal()) + ": " + after.message();
    String reason = Objects.requireNonNullElse(after.reason(), "");
    switch (after.state()) {
      case Retrying -> warning(set, "CleanupFailed", text);
      case Held -> {
        if (reason.equals("CleanupFailed")) {
          warning(set, "CleanupFailed", text);
        }
        warning(set, "CleanupBlocked", text);
      }
      case Blocked -> warning(set, reason.equals("Refused") ? "InvalidTemplate" : reason, text);
      case Running -> {
        if (reason.equals("ScaleUpWaiting")) {
          normal(set, reason, text);
        }
      }
      case Skipped, Kept, Returning -> normal(set, reason, text);
      case Waiting, Finishing, Done, Cancelled -> {}
    }
  }

  /** Reports that a lock of a set that is gone was taken away. */
  void leftover(SetPod pod) {
    events.normal(Subject.of(SetPod.TYPE, pod), "SuccessfulDelete", "Its StatefulSet is gone");
  }

  private void normal(StatefulSet set, String reason, String message) {
    events.normal(subject(set), reason, message);
  }

  private void warning(StatefulSet set, String reason, String message) {
    events.warning(subject(set), reason, message);
  }

  private static Subject subject(StatefulSet set) {
    return Subject.of(StatefulSet.TYPE, set);
  }
}
