package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.model.Namespace;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.Steerable;
import dev.ebb.timescaler.plan.Remembered;
import dev.ebb.timescaler.plan.ScheduleObserved;
import dev.ebb.timescaler.plan.SchedulePlanner;
import dev.ebb.timescaler.plan.SchedulePlanner.Kind;
import dev.ebb.timescaler.plan.Seen;
import dev.ebb.timescaler.reconcile.Steered.Target;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows the targets of schedules as they are: objects from the caches, counts live. Blocks where a
 * count has to be read. Thread-safe.
 */
public final class TargetViews {

  private final Lookout lookout;
  private final Freezes freezes;
  private final ResourceScalers scalers;

  /** Creates the views. */
  public TargetViews(Lookout lookout, Freezes freezes, ResourceScalers scalers) {
    this.lookout = lookout;
    this.freezes = freezes;
    this.scalers = scalers;
  }

  /** Returns the targets of a schedule: the one that it names, or those that it selects. */
  List<Target> targets(ScalingSchedule schedule) {
    ScheduleSpec.TargetSelector selector = schedule.spec().targetSelector();
    if (selector == null) {
      return Steered.named(schedule).stream().toList();
    }
    Optional<Kind> kind = SchedulePlanner.kind(schedule);
    if (kind.isEmpty()) {
      return List.of();
    }
    String id = Steered.id(selector.apiVersion(), selector.kind());
    String own = schedule.metadata().namespace();
    return objects(kind.get(), id).stream()
        .filter(object -> selects(selector, object, own))
        .map(object -> new Target(kind.get(), kind.get().open() ? id : "", object.key()))
        .sorted((a, b) -> a.key().compareTo(b.key()))
        .toList();
  }

  private Collection<? extends KubeObject> objects(Kind kind, String id) {
    return switch (kind) {
      case HPA -> lookout.hpas().list();
      case RESOURCE -> lookout.resources().list();
      case KEDA, SCALE -> {
        Informer<Steerable> informer = lookout.other(id);
        yield informer == null ? List.of() : informer.list();
      }
    };
  }

  /** Returns whether a selector selects an object, by the labels of its namespace too. */
  boolean selects(ScheduleSpec.TargetSelector selector, KubeObject object, String own) {
    String namespace = object.metadata().namespace();
    Map<String, String> labels =
        selector.namespaceSelector() == null
            ? Map.of()
            : lookout
                .namespaces()
                .get(Namespace.key(namespace))
                .map(n -> n.metadata().labels())
                .orElse(Map.of());
    return selector.selects(namespace, object.metadata().labels(), labels, own);
  }

  /**
   * Shows what a decision on a target stands on.
   *
   * @throws ScalerException when a count cannot be read now, and may be later
   */
  ScheduleObserved observe(ScalingSchedule schedule, @Nullable Target target, Instant now) {
    String namespace = target == null ? schedule.metadata().namespace() : target.key().namespace();
    return new ScheduleObserved(
        schedule,
        target == null ? unwatched(schedule) : see(schedule, target, now),
        freezes.of(namespace),
        now);
  }

  /** Who selects objects of a kind that nobody looks at is told so. */
  private Seen.@Nullable Unreadable unwatched(ScalingSchedule schedule) {
    ScheduleSpec.TargetSelector selector = schedule.spec().targetSelector();
    boolean open = SchedulePlanner.kind(schedule).filter(Kind::open).isPresent();
    return selector == null || !open
        ? null
        : unlisted(Steered.id(selector.apiVersion(), selector.kind()));
  }

  private Seen.@Nullable Unreadable unlisted(String id) {
    Informer<Steerable> informer = lookout.other(id);
    if (informer == null) {
      String value = id.startsWith(Steerable.KEDA_GROUP + "/") ? "keda" : "scaleTargets";
      return new Seen.Unreadable(
          "KindNotAllowed",
          "the time-scaler was not told to look at %s; set its chart value time-scaler.%s, or name an HPA or a ScaledResource"
              .formatted(id, value));
    }
    return informer.synced()
        ? null
        : new Seen.Unreadable(
            "KindUnreadable",
            "%s cannot be listed: %s"
                .formatted(
                    id, informer.lastProblem() == null ? "no answer yet" : informer.lastProblem()));
  }

