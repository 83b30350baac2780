package dev.ebb.timescaler.plan;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.timeplan.Values;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.Steerable;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A target that is there: what it said before, and how it is changed. */
sealed interface Target {

  /** Returns what it says where the schedule says nothing. */
  Values before();

  /** Returns the step that makes it say what is in force. */
  TargetStep step(Values inForce, Instant now);

  /** Returns a target; null for one that cannot be read. */
  static @Nullable Target of(Meta owner, Seen seen, Values baseline) {
    return switch (seen) {
      case Seen.OfHpa(var hpa, var workload, var problem) ->
          new OfHpa(
              SchedulePlanner.by(owner, hpa.metadata().namespace()),
              owner,
              new Seen.OfHpa(hpa, workload, problem),
              baseline);
      case Seen.OfResource(var resource) ->
          new OfResource(SchedulePlanner.by(owner, resource.metadata().namespace()), resource);
      case Seen.OfKeda(var object) ->
          new OfKeda(SchedulePlanner.by(owner, object.metadata().namespace()), object);
      case Seen.OfScale(var object, var scale) ->
          new OfScale(
              SchedulePlanner.by(owner, object.metadata().namespace()),
              new Seen.OfScale(object, scale));
      case Seen.Unreadable unreadable -> null;
    };
  }

  /** Returns why an object is left alone, whatever kind it is of; null when it is not. */
  private static HpaStep.@Nullable HandsOff untouchable(String what, Meta object) {
    if (object.deleting()) {
      return new HpaStep.HandsOff("TargetNotFound", what + " is being deleted");
    }
    if ("false".equalsIgnoreCase(object.annotations().get(Hpa.MANAGED))) {
      return new HpaStep.HandsOff(
          "SwitchedOff",
          "%s's annotation %s is \"false\": it is left alone; remove it to go on"
              .formatted(what, Hpa.MANAGED));
    }
    return null;
  }

  private static String changes(String... changes) {
    return Stream.of(changes).filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
  }

  private static String change(String name, @Nullable Object before, @Nullable Object after) {
    return Objects.equals(before, after)
        ? ""
        : "%s %s → %s"
            .formatted(name, before == null ? "none" : before, after == null ? "none" : after);
  }

