package dev.ebb.timescaler.plan;

import dev.ebb.runtime.freeze.Stance;
import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.timeplan.Conflict;
import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.ScheduleReading;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timeplan.Simulation;
import dev.ebb.timeplan.Values;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.Steerable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides what the target of one ScalingSchedule should say. Stateless. */
public final class SchedulePlanner {

  private SchedulePlanner() {}

  /** How what a target keeps names a schedule of its namespace. */
  public static String by(String schedule) {
    return ScalingSchedule.TYPE.kind() + " " + schedule;
  }

  /** How what a target of a namespace keeps names a schedule. */
  public static String by(Meta schedule, String namespace) {
    return by(
        schedule.namespace().equals(namespace)
            ? schedule.name()
            : schedule.namespace() + "/" + schedule.name());
  }

  /** The kinds of targets. */
  public enum Kind {
    /** A HorizontalPodAutoscaler. */
    HPA,
    /** A ScaledResource. */
    RESOURCE,
    /** A ScaledObject of KEDA. */
    KEDA,
    /** Anything with a count. */
    SCALE;

    /** Returns whether it is a kind that the time-scaler has to be told to look at. */
    public boolean open() {
      return this == KEDA || this == SCALE;
    }
  }

  /** Returns which kind of target a schedule names; empty when it names none, or two. */
  public static Optional<Kind> kind(ScalingSchedule schedule) {
    ScheduleSpec.TargetRef ref = schedule.spec().targetRef();
    ScheduleSpec.TargetSelector selector = schedule.spec().targetSelector();
    if (ref != null && selector == null && ref.name() != null) {
      return kind(ref.apiVersion(), ref.kind());
    }
    return ref == null && selector != null && selector.labelSelector() != null
        ? kind(selector.apiVersion(), selector.kind())
        : Optional.empty();
  }

  private static Optional<Kind> kind(@Nullable String apiVersion, @Nullable String kind) {
    if (apiVersion == null || kind == null || apiVersion.isBlank() || kind.isBlank()) {
      return Optional.empty();
    }
    if (kind.equals(Hpa.TYPE.kind()) && apiVersion.startsWith("autoscaling/")) {
      return Optional.of(Kind.HPA);
    }
    if (kind.equals(ScaledResource.TYPE.kind()) && apiVersion.startsWith(Ebb.GROUP + "/")) {
      return Optional.of(Kind.RESOURCE);
    }
    boolean keda =
        kind.equals(Steerable.SCALED_OBJECT.kind())
            && apiVersion.startsWith(Steerable.KEDA_GROUP + "/");
    return Optional.of(keda ? Kind.KEDA : Kind.SCALE);
  }

  /** Returns whether a schedule wants nothing to run at an instant. */
  public static boolean hibernates(ScalingSchedule schedule, Instant now) {
    return reading(schedule, kind(schedule)).schedule(Values.NOTHING).scheduled(now).hibernates();
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
    Target target = kind.isEmpty() ? null : target(observed, reading);
    return reading.schedule(target == null ? Values.NOTHING : target.before());
  }

  /** Returns what a schedule would do with its target in a time, and what in it does nothing. */
  public static Simulation simulate(ScheduleObserved observed, Instant from, Instant to) {
    Optional<Kind> kind = kind(observed.schedule());
    ScheduleReading reading = reading(observed.schedule(), kind);
    Target target = kind.isEmpty() ? null : target(observed, reading);
    return Simulation.of(reading, target == null ? Values.NOTHING : target.before(), from, to);
  }

  private static ScheduleReading reading(ScalingSchedule schedule, Optional<Kind> kind) {
    return ScheduleReading.of(schedule.spec(), kind.equals(Optional.of(Kind.HPA)) ? 1 : 0);
  }

  private static @Nullable Target target(ScheduleObserved observed, ScheduleReading reading) {
    Seen seen = observed.target();
    return seen == null
        ? null
        : Target.of(observed.schedule().metadata(), seen, reading.baseline());
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
              "names nothing that can be steered, or stands beside spec.targetSelector; name one"
                  + " target by apiVersion, kind and name, or many by spec.targetSelector: until then"
                  + " nothing is done",
              true));
      return without(observed, reading, findings, resume, pauseEnd);
    }
    Target target = target(observed, reading);
    if (target == null) {
      return without(observed, reading, findings, resume, pauseEnd);
    }
    metricsOfOthers(kind.get(), reading, findings);
    Schedule timeline = reading.schedule(target.before());
    Instant now = observed.now();
    Values inForce = timeline.inForce(now);
    return new SchedulePlan(
        target.step(inForce, now),
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
    if (kind != Kind.HPA && metrics) {
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
    HpaStep.HandsOff off =
        fatal
            .map(finding -> new HpaStep.HandsOff("Invalid", finding.text()))
            .orElseGet(() -> missing(observed));
    Schedule timeline = reading.schedule(Values.NOTHING);
    Instant now = observed.now();
    boolean many = observed.schedule().spec().targetSelector() != null;
    return new SchedulePlan(
        off,
        Optional.empty(),
        timeline.window(now),
        many ? timeline.scheduled(now) : null,
        many ? timeline.inForce(now) : null,
        timeline.nextTransition(now),
        findings,
        Conflict.next(reading, now),
        resume,
        Planner.earlier(timeline.nextChange(now).orElse(null), pauseEnd));
  }

  private static HpaStep.HandsOff missing(ScheduleObserved observed) {
    if (observed.target() instanceof Seen.Unreadable(var reason, var message)) {
      return new HpaStep.HandsOff(reason, message);
    }
    ScheduleSpec.TargetRef ref = observed.schedule().spec().targetRef();
    return ref == null
        ? new HpaStep.HandsOff(
            "NothingSelected",
            "nothing is selected by spec.targetSelector; give a target its labels, or correct it")
        : new HpaStep.HandsOff(
            "TargetNotFound",
            "there is no %s in this namespace; create it, or correct spec.targetRef"
                .formatted(ref.text()));
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
}