  private @Nullable Seen see(ScalingSchedule schedule, Target target, Instant now) {
    return switch (target.kind()) {
      case HPA -> lookout.hpas().get(target.key()).map(hpa -> hpa(schedule, hpa, now)).orElse(null);
      case RESOURCE -> lookout.resources().get(target.key()).map(Seen.OfResource::new).orElse(null);
      case KEDA, SCALE -> {
        Seen unreadable = unlisted(target.id());
        yield unreadable != null ? unreadable : other(target);
      }
    };
  }

  private Seen hpa(ScalingSchedule schedule, Hpa hpa, Instant now) {
    boolean needed =
        Remembered.in(hpa.metadata()).isPresent() || SchedulePlanner.hibernates(schedule, now);
    if (!needed) {
      return new Seen.OfHpa(hpa, null, null);
    }
    Optional<ScaleTarget> workload = workload(hpa);
    if (workload.isEmpty()) {
      return new Seen.OfHpa(hpa, null, "its spec.scaleTargetRef names no workload");
    }
    try {
      return new Seen.OfHpa(hpa, read(workload.get()), null);
    } catch (ScalerException e) {
      if (e.retryable()) {
        throw e;
      }
      return new Seen.OfHpa(hpa, null, e.getMessage());
    }
  }

  /** Returns what an HPA scales. */
  static Optional<ScaleTarget> workload(Hpa hpa) {
    Hpa.Target ref = hpa.spec().scaleTargetRef();
    if (ref == null || ref.kind() == null || ref.name() == null || ref.apiVersion() == null) {
      return Optional.empty();
    }
    // service-scaler wrote a version of apps that never was.
    String version = ref.apiVersion().startsWith("apps/") ? "apps/v1" : ref.apiVersion();
    return Optional.of(
        new ScaleTarget(
            version, ref.kind(), new ResourceKey(hpa.metadata().namespace(), ref.name())));
  }

  private @Nullable Seen other(Target target) {
    Informer<Steerable> informer = lookout.other(target.id());
    Steerable object = informer == null ? null : informer.get(target.key()).orElse(null);
    if (informer == null || object == null) {
      return null;
    }
    if (target.kind() == Kind.KEDA) {
      return new Seen.OfKeda(object);
    }
    String hand = otherHand(target);
    if (hand != null) {
      return new Seen.Unreadable(
          "SteeredByOther", hand + " sets its count: name that in the place of the workload");
    }
    try {
      return new Seen.OfScale(object, read(target.scale(informer.type())));
    } catch (ScalerException e) {
      if (e.retryable()) {
        throw e;
      }
      return new Seen.Unreadable("ScaleUnreadable", String.valueOf(e.getMessage()));
    }
  }

  /** Two hands on one count undo each other: bounds are where clock and demand meet. */
  private @Nullable String otherHand(Target target) {
    String namespace = target.key().namespace();
    Optional<String> hpa =
        lookout
            .hpas()
            .inNamespace(namespace)
            .filter(one ->
                workload(one)
                    .filter(
                        w -> w.key().equals(target.key()) && target.id().endsWith("/" + w.kind()))
                    .isPresent())
            .map(one -> "HorizontalPodAutoscaler " + one.metadata().name())
            .findFirst();
    return hpa.or(() ->
            lookout
                .resources()
                .inNamespace(namespace)
                .filter(one -> {
                  ScaleTarget scaled = one.target();
                  return scaled != null
                      && scaled.key().equals(target.key())
                      && target.id().endsWith("/" + scaled.kind());
                })
                .map(one -> "ScaledResource " + one.metadata().name())
                .findFirst())
        .orElse(null);
  }

  private Scale read(ScaleTarget target) {
    return scalers.of(target).getScale(target);
  }
}
