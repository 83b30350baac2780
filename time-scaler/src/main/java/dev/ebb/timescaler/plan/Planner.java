package dev.ebb.timescaler.plan;

import dev.ebb.runtime.freeze.Stance;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Pause;
import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what one ServiceScaler's HPA should say. Stateless. */
public final class Planner {

  private Planner() {}

  /** Decides. */
  public static Plan plan(Observed observed) {
    Translation translation = Translation.of(observed.scaler());
    Steering steering = Steering.of(observed.scaler().metadata());
    List<Finding> findings = new ArrayList<>(translation.findings());
    steering.finding().ifPresent(findings::add);
    Optional<Pause> pause = steering.pause(observed.scaler().metadata());
    boolean resume = pause.filter(p -> p.over(observed.now())).isPresent();
    Instant pauseEnd = pause.map(Pause::until).orElse(null);
    return translation
        .schedule()
        .map(schedule -> scheduled(observed, schedule, steering, findings, resume, pauseEnd))
        .orElseGet(() -> unscheduled(findings, resume, pauseEnd));
  }

  private static Plan scheduled(
      Observed observed,
      Schedule schedule,
      Steering steering,
      List<Finding> findings,
      boolean resume,
      @Nullable Instant pauseEnd) {
    Instant now = observed.now();
    Meta owner = observed.scaler().metadata();
    Values inForce = schedule.inForce(now);
    return new Plan(
        HpaPlan.step(owner, observed.hpa(), inForce, schedule.baseline()),
        held(observed, steering),
        schedule.window(now),
        schedule.scheduled(now),
        inForce,
        schedule.nextTransition(now),
        findings,
        resume,
        earlier(schedule.nextChange(now).orElse(null), pauseEnd));
  }

  private static Plan unscheduled(
      List<Finding> findings, boolean resume, @Nullable Instant pauseEnd) {
    String why = findings.stream().filter(Finding::fatal).findFirst().map(Finding::text).orElse("");
    return new Plan(
        new HpaStep.HandsOff("Invalid", why),
        Optional.empty(),
        Optional.empty(),
        null,
        null,
        Optional.empty(),
        findings,
        resume,
        pauseEnd);
  }

  static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isBefore(b) ? a : b;
  }

  private static Optional<HpaStep.HandsOff> held(Observed observed, Steering steering) {
    return switch (Stance.of(steering.mode(), observed.freeze())) {
      case ACT -> Optional.empty();
      case WAKE ->
          observed
              .freeze()
              .map(freeze -> new HpaStep.HandsOff(freeze.scope().reason(), freeze.message()));
      case REPORT ->
          Optional.of(
              new HpaStep.HandsOff(
                  "Observing",
                  "annotation " + Steering.ANNOTATION + " says Observe: nothing is changed"));
      case REST ->
          Optional.of(
              new HpaStep.HandsOff(
                  "Paused", "annotation " + Steering.ANNOTATION + " says Paused; resume it"));
    };
  }
}
