package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.Informer.Change;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.model.Namespace;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.Steerable;
import dev.ebb.timescaler.plan.SchedulePlanner;
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
  private final TargetViews views;
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
      TargetViews views,
      Consumer<ResourceKey> scalers,
      Consumer<ResourceKey> schedules) {
    this.lookout = lookout;
    this.steered = steered;
    this.views = views;
    this.scalers = scalers;
    this.schedules = schedules;
  }

  /** Starts listening; before the informers are started. */
  public void follow() {
    lookout.scalers().onChange(change -> scalers.accept(change.any().key()));
    lookout.schedules().onChange(this::onSchedule);
    lookout.resources().onChange(this::onResource);
    lookout.hpas().onChange(this::onHpa);
    lookout.namespaces().onChange(this::onNamespace);
    lookout.others().forEach((id, informer) -> informer.onChange(change -> onOther(id, change)));
  }

  private void onHpa(Change<Hpa> change) {
    Hpa hpa = change.any();
    if (same(change.before(), change.after())) {
      return;
    }
    onTarget(Kind.HPA, "", change);
    if (concerns(hpa.key(), hpa)) {
      scalers.accept(hpa.key());
    }
  }

  private void onResource(Change<ScaledResource> change) {
    ScaledResource before = change.before();
    ScaledResource after = change.after();
    // The autoscaler writes its status.
    if (before != null
        && after != null
        && before.spec().equals(after.spec())
        && before.metadata().deleting() == after.metadata().deleting()
        && before.metadata().annotations().equals(after.metadata().annotations())
        && before.metadata().labels().equals(after.metadata().labels())) {
      return;
    }
    onTarget(Kind.RESOURCE, "", change);
  }

  private void onOther(String id, Change<Steerable> change) {
    Steerable before = change.before();
    Steerable after = change.after();
    // Workloads say in their status all the time how their pods are doing.
    if (before != null
        && after != null
        && before.metadata().generation() == after.metadata().generation()
        && before.metadata().deleting() == after.metadata().deleting()
        && before.metadata().annotations().equals(after.metadata().annotations())
        && before.metadata().labels().equals(after.metadata().labels())) {
      return;
    }
    boolean keda = id.startsWith(Steerable.KEDA_GROUP + "/");
    onTarget(keda ? Kind.KEDA : Kind.SCALE, id, change);
  }

  /** Concerns who steers it, who names it, and who selects it, or did. */
  private <T extends KubeObject> void onTarget(Kind kind, String id, Change<T> change) {
    steered.changed(kind, id, change.before(), change.after());
    KubeObject any = change.any();
    Steered.steers(any).ifPresent(schedules);
    steered.schedules(new Target(kind, id, any.key())).forEach(schedules);
    for (ResourceKey key : steered.selecting()) {
      lookout
          .schedules()
          .get(key)
          .filter(schedule -> selects(schedule, kind, id, change.before(), change.after()))
          .ifPresent(schedule -> schedules.accept(key));
    }
  }

  private boolean selects(
      ScalingSchedule schedule,
      Kind kind,
      String id,
      @Nullable KubeObject before,
      @Nullable KubeObject after) {
    ScheduleSpec.TargetSelector selector = schedule.spec().targetSelector();
    if (selector == null
        || SchedulePlanner.kind(schedule).filter(k -> k == kind).isEmpty()
        || (kind.open() && !Steered.id(selector.apiVersion(), selector.kind()).equals(id))) {
      return false;
    }
    String own = schedule.metadata().namespace();
    return (before != null && views.selects(selector, before, own))
        || (after != null && views.selects(selector, after, own));
  }

  private void onNamespace(Change<Namespace> change) {
    Namespace before = change.before();
    Namespace after = change.after();
    if (before == null
        || after == null
        || !before.metadata().labels().equals(after.metadata().labels())) {
      steered.selecting().forEach(schedules);
    }
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
        && before.metadata().labels().equals(after.metadata().labels())
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
    lookout.others().values().stream()
        .flatMap(informer -> informer.list().stream())
        .flatMap(object -> Steered.steers(object).stream())
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(schedules);
    lookout.resources().list().stream()
        .flatMap(resource -> Steered.steers(resource).stream())
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(schedules);
    lookout.hpas().list().stream()
        .filter(hpa ->
            hpa.metadata().annotations().containsKey(Hpa.SAVED)
                || hpa.metadata().annotations().containsKey(Steerable.SAVED_SCALE))
        .filter(hpa -> namespace.isEmpty() || hpa.key().namespace().equals(namespace))
        .forEach(hpa -> {
          scalers.accept(hpa.key());
          Steered.steers(hpa).ifPresent(schedules);
        });
  }
}
