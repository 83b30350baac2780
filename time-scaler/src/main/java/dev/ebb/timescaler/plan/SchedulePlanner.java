package dev.ebb.timescaler.plan;

import dev.ebb.runtime.freeze.Stance;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides what the target of one ScalingSchedule should say. Stateless. */
public final class SchedulePlanner {

  private SchedulePlanner() {}

  /** How what a target keeps names a schedule of its namespace. */
  public static String by(String schedule) {
    return ScalingSchedule.TYPE.kind() + " " + schedule;
  }

  /** The kinds of targets. */
  public enum Kind {
    /** A HorizontalPodAutoscaler. */
    HPA,
    /** A ScaledResource. */
    RESOURCE
  }

  /** Returns which kind of target a schedule names; empty for others. */
  public static Optional<Kind> kind(ScalingSchedule schedule) {
    ScalingSchedule.TargetRef ref = schedule.spec().targetRef();
    if (ref == null || ref.kind() == null || ref.apiVersion() == null || ref.name() == null) {
      return Optional.empty();
    }
    if (ref.kind().equals(Hpa.TYPE.kind()) && ref.apiVersion().startsWith("autoscaling/")) {
      return Optional.of(Kind.HPA);
    }
    return ref.kind().equals(ScaledResource.TYPE.kind())
            && ref.apiVersion().equals(ScaledResource.TYPE.apiVersion())
        ? Optional.of(Kind.RESOURCE)
        : Optional.empty();
  }

