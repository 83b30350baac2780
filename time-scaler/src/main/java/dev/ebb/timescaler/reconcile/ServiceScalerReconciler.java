package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.loop.LoopContext;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.ServiceScaler.Status;
import dev.ebb.timescaler.apply.HpaWriter;
import dev.ebb.timescaler.apply.ScalerWriter;
import dev.ebb.timescaler.plan.HpaPlan;
import dev.ebb.timescaler.plan.HpaStep;
import dev.ebb.timescaler.plan.Observed;
import dev.ebb.timescaler.plan.Plan;
import dev.ebb.timescaler.plan.Planner;
import dev.ebb.timescaler.plan.Saved;
import dev.ebb.timescaler.plan.Statuses;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one ServiceScaler true: decides on what the caches show, takes the plan's one step, tells
 * what became of it, and looks again at the instant of the next change. A conflict means that
 * somebody was quicker: the next look decides anew.
 */
public final class ServiceScalerReconciler implements Reconciler<ResourceKey> {

  private static final Logger log = LoggerFactory.getLogger(ServiceScalerReconciler.class);

  private final Lookout lookout;
  private final KubeClient client;
  private final Freezes freezes;
  private final HpaWriter hpas;
  private final ScalerWriter scalers;
  private final HpaWriter restores;
  private final ScalerWriter endings;
  private final Reports reports;
  private final Observations observations;
  private final InstantSource clock;

  /**
   * Creates the reconciler.
   *
   * @param hpas changes HPAs, unless they are frozen
   * @param scalers writes ServiceScalers, unless they are frozen
   * @param restores gives HPAs back, also while they are frozen: whoever deletes a ServiceScaler
   *     wants that
   * @param endings lets ServiceScalers go, also while they are frozen
   */
  public ServiceScalerReconciler(
      Lookout lookout,
      KubeClient client,
      Freezes freezes,
      HpaWriter hpas,
      ScalerWriter scalers,
      HpaWriter restores,
      ScalerWriter endings,
      Reports reports,
      Observations observations,
      InstantSource clock) {
    this.lookout = lookout;
    this.client = client;
    this.freezes = freezes;
    this.hpas = hpas;
    this.scalers = scalers;
    this.restores = restores;
    this.endings = endings;
    this.reports = reports;
    this.observations = observations;
    this.clock = clock;
  }

  @Override
  public Result reconcile(ResourceKey key) {
    ServiceScaler scaler = lookout.scalers().get(key).orElse(null);
    try {
      if (scaler == null) {
        observations.forget(key);
        release(key);
        return Result.DONE;
      }
      LoopContext.generation(scaler.metadata().generation());
      if (scaler.metadata().deleting()) {
        observations.forget(key);
        endings.dropOldFinalizer(scaler);
        return Result.DONE;
      }
      return carryOut(scaler);
    } catch (KubeException e) {
      if (e.conflict() || e.notFound()) {
        log.debug("{}: somebody was quicker: {}", key, e.getMessage());
        return Result.after(Waiting.SOON);
      }
      throw e;
    }
  }

  private Result carryOut(ServiceScaler scaler) {
    Instant now = clock.instant();
    Hpa hpa = lookout.hpas().get(scaler.key()).orElse(null);
    Observed observed = new Observed(scaler, hpa, freezes.of(scaler.metadata().namespace()), now);
    Plan plan = Planner.plan(observed);
    if (plan.resume()) {
      scalers.resume(scaler);
      reports.resumed(scaler);
      return Result.after(Waiting.SOON);
    }
    if (plan.held().isEmpty() && hasOldFinalizer(scaler)) {
      scalers.dropOldFinalizer(scaler);
      return Result.after(Waiting.SOON);
    }
    KubeException refusal = null;
    Statuses.Outcome outcome;
    try {
      outcome = take(scaler, hpa, plan.taken());
    } catch (KubeException e) {
      if (e.conflict() || e.notFound()) {
        throw e;
      }
      if (e.transientFailure()) {
        observations.decided(scaler.key(), plan, false);
        throw e;
      }
      refusal = e;
      outcome = new Statuses.Outcome(hpa, e.getMessage(), null);
    }
    observations.decided(scaler.key(), plan, refusal == null);
    Status status = Statuses.of(observed, plan, outcome);
    reports.report(scaler, plan, status);
    scalers.status(scaler, status);
    if (refusal != null) {
      // Tried again with a growing delay.
      throw refusal;
    }
    return Result.after(Waiting.until(plan.lookAgain(), clock.instant()));
  }

  private static boolean hasOldFinalizer(ServiceScaler scaler) {
    return scaler.metadata().finalizers().contains(ServiceScaler.OLD_FINALIZER);
  }

  private Statuses.Outcome take(ServiceScaler scaler, @Nullable Hpa hpa, HpaStep step) {
    return switch (step) {
      case HpaStep.Nothing nothing -> new Statuses.Outcome(hpa, null, null);
      case HpaStep.HandsOff off -> new Statuses.Outcome(hpa, null, null);
      case HpaStep.LetGo letGo -> {
        Hpa free = hpas.letGo(letGo.hpa(), scaler.metadata().uid());
        yield new Statuses.Outcome(free, null, "let go of the HPA");
      }
      case HpaStep.Create create -> {
        Hpa made = hpas.create(scaler, create);
        String what = HpaPlan.text(create);
        reports.created(scaler, what);
        yield new Statuses.Outcome(made, null, "made the HPA: " + what);
      }
      case HpaStep.Change change -> {
        Hpa changed = hpas.change(change);
        if (change.save() != null) {
          reports.adopted(scaler);
        }
        reports.changed(scaler, change.what());
        yield new Statuses.Outcome(changed, null, change.what());
      }
    };
  }

  /** Gives an HPA back that others made, when its ServiceScaler is really gone. */
  private void release(ResourceKey key) {
    Optional<Hpa> kept =
        lookout
            .hpas()
            .get(key)
            .filter(hpa -> hpa.metadata().annotations().containsKey(Hpa.SAVED))
            .filter(hpa -> Saved.in(hpa).map(Saved::by).orElse("").isEmpty())
            .filter(hpa -> !hpa.metadata().deleting() && !hpa.switchedOff());
    // One that is only not selected any more may be somebody else's now.
    if (kept.isEmpty() || client.find(ServiceScaler.TYPE, key).isPresent()) {
      return;
    }
    Hpa hpa = kept.get();
    Saved saved = Saved.in(hpa).orElse(null);
    restores.restore(hpa, saved);
    reports.restored(hpa, saved != null);
  }
}
