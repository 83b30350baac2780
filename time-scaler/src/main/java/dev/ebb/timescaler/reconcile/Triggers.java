package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.Informer.Change;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.plan.SchedulePlanner.Kind;
import dev.ebb.timescaler.reconcile.Steered.Target;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says which ServiceScalers and ScalingSchedules a change concerns. Handlers only add keys to
 * queues. Thread-safe.
 */
public final class Triggers {

  private final Lookout lookout;
  private final Steered steered;
  private final Consumer<ResourceKey> scalers;
  private final Consumer<ResourceKey> schedules;

  /**
   * Creates the triggers.
   *
   * @param scalers takes the ServiceScalers that are to be looked at, by their HPAs' names
   * @param schedules takes the ScalingSchedules that are to be looked at
   */
  public Triggers(
      Lookout lookout,
      Steered steered,
      Consumer<ResourceKey> scalers,
      Consumer<ResourceKey> schedules) {
    this.lookout = lookout;
    this.steered = steered;
    this.scalers = scalers;
    this.schedules = schedules;
  }

  /** Starts listening; before the informers are started. */
  public void follow() {
    lookout.scalers().onChange(change -> scalers.accept(change.any().key()));
    lookout.schedules().onChange(this::onSchedule);
    lookout.resources().onChange(this::onResource);
    lookout.hpas().onChange(this::onHpa);
  }

  private void onHpa(Change<Hpa> change) {
    Hpa hpa = change.any();
    if (same(change.before(), change.after())) {
      return;
    }
    steered.hpa(change.before(), change.after());
    if (concerns(hpa.key(), hpa)) {
      scalers.accept(hpa.key());
    }
    Steered.steers(hpa).ifPresent(schedules);
    steered.schedules(new Target(Kind.HPA, hpa.key())).forEach(schedules);
  }

  private void onResource(Change<ScaledResource> change) {
    ScaledResource before = change.before();
    ScaledResource after = change.after();
    // The autoscaler writes its status.
    if (before != null
        && after != null
        && before.spec().equals(after.spec())
        && before.metadata().deleting() == after.metadata().deleting()
        && before.metadata().annotations().equals(after.metadata().annotations())) {
      return;
    }
    steered.resource(before, after);
    ScaledResource resource = change.any();
    Steered.steers(resource).ifPresent(schedules);
    steered.schedules(new Target(Kind.RESOURCE, resource.key())).forEach(schedules);
  }

  private void onSchedule(Change<ScalingSchedule> change) {
    steered.schedule(change.before(), change.after());
    schedules.accept(change.any().key());
  }

  private boolean concerns(ResourceKey key, Hpa hpa) {
    return lookout.scalers().get(key).isPresent()
        || hpa.metadata().annotations().containsKey(Hpa.SAVED);
  }

  /** The HPA's own controller writes its status every few seconds. */
  private static boolean same(@Nullable Hpa before, @Nullable Hpa after) {
    return before != null
        && after != null
        && before.spec().equals(after.spec())
        && before.metadata().deleting() == after.metadata().deleting()
        && before.metadata().annotations().equals(after.metadata().annotations())
        && before.metadata().ownerReferences().equals(after.metadata().ownerReferences());
  }

  /** Adds everything, for who begins to lead. */
  public void addAll() {
    addAll("");
  }

  /**
   * Adds what lies in a namespace, when a freeze begins or ends.
   *
   * @param namespace where; empty for everywhere
   */
  public void addAll(String namespace) {
    lookout.scalers().list().stream()
        .map(scaler -> scaler.key())
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(scalers);
    lookout.schedules().list().stream()
        .map(schedule -> schedule.key())
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(schedules);
    lookout.resources().list().stream()
        .flatMap(resource -> Steered.steers(resource).stream())
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(schedules);
    lookout.hpas().list().stream()
        .filter(hpa -> hpa.metadata().annotations().containsKey(Hpa.SAVED))
        .filter(hpa -> namespace.isEmpty() || hpa.key().namespace().equals(namespace))
        .forEach(hpa -> {
          scalers.accept(hpa.key());
          Steered.steers(hpa).ifPresent(schedules);
        });
  }
}
