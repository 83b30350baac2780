package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.Steerable;
import dev.ebb.timescaler.apply.HpaWriter;
import dev.ebb.timescaler.apply.ScheduleWriter;
import dev.ebb.timescaler.apply.TargetWriter;
import dev.ebb.timescaler.plan.HpaStep;
import dev.ebb.timescaler.plan.KedaStep;
import dev.ebb.timescaler.plan.Remembered;
import dev.ebb.timescaler.plan.ResourceStep;
import dev.ebb.timescaler.plan.Saved;
import dev.ebb.timescaler.plan.SchedulePlanner;
import dev.ebb.timescaler.plan.SchedulePlanner.Kind;
import dev.ebb.timescaler.plan.Seen;
import dev.ebb.timescaler.plan.TargetStep;
import dev.ebb.timescaler.plan.WorkloadStep;
import dev.ebb.timescaler.reconcile.Steered.Target;
import org.jspecify.annotations.Nullable;

/** Takes the steps of schedules, one write each, and gives targets back. Blocks. Thread-safe. */
public final class TargetHands {

  /**
   * What writes.
   *
   * @param hpas changes HPAs
   * @param schedules writes schedules and ScaledResources
   * @param targets changes everything else
   */
  public record Writers(HpaWriter hpas, ScheduleWriter schedules, TargetWriter targets) {}

  private final Lookout lookout;
  private final Writers writers;
  private final Writers restores;
  private final ScheduleReports reports;

  /**
   * Creates the hands.
   *
   * @param writers write unless what they write to is frozen
   * @param restores give targets back, also while they are frozen: whoever ends a schedule wants it
   */
  public TargetHands(Lookout lookout, Writers writers, Writers restores, ScheduleReports reports) {
    this.lookout = lookout;
    this.writers = writers;
    this.restores = restores;
    this.reports = reports;
  }

  /** Returns what writes. */
  Writers writers() {
    return writers;
  }

  /**
   * What a step did.
   *
   * @param target as it is then
   * @param what was done; null when nothing was
   * @param more whether another step may follow
   */
  record Done(@Nullable Seen target, @Nullable String what, boolean more) {}

  /** Takes a step. */
  Done take(ScalingSchedule schedule, Target target, @Nullable Seen seen, TargetStep step) {
    String by = SchedulePlanner.by(schedule.metadata(), target.key().namespace());
    return switch (step) {
      case HpaStep.Change change
          when seen instanceof Seen.OfHpa(var hpa, var count, var problem) -> {
        Hpa changed = writers.hpas().change(change);
        reports.changed(schedule, target, change.save() != null, change.what());
        yield new Done(
            new Seen.OfHpa(changed, count, problem),
            change.what(),
            count != null || problem != null);
      }
      case ResourceStep change -> {
        ScaledResource changed = writers.schedules().change(change, by);
        reports.changed(schedule, target, change.save() != null, change.what());
        yield new Done(new Seen.OfResource(changed), change.what(), false);
      }
      case KedaStep change -> {
        Steerable changed = writers.targets().change(informer(target).type(), change, by);
        reports.changed(schedule, target, change.save() != null, change.what());
        yield new Done(new Seen.OfKeda(changed), change.what(), false);
      }
      case WorkloadStep change -> {
        count(schedule, target, seen, change);
        reports.changed(schedule, target, false, change.what());
        yield new Done(seen, change.what(), true);
      }
      default -> new Done(seen, null, false);
    };
  }

  private void count(
      ScalingSchedule schedule, Target target, @Nullable Seen seen, WorkloadStep step) {
    String why = "ScalingSchedule " + schedule.key();
    switch (seen) {
      case Seen.OfHpa(var hpa, var count, var problem) ->
          writers.targets().take(Hpa.TYPE, hpa, TargetViews.workload(hpa).orElseThrow(), step, why);
      case Seen.OfScale(var object, var scale) -> {
        Informer<Steerable> informer = informer(target);
        writers.targets().take(informer.type(), object, target.scale(informer.type()), step, why);
      }
      case null, default -> throw new IllegalStateException(target + " has no count");
    }
  }

  private Informer<Steerable> informer(Target target) {
    Informer<Steerable> informer = lookout.other(target.id());
    if (informer == null) {
      throw new IllegalStateException(target + " is not looked at");
    }
    return informer;
  }

  /** Gives a target back what it said before. */
  void release(Target target) {
    switch (target.kind()) {
      case HPA ->
          lookout
              .hpas()
              .get(target.key())
              .filter(hpa -> !hpa.metadata().deleting() && !hpa.switchedOff())
              .ifPresent(this::release);
      case RESOURCE ->
          lookout
              .resources()
              .get(target.key())
              .filter(resource -> !resource.metadata().deleting())
              .ifPresent(resource -> {
                restores.schedules().restore(resource);
                reports.restored(ScaledResource.TYPE, resource);
              });
      case KEDA, SCALE -> {
        Informer<Steerable> informer = lookout.other(target.id());
        if (informer != null) {
          informer
              .get(target.key())
              .filter(object -> !object.metadata().deleting())
              .ifPresent(object -> release(target, informer, object));
        }
      }
    }
  }

  private void release(Hpa hpa) {
    ScaleTarget workload = TargetViews.workload(hpa).orElse(null);
    if (workload != null && Remembered.in(hpa.metadata()).isPresent()) {
      restores.targets().giveBack(hpa, workload, true);
    }
    restores.hpas().restore(hpa, Saved.in(hpa).orElse(null));
    reports.restored(Hpa.TYPE, hpa);
  }

  private void release(Target target, Informer<Steerable> informer, Steerable object) {
    if (target.kind() == Kind.KEDA) {
      restores.targets().restore(informer.type(), object);
    } else {
      restores.targets().giveBack(object, target.scale(informer.type()), false);
      restores.targets().forget(informer.type(), object);
    }
    reports.restored(informer.type(), object);
  }
}
