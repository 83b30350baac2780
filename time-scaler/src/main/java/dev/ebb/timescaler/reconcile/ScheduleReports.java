package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ScalingSchedule.Status;
import dev.ebb.timescaler.plan.Finding;
import dev.ebb.timescaler.plan.SchedulePlan;
import dev.ebb.timescaler.plan.ScheduleStatuses;

/**
 * The Events of a ScalingSchedule: one for each thing that happened, none for what stays as it was.
 * Thread-safe; never blocks.
 */
public final class ScheduleReports {

  private final EventRecorder events;

  /** Creates the reporter. */
  public ScheduleReports(EventRecorder events) {
    this.events = events;
  }

  /** Reports what a new status says that the one before did not. */
  void report(ScalingSchedule schedule, SchedulePlan plan, Status status) {
    Status before = schedule.status();
    for (Finding finding : plan.findings()) {
      if (!Reports.told(before.conditions(), finding)) {
        events.warning(subject(schedule), "Invalid", finding.text());
      }
    }
    if (before.activeWindow() != null
        && status.activeWindow() != null
        && !before.activeWindow().equals(status.activeWindow())) {
      events.normal(
          subject(schedule),
          "WindowChanged",
          "%s -> %s".formatted(before.activeWindow(), status.activeWindow()));
    }
    Reports.obstacle(events, subject(schedule), before.conditions(), status.conditions());
    boolean conflict =
        status.condition(ScheduleStatuses.CONFLICTING).filter(Condition::isTrue).isPresent();
    boolean known =
        before.condition(ScheduleStatuses.CONFLICTING).filter(Condition::isTrue).isPresent();
    if (conflict && !known) {
      plan.conflict()
          .ifPresent(c -> events.warning(subject(schedule), "WindowsConflict", c.text()));
    }
  }

  void changed(ScalingSchedule schedule, boolean adopted, String what) {
    if (adopted) {
      events.normal(
          subject(schedule),
          "TargetAdopted",
          "Steers it from now on; it gets back what it said when this is deleted");
    }
    events.normal(subject(schedule), "TargetChanged", what);
  }

  void resumed(ScalingSchedule schedule) {
    events.normal(subject(schedule), "PauseEnded", "The pause is over");
  }

  <T extends KubeObject> void restored(ResourceType<T> type, T target) {
    events.normal(
        Subject.of(type, target),
        "BoundsRestored",
        "No ScalingSchedule steers it any more: it says again what it said before");
  }

  private static Subject subject(ScalingSchedule schedule) {
    return Subject.of(ScalingSchedule.TYPE, schedule);
  }
}
