package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.plan.ConditionTypes;
import dev.ebb.autoscaler.plan.Plan;
import dev.ebb.autoscaler.plan.Problem;
import dev.ebb.autoscaler.plan.SleepWish;
import dev.ebb.autoscaler.plan.Step;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.scaler.ScaleEvent;
import java.util.List;

/**
 * The Events of a ScaledResource: one for each thing that happened, none for what stays as it was.
 * The scale events carry the names that v3io/scaler's users know. Thread-safe; never blocks.
 */
public final class Reports {

  private final EventRecorder events;

  /** Creates the reporter. */
  public Reports(EventRecorder events) {
    this.events = events;
  }

  /** Reports what is new in a plan: problems that the last status did not tell, and transitions. */
  void report(ScaledResource before, Plan plan) {
    Subject subject = subject(before);
    for (Problem problem : plan.problems()) {
      if (!told(before, problem)) {
        events.warning(subject, problem.reason(), problem.message());
      }
    }
    State was = before.status().state();
    State is = plan.status().state();
    if (is == State.Asleep && was != State.Asleep) {
      events.normal(
          subject,
          ScaleEvent.SCALE_TO_ZERO_COMPLETED.text(),
          "Asleep: no pod is ready any more; the first request wakes it");
    }
    if (before.status().holds(ConditionTypes.FROZEN)
        && !plan.status().holds(ConditionTypes.FROZEN)) {
      events.normal(subject, "Unfrozen", "Ebb goes on: nothing is frozen any more");
    }
    if (is == State.Off && was != State.Off) {
      events.warning(
          subject,
          "StoppedByOther",
          "Somebody else set 0 replicas, so no request wakes it; scale it up, or set"
              + " spec.adoptZero");
    }
  }

  private static boolean told(ScaledResource resource, Problem problem) {
    List<Condition> conditions = resource.status().conditions();
    return conditions != null
        && conditions.stream().anyMatch(c -> c.message().contains(beginning(problem)));
  }

  /** Conditions cut what is very long. */
  private static String beginning(Problem problem) {
    String message = problem.message();
    return message.substring(0, Math.min(message.length(), 300));
  }

  void sleeps(ScaledResource resource, int replicas) {
    String window = resource.spec().idleAfter();
    String wish = resource.metadata().annotations().get(SleepWish.ANNOTATION);
    events.normal(
        subject(resource),
        ScaleEvent.SCALE_TO_ZERO_STARTED.text(),
        "%s: replicas %d -> 0"
            .formatted(
                wish == null
                    ? "No traffic for " + (window == null ? "10m" : window)
                    : "Asked to sleep at " + wish,
                replicas));
  }

  void resumed(ScaledResource resource, Step.Resume resume) {
    events.normal(
        subject(resource), "PauseEnded", "The pause is over: spec.mode is " + resume.mode());
  }

  void handedOver(ScaledResource resource, String service) {
    events.normal(
        subject(resource),
        ConditionTypes.HANDED_OVER,
        "Traffic of Service " + service + " runs through the gateway from now on");
  }

  void ledPast(ScaledResource resource, String service) {
    events.normal(
        subject(resource),
        "PastGateway",
        "Traffic of Service " + service + " goes directly to the pods from now on");
  }

  void wokeUp(ScaledResource resource, Step.Wake wake) {
    events.warning(
        subject(resource),
        "WokenUp",
        "It must not sleep (%s): replicas 0 -> %d".formatted(wake.why(), wake.replicas()));
  }

  void releasedUnready(ScaledResource resource) {
    events.warning(
        subject(resource),
        "ReleasedUnready",
        "Ebb let go of the workload although none of its pods is ready; look at its pods");
  }

  private static Subject subject(ScaledResource resource) {
    return Subject.of(ScaledResource.TYPE, resource);
  }
}