  private static int orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }

  /** An HPA. Hibernating, what it scales is at zero, where an HPA leaves it alone. */
  record OfHpa(String by, Meta owner, Seen.OfHpa seen, Values baseline) implements Target {

    private Saved saved() {
      Hpa hpa = seen.hpa();
      Saved now = Saved.of(hpa, baseline);
      return Saved.in(hpa).orElse(new Saved(now.min(), now.max(), now.metrics(), by));
    }

    @Override
    public Values before() {
      return new Values(saved().min(), saved().max(), null, null);
    }

    @Override
    public TargetStep step(Values inForce, Instant now) {
      HpaStep bounds = HpaPlan.steer(owner, by, seen.hpa(), inForce, saved());
      return bounds instanceof HpaStep.Nothing ? count(bounds, inForce.hibernates()) : bounds;
    }

    private TargetStep count(HpaStep bounds, boolean hibernates) {
      Optional<Remembered> kept = Remembered.in(seen.hpa().metadata());
      if (!hibernates && kept.isEmpty()) {
        return bounds;
      }
      if (kept.isPresent() && !kept.get().by().equals(by)) {
        return OfScale.others("the HPA", kept.get());
      }
      if (seen.workload() == null) {
        return new HpaStep.HandsOff(
            "ScaleUnreadable",
            Objects.requireNonNullElse(seen.problem(), "the scale of its workload is not known"));
      }
      int desired = seen.workload().desired();
      if (hibernates) {
        return kept.isEmpty()
            ? new WorkloadStep.Remember(new Remembered(desired, by))
            : desired == 0 ? bounds : new WorkloadStep.SetCount(seen.workload(), 0);
      }
      int before = kept.map(Remembered::replicas).orElse(0);
      return desired == 0 && before > 0
          ? new WorkloadStep.SetCount(
              seen.workload(), Math.clamp(before, seen.hpa().min(), seen.hpa().max()))
          : new WorkloadStep.Forget();
    }
  }

  /** A ScaledResource. Hibernating, it is asked to sleep; who calls it wakes it all the same. */
  record OfResource(String by, ScaledResource resource) implements Target {

    private Saved saved() {
      ScaledResource.Replicas replicas = resource.spec().replicas();
      return Saved.in(resource)
          .orElse(
              new Saved(
                  replicas == null ? null : replicas.min(),
                  replicas == null ? null : replicas.max(),
                  List.of(),
                  by));
    }

    @Override
    public Values before() {
      return new Values(orZero(saved().min()), saved().max(), null, null);
    }

    @Override
    public TargetStep step(Values inForce, Instant now) {
      HpaStep.HandsOff off = untouchable("the ScaledResource", resource.metadata());
      if (off != null) {
        return off;
      }
      Optional<Saved> kept = Saved.in(resource);
      if (kept.isPresent() && !kept.get().by().equals(by)) {
        return HpaPlan.steeredByOther("the ScaledResource", kept.get());
      }
      boolean hibernate = inForce.hibernates();
      int min = hibernate ? 0 : Objects.requireNonNull(inForce.min(), "a minimum");
      ScaledResource.Replicas replicas = resource.spec().replicas();
      boolean slept = resource.metadata().annotations().containsKey(Steerable.HIBERNATED);
      String what =
          changes(
              change("min", replicas == null ? 0 : orZero(replicas.min()), min),
              change("max", replicas == null ? null : replicas.max(), inForce.max()),
              slept == hibernate ? "" : hibernate ? "asked to sleep" : "hibernates no more");
      return what.isEmpty()
          ? new HpaStep.Nothing()
          : new ResourceStep(
              resource,
              min,
              inForce.max(),
              hibernate && !slept ? now : null,
              hibernate,
              kept.isPresent() ? null : saved(),
              what);
    }
  }

  /** A ScaledObject of KEDA. Hibernating, KEDA is told to hold it at nothing. */
  record OfKeda(String by, Steerable object) implements Target {

    /** What KEDA takes where nothing is said. */
    private static final int USUAL_MAX = 100;

    private Saved saved() {
      return Saved.in(object.metadata())
          .orElse(
              new Saved(
                  object.spec().minReplicaCount(), object.spec().maxReplicaCount(), List.of(), by));
    }

    @Override
    public Values before() {
      return new Values(orZero(saved().min()), saved().max(), null, null);
    }

    @Override
    public TargetStep step(Values inForce, Instant now) {
      HpaStep.HandsOff off = untouchable("the ScaledObject", object.metadata());
      if (off != null) {
        return off;
      }
      Optional<Saved> kept = Saved.in(object.metadata());
      if (kept.isPresent() && !kept.get().by().equals(by)) {
        return HpaPlan.steeredByOther("the ScaledObject", kept.get());
      }
      boolean ours = object.metadata().annotations().containsKey(Steerable.HIBERNATED);
      boolean paused =
          object.metadata().annotations().containsKey(Steerable.KEDA_PAUSED)
              || object.metadata().annotations().containsKey(Steerable.KEDA_PAUSED_REPLICAS);
      if (paused && !ours) {
        return new HpaStep.HandsOff(
            "SwitchedOff",
            "the ScaledObject is paused by an annotation of KEDA: it is left alone; remove %s or %s"
                    .formatted(Steerable.KEDA_PAUSED, Steerable.KEDA_PAUSED_REPLICAS)
                + " to go on");
      }
      return change(inForce, kept.isPresent(), ours);
    }

    private TargetStep change(Values inForce, boolean known, boolean slept) {
      Integer idle = object.spec().idleReplicaCount();
      // KEDA refuses a minimum that is not above the count of idleness.
      int min = Math.max(orZero(inForce.min()), idle == null ? 0 : idle + 1);
      Integer max = inForce.max() == null && min > USUAL_MAX ? Integer.valueOf(min) : inForce.max();
      String noted = object.metadata().annotations().get(Steerable.KEDA_PAUSED_REPLICAS);
      boolean held = slept && "0".equals(noted);
      boolean hibernate = inForce.hibernates();
      String what =
          changes(
              Target.change("min", orZero(object.spec().minReplicaCount()), min),
              Target.change("max", object.spec().maxReplicaCount(), max),
              hibernate == held && hibernate == slept
                  ? ""
                  : hibernate ? "held at nothing by KEDA" : "held at nothing no more");
      return what.isEmpty()
          ? new HpaStep.Nothing()
          : new KedaStep(object, min, max, hibernate, known ? null : saved(), what);
    }
  }

  /**
   * Anything that has a count. While the schedule says something of it, it is what it was before,
   * held between the bounds; then it is that again, and nobody's.
   */
  record OfScale(String by, Seen.OfScale seen) implements Target {

    static HpaStep.HandsOff others(String what, Remembered kept) {
      return new HpaStep.HandsOff(
          "SteeredByOther",
          "%s is steered by %s: it is left alone; delete one of the two"
              .formatted(what, kept.by().isEmpty() ? "another" : kept.by()));
    }

    @Override
    public Values before() {
      return Values.NOTHING;
    }

    @Override
    public TargetStep step(Values inForce, Instant now) {
      Meta object = seen.object().metadata();
      HpaStep.HandsOff off = untouchable("the target", object);
      if (off != null) {
        return off;
      }
      Optional<Remembered> kept = Remembered.in(object);
      if (kept.isPresent() && !kept.get().by().equals(by)) {
        return others("the target", kept.get());
      }
      int desired = seen.scale().desired();
      int before = kept.map(Remembered::replicas).orElse(desired);
      boolean silent = inForce.min() == null && inForce.max() == null && !inForce.hibernates();
      int wanted = silent ? before : between(before, inForce);
      if (kept.isEmpty()) {
        return wanted == desired
            ? new HpaStep.Nothing()
            : new WorkloadStep.Remember(new Remembered(desired, by));
      }
      if (wanted != desired) {
        return new WorkloadStep.SetCount(seen.scale(), wanted);
      }
      return silent ? new WorkloadStep.Forget() : new HpaStep.Nothing();
    }

    private static int between(int before, Values inForce) {
      if (inForce.hibernates()) {
        return 0;
      }
      int least = Math.max(before, orZero(inForce.min()));
      return inForce.max() == null ? least : Math.min(least, inForce.max());
    }
  }
}
