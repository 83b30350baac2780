package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.model.Condition;
import dev.ebb.timeplan.Finding;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.ServiceScaler.Status;
import dev.ebb.timescaler.plan.HpaStep;
import dev.ebb.timescaler.plan.Plan;
import dev.ebb.timescaler.plan.Statuses;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Events of a ServiceScaler: one for each thing that happened, none for what stays as it was.
 * Thread-safe; never blocks.
 */
public final class Reports {

  private final EventRecorder events;

  /** Creates the reporter. */
  public Reports(EventRecorder events) {
    this.events = events;
  }

  /** Reports what a new status says that the one before did not. */
  void report(ServiceScaler scaler, Plan plan, Status status) {
    Status before = scaler.status();
    for (Finding finding : plan.findings()) {
      if (!told(before.conditions(), finding)) {
        events.warning(subject(scaler), "Invalid", finding.text());
      }
    }
    if (before.activeWindow() != null
        && status.activeWindow() != null
        && !before.activeWindow().equals(status.activeWindow())) {
      events.normal(
          subject(scaler),
          "RangeChanged",
          "%s -> %s".formatted(before.activeWindow(), status.activeWindow()));
    }
    obstacle(events, subject(scaler), before.conditions(), status.conditions());
  }

  /** Reports why nothing is done, when that is new. */
  static void obstacle(
      EventRecorder events, Subject subject, List<Condition> before, List<Condition> after) {
    Condition applied = find(after, Statuses.APPLIED);
    if (applied == null || applied.isTrue() || applied.reason().equals("Invalid")) {
      return;
    }
    Condition known = find(before, Statuses.APPLIED);
    if (known == null || !known.reason().equals(applied.reason())) {
      if (new HpaStep.HandsOff(applied.reason(), applied.message()).wanted()) {
        events.normal(subject, applied.reason(), applied.message());
      } else {
        events.warning(subject, applied.reason(), applied.message());
      }
    }
  }

  private static @Nullable Condition find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> c.type().equals(type)).findFirst().orElse(null);
  }

  /** Returns whether a finding stands in the conditions already. */
  static boolean told(List<Condition> before, Finding finding) {
    String text = finding.text();
    // Conditions cut what is very long.
    String beginning = text.substring(0, Math.min(text.length(), 300));
    Condition valid = find(before, Statuses.VALID);
    return valid != null && valid.message().contains(beginning);
  }

  void created(ServiceScaler scaler, String what) {
    events.normal(subject(scaler), "HpaCreated", "Made the HPA: " + what);
  }

  void changed(ServiceScaler scaler, String what) {
    events.normal(subject(scaler), "HpaChanged", what);
  }

  void adopted(ServiceScaler scaler) {
    events.normal(
        subject(scaler),
        "HpaAdopted",
        "Steers an HPA that was there before; it gets back what it said when this is deleted");
  }

  void resumed(ServiceScaler scaler) {
    events.normal(subject(scaler), "PauseEnded", "The pause is over");
  }

  void restored(Hpa hpa, boolean readable) {
    Subject subject = Subject.of(Hpa.TYPE, hpa);
    if (readable) {
      events.normal(
          subject, "HpaRestored", "Its ServiceScaler is gone: it says again what it said before");
    } else {
      events.warning(
          subject,
          "HpaNotRestored",
          "Its ServiceScaler is gone, and annotation "
              + Hpa.SAVED
              + " could not be read: it stays"
              + " as it is");
    }
  }

  private static Subject subject(ServiceScaler scaler) {
    return Subject.of(ServiceScaler.TYPE, scaler);
  }
}
