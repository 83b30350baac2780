package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import dev.ebb.timeplan.Finding;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ScalingSchedule.Other;
import dev.ebb.timescaler.api.ScalingSchedule.Status;
import dev.ebb.timescaler.plan.HpaStep;
import dev.ebb.timescaler.plan.SchedulePlan;
import dev.ebb.timescaler.plan.ScheduleStatuses;
import dev.ebb.timescaler.reconcile.Steered.Target;
import java.util.Set;
import java.util.stream.Collectors;

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
    if (status.targets() == null) {
      Reports.obstacle(events, subject(schedule), before.conditions(), status.conditions());
    } else {
      others(schedule, before, status.targets());
    }
    boolean conflict =
        status.condition(ScheduleStatuses.CONFLICTING).filter(Condition::isTrue).isPresent();
    boolean known =
        before.condition(ScheduleStatuses.CONFLICTING).filter(Condition::isTrue).isPresent();
    if (conflict && !known) {
      plan.conflict()
          .ifPresent(c -> events.warning(subject(schedule), "WindowsConflict", c.text()));
    }
  }

  /** Of many targets each one that does not follow is told, once for each reason. */
  private void others(ScalingSchedule schedule, Status before, ScalingSchedule.Targets targets) {
    Set<String> known =
        before.targets() == null
            ? Set.of()
            : before.targets().others().stream()
                .map(ScheduleReports::id)
                .collect(Collectors.toSet());
    for (Other other : targets.others()) {
      if (!known.contains(id(other))) {
        String reason = String.valueOf(other.reason());
        String text = other.namespace() + "/" + other.name() + ": " + other.message();
        if (new HpaStep.HandsOff(reason, text).wanted()) {
          events.normal(subject(schedule), reason, text);
        } else {
          events.warning(subject(schedule), reason, text);
        }
      }
    }
  }

  private static String id(Other other) {
    return other.namespace() + "/" + other.name() + " " + other.reason();
  }

  void changed(ScalingSchedule schedule, Target target, boolean adopted, String what) {
    String which = schedule.spec().targetSelector() == null ? "" : target.key() + ": ";
    if (adopted) {
      events.normal(
          subject(schedule),
          "TargetAdopted",
          which + "Steers it from now on; it gets back what it said when this is deleted");
    }
    events.normal(subject(schedule), "TargetChanged", which + what);
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
