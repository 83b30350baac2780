package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.loop.LoopContext;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.apply.HpaWriter;
import dev.ebb.timescaler.apply.ScheduleWriter;
import dev.ebb.timescaler.plan.HpaStep;
import dev.ebb.timescaler.plan.ResourceStep;
import dev.ebb.timescaler.plan.Saved;
import dev.ebb.timescaler.plan.ScheduleObserved;
import dev.ebb.timescaler.plan.SchedulePlan;
import dev.ebb.timescaler.plan.SchedulePlanner;
import dev.ebb.timescaler.plan.SchedulePlanner.Kind;
import dev.ebb.timescaler.plan.ScheduleStatuses;
import dev.ebb.timescaler.plan.TargetStep;
import dev.ebb.timescaler.reconcile.Steered.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one ScalingSchedule true: gives back what it steers no more, decides on what the caches
 * show, takes the plan's one step, tells what became of it, and looks again at the instant of the
 * next change. A conflict means that somebody was quicker: the next look decides anew.
 */
public final class ScalingScheduleReconciler implements Reconciler<ResourceKey> {

  private static final Logger log = LoggerFactory.getLogger(ScalingScheduleReconciler.class);

  /**
   * What writes.
   *
   * @param hpas changes HPAs, unless they are frozen
   * @param schedules writes schedules and ScaledResources, unless they are frozen
   * @param hpaRestores gives HPAs back, also while they are frozen: whoever ends a schedule wants
   *     it
   * @param restores gives ScaledResources back, also while they are frozen
   */
  public record Writers(
      HpaWriter hpas, ScheduleWriter schedules, HpaWriter hpaRestores, ScheduleWriter restores) {}

  private final Lookout lookout;
  private final Steered steered;
  private final KubeClient client;
  private final Freezes freezes;
  private final Writers writers;
  private final ScheduleReports reports;
  private final Observations observations;
  private final InstantSource clock;

  /** Creates the reconciler. */
  public ScalingScheduleReconciler(
      Lookout lookout,
      Steered steered,
      KubeClient client,
      Freezes freezes,
      Writers writers,
      ScheduleReports reports,
      Observations observations,
      InstantSource clock) {
    this.lookout = lookout;
    this.steered = steered;
    this.client = client;
    this.freezes = freezes;
    this.writers = writers;
    this.reports = reports;
    this.observations = observations;
    this.clock = clock;
  }

  @Override
  public Result reconcile(ResourceKey key) {
    ScalingSchedule schedule = lookout.schedules().get(key).orElse(null);
    try {
      if (schedule == null || schedule.metadata().deleting()) {
        observations.forget(key);
        // A cache that is behind must not end what is there.
        if (schedule != null || client.find(ScalingSchedule.TYPE, key).isEmpty()) {
          steered.targets(key).forEach(this::release);
        }
        return Result.DONE;
      }
      LoopContext.generation(schedule.metadata().generation());
      Optional<Target> named = Steered.named(schedule);
      steered.targets(key).stream()
          .filter(target -> !named.equals(Optional.of(target)))
          .forEach(this::release);
      return carryOut(schedule, named);
    } catch (KubeException e) {
      if (e.conflict() || e.notFound()) {
        log.debug("{}: somebody was quicker: {}", key, e.getMessage());
        return Result.after(Waiting.SOON);
      }
      throw e;
    }
  }

  /** Returns what a decision on a schedule stands on now. */
  public ScheduleObserved observe(ScalingSchedule schedule) {
    return observe(schedule, Steered.named(schedule), clock.instant());
  }

  private ScheduleObserved observe(ScalingSchedule schedule, Optional<Target> named, Instant now) {
    return new ScheduleObserved(
        schedule,
        named
            .filter(target -> target.kind() == Kind.HPA)
            .flatMap(target -> lookout.hpas().get(target.key()))
            .orElse(null),
        named
            .filter(target -> target.kind() == Kind.RESOURCE)
            .flatMap(target -> lookout.resources().get(target.key()))
            .orElse(null),
        freezes.of(schedule.metadata().namespace()),
        now);
  }

  private Result carryOut(ScalingSchedule schedule, Optional<Target> named) {
    ScheduleObserved observed = observe(schedule, named, clock.instant());
    SchedulePlan plan = SchedulePlanner.plan(observed);
    if (plan.resume()) {
      writers.schedules().resume(schedule);
      reports.resumed(schedule);
      return Result.after(Waiting.SOON);
    }
    KubeException refusal = null;
    ScheduleStatuses.Outcome outcome;
    try {
      outcome = take(schedule, observed, plan.taken());
    } catch (KubeException e) {
      if (e.conflict() || e.notFound()) {
        throw e;
      }
      if (e.transientFailure()) {
        observations.decided(schedule.key(), plan, false);
        throw e;
      }
      refusal = e;
      outcome =
          new ScheduleStatuses.Outcome(observed.hpa(), observed.resource(), e.getMessage(), null);
    }
    observations.decided(schedule.key(), plan, refusal == null);
    ScalingSchedule.Status status = ScheduleStatuses.of(observed, plan, outcome);
    reports.report(schedule, plan, status);
    writers.schedules().status(schedule, status);
    if (refusal != null) {
      // Tried again with a growing delay.
      throw refusal;
    }
    return Result.after(Waiting.until(plan.lookAgain(), clock.instant()));
  }

  private ScheduleStatuses.Outcome take(
      ScalingSchedule schedule, ScheduleObserved observed, TargetStep step) {
    return switch (step) {
      case HpaStep.Change change -> {
        Hpa changed = writers.hpas().change(change);
        reports.changed(schedule, change.save() != null, change.what());
        yield new ScheduleStatuses.Outcome(changed, null, null, change.what());
      }
      case ResourceStep change -> {
        ScaledResource changed = writers.schedules().change(change);
        reports.changed(schedule, change.save() != null, change.what());
        yield new ScheduleStatuses.Outcome(null, changed, null, change.what());
      }
      default -> new ScheduleStatuses.Outcome(observed.hpa(), observed.resource(), null, null);
    };
  }

  private void release(Target target) {
    switch (target.kind()) {
      case HPA ->
          lookout
              .hpas()
              .get(target.key())
              .filter(hpa -> !hpa.metadata().deleting() && !hpa.switchedOff())
              .ifPresent(hpa -> {
                Saved saved = Saved.in(hpa).orElse(null);
                writers.hpaRestores().restore(hpa, saved);
                reports.restored(Hpa.TYPE, hpa);
              });
      case RESOURCE ->
          lookout
              .resources()
              .get(target.key())
              .filter(resource -> !resource.metadata().deleting())
              .ifPresent(resource -> {
                writers.restores().restore(resource, Saved.in(resource).orElse(null));
                reports.restored(ScaledResource.TYPE, resource);
              });
    }
  }
}