  /** Returns what a schedule may do. What is not understood was meant to hold something back. */
  public static Mode mode(ScalingSchedule schedule) {
    String text = schedule.spec().mode();
    if (text == null) {
      boolean unreadable = schedule.spec().unreadable().contains("spec.mode");
      return unreadable ? Mode.Observe : Mode.Enforce;
    }
    return Stream.of(Mode.values())
        .filter(m -> m.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElse(Mode.Observe);
  }

  /** Returns what a schedule says of its target over time; where there is none, what it says. */
  public static Schedule timeline(ScheduleObserved observed) {
    Optional<Kind> kind = kind(observed.schedule());
    ScheduleReading reading = reading(observed.schedule(), kind);
    Target target = kind.map(k -> Target.of(observed, k, reading)).orElse(null);
    return reading.schedule(target == null ? Values.NOTHING : target.before());
  }

  private static ScheduleReading reading(ScalingSchedule schedule, Optional<Kind> kind) {
    return ScheduleReading.of(schedule.spec(), kind.equals(Optional.of(Kind.RESOURCE)) ? 0 : 1);
  }

  /** Decides. */
  public static SchedulePlan plan(ScheduleObserved observed) {
    ScalingSchedule schedule = observed.schedule();
    Optional<Kind> kind = kind(schedule);
    ScheduleReading reading = reading(schedule, kind);
    List<Finding> findings = new ArrayList<>(reading.findings());
    Mode mode = mode(schedule);
    String word = schedule.spec().mode();
    if (word != null && !mode.name().equalsIgnoreCase(word)) {
      findings.add(
          new Finding(
              "spec.mode",
              "\""
                  + word
                  + "\" is not known and counts as Observe; write Enforce, Observe or Paused",
              false));
    }
    Optional<Pause> pause = mode == Mode.Paused ? Pause.of(schedule.metadata()) : Optional.empty();
    boolean resume = pause.filter(p -> p.over(observed.now())).isPresent();
    Instant pauseEnd = pause.map(Pause::until).orElse(null);
    if (kind.isEmpty()) {
      findings.add(
          new Finding(
              "spec.targetRef",
              "names no HorizontalPodAutoscaler of autoscaling/v2 and no ScaledResource of "
                  + ScaledResource.TYPE.apiVersion()
                  + "; correct it: until then nothing is done",
              true));
      return without(observed, reading, findings, resume, pauseEnd);
    }
    Target target = Target.of(observed, kind.get(), reading);
    if (target == null) {
      return without(observed, reading, findings, resume, pauseEnd);
    }
    metricsOfOthers(kind.get(), reading, findings);
    Schedule timeline = reading.schedule(target.before());
    Instant now = observed.now();
    Values inForce = timeline.inForce(now);
    return new SchedulePlan(
        target.step(inForce),
        held(observed, mode),
        timeline.window(now),
        timeline.scheduled(now),
        inForce,
        timeline.nextTransition(now),
        findings,
        Conflict.next(reading, now),
        resume,
        Planner.earlier(timeline.nextChange(now).orElse(null), pauseEnd));
  }

  private static void metricsOfOthers(Kind kind, ScheduleReading reading, List<Finding> findings) {
    boolean metrics =
        Stream.concat(
                Stream.of(reading.baseline()),
                reading.windows().stream().map(ranked -> ranked.window().values()))
            .anyMatch(values -> values.cpu() != null || values.memory() != null);
    if (kind == Kind.RESOURCE && metrics) {
      findings.add(
          new Finding(
              "spec",
              "targetCPUUtilization and targetMemoryUtilization are of HPAs alone and change"
                  + " nothing here; remove them",
              false));
    }
  }

  /** Without a target the schedule is told as far as it is known. */
  private static SchedulePlan without(
      ScheduleObserved observed,
      ScheduleReading reading,
      List<Finding> findings,
      boolean resume,
      @Nullable Instant pauseEnd) {
    Optional<Finding> fatal = findings.stream().filter(Finding::fatal).findFirst();
    ScalingSchedule.TargetRef ref = observed.schedule().spec().targetRef();
    HpaStep.HandsOff off =
        fatal
            .map(finding -> new HpaStep.HandsOff("Invalid", finding.text()))
            .orElseGet(() ->
                new HpaStep.HandsOff(
                    "TargetNotFound",
                    "there is no %s in this namespace; create it, or correct spec.targetRef"
                        .formatted(ref == null ? "target" : ref.text())));
    Schedule timeline = reading.schedule(Values.NOTHING);
    Instant now = observed.now();
    return new SchedulePlan(
        off,
        Optional.empty(),
        timeline.window(now),
        null,
        null,
        timeline.nextTransition(now),
        findings,
        Conflict.next(reading, now),
        resume,
        Planner.earlier(timeline.nextChange(now).orElse(null), pauseEnd));
  }

  private static Optional<HpaStep.HandsOff> held(ScheduleObserved observed, Mode mode) {
    return switch (Stance.of(mode, observed.freeze())) {
      case ACT -> Optional.empty();
      case WAKE ->
          observed
              .freeze()
              .map(freeze -> new HpaStep.HandsOff(freeze.scope().reason(), freeze.message()));
      case REPORT ->
          Optional.of(
              new HpaStep.HandsOff("Observing", "spec.mode is Observe: nothing is changed"));
      case REST -> Optional.of(new HpaStep.HandsOff("Paused", "spec.mode is Paused; resume it"));
    };
  }

  /** A target that is there: what it said before, and how it is changed. */
  private sealed interface Target {

    static @Nullable Target of(ScheduleObserved observed, Kind kind, ScheduleReading reading) {
      Meta owner = observed.schedule().metadata();
      return switch (kind) {
        case HPA ->
            observed.hpa() == null ? null : new OfHpa(owner, observed.hpa(), reading.baseline());
        case RESOURCE ->
            observed.resource() == null ? null : new OfResource(owner, observed.resource());
      };
    }

    Values before();

    TargetStep step(Values inForce);
  }

  private record OfHpa(Meta owner, Hpa hpa, Values baseline) implements Target {

    private Saved saved() {
      Saved now = Saved.of(hpa, baseline);
      return Saved.in(hpa).orElse(new Saved(now.min(), now.max(), now.metrics(), by(owner.name())));
    }

    @Override
    public Values before() {
      return new Values(saved().min(), saved().max(), null, null);
    }

    @Override
    public TargetStep step(Values inForce) {
      return HpaPlan.steer(owner, by(owner.name()), hpa, inForce, saved());
    }
  }

  private record OfResource(Meta owner, ScaledResource resource) implements Target {

    private Saved saved() {
      ScaledResource.Replicas replicas = resource.spec().replicas();
      return Saved.in(resource)
          .orElse(
              new Saved(
                  replicas == null ? null : replicas.min(),
                  replicas == null ? null : replicas.max(),
                  List.of(),
                  by(owner.name())));
    }

    @Override
    public Values before() {
      Integer min = saved().min();
      return new Values(min == null ? Integer.valueOf(0) : min, saved().max(), null, null);
    }

    @Override
    public TargetStep step(Values inForce) {
      if (resource.metadata().deleting()) {
        return new HpaStep.HandsOff("TargetNotFound", "the ScaledResource is being deleted");
      }
      if ("false".equalsIgnoreCase(resource.metadata().annotations().get(Hpa.MANAGED))) {
        return new HpaStep.HandsOff(
            "SwitchedOff",
            "the ScaledResource's annotation %s is \"false\": it is left alone; remove it to go on"
                .formatted(Hpa.MANAGED));
      }
      Optional<Saved> kept = Saved.in(resource);
      if (kept.isPresent() && !kept.get().by().equals(by(owner.name()))) {
        return HpaPlan.steeredByOther("the ScaledResource", kept.get());
      }
      int min = Objects.requireNonNull(inForce.min(), "a minimum");
      ScaledResource.Replicas now = resource.spec().replicas();
      Integer lowest = now == null ? null : now.min();
      Integer highest = now == null ? null : now.max();
      String what =
          Stream.of(
                  change("min", lowest == null ? Integer.valueOf(0) : lowest, min),
                  change("max", highest, inForce.max()))
              .filter(text -> !text.isEmpty())
              .collect(Collectors.joining(", "));
      return what.isEmpty()
          ? new HpaStep.Nothing()
          : new ResourceStep(resource, min, inForce.max(), kept.isPresent() ? null : saved(), what);
    }

    private static String change(String name, @Nullable Integer before, @Nullable Integer after) {
      return Objects.equals(before, after)
          ? ""
          : "%s %s → %s"
              .formatted(name, before == null ? "none" : before, after == null ? "none" : after);
    }
  }
}
