package dev.ebb.timescaler.plan;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Conditions;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timeplan.Conflict;
import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.ScheduleReading;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timeplan.ScheduleSpec.Setting;
import dev.ebb.timeplan.Values;
import dev.ebb.timeplan.Window;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ScalingSchedule.Next;
import dev.ebb.timescaler.api.ScalingSchedule.Other;
import dev.ebb.timescaler.api.ScalingSchedule.Status;
import dev.ebb.timescaler.api.ScalingSchedule.Targets;
import dev.ebb.timescaler.api.Steerable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Says what was found and done for a ScalingSchedule, and nothing that is not so. Stateless. */
public final class ScheduleStatuses {

  /** Whether windows of the same rank want different things at the same time. */
  public static final String CONFLICTING = "Conflicting";

  /** So many targets that do not follow are named. */
  private static final int NAMED = 100;

  private static final int TOLD = 3;

  /**
   * What became of a plan's step.
   *
   * @param target the target afterwards; null when there is none
   * @param refusal why the step was refused; null when it was not
   * @param action what was done, in words; null when nothing was
   */
  public record Outcome(@Nullable Seen target, @Nullable String refusal, @Nullable String action) {}

  /** What was decided on one of many targets, and what became of it. */
  public record Part(ResourceKey target, SchedulePlan plan, Outcome outcome) {}

  private ScheduleStatuses() {}

  /** Makes the status of a schedule with one target. */
  public static Status of(ScheduleObserved observed, SchedulePlan plan, Outcome outcome) {
    ScheduleSpec.TargetRef ref = observed.schedule().spec().targetRef();
    return status(
        observed.schedule(),
        observed.now(),
        plan,
        ref == null ? null : ref.name(),
        null,
        outcome.target() == null ? null : effective(outcome.target()),
        outcome.action(),
        obstacle(plan, outcome));
  }

  /**
   * Makes the status of a schedule with many targets.
   *
   * @param observed without a target
   * @param plan what was decided without a target
   */
  public static Status of(ScheduleObserved observed, SchedulePlan plan, List<Part> parts) {
    List<Other> others =
        parts.stream()
            .sorted(Comparator.comparing(Part::target))
            .flatMap(part -> other(part).stream())
            .toList();
    long applied = parts.size() - others.size();
    List<String> actions =
        parts.stream()
            .filter(part -> part.outcome().action() != null)
            .map(part -> part.target() + ": " + part.outcome().action())
            .toList();
    return status(
        observed.schedule(),
        observed.now(),
        plan,
        "%d/%d".formatted(applied, parts.size()),
        new Targets(
            (long) parts.size(), applied, others.subList(0, Math.min(NAMED, others.size()))),
        plan.inForce() == null ? null : setting(plan.inForce()),
        actions.isEmpty() ? null : some(actions),
        obstacle(plan, parts, others));
  }

  private static Optional<Other> other(Part part) {
    return Optional.ofNullable(obstacle(part.plan(), part.outcome()))
        .map(off ->
            new Other(
                part.target().namespace(),
                part.target().name(),
                off.reason(),
                off.message().substring(0, Math.min(off.message().length(), 512))));
  }

  /** Says why not all of many targets say what the schedule says; null when they do. */
  public static HpaStep.@Nullable HandsOff obstacle(SchedulePlan plan, List<Part> parts) {
    return obstacle(plan, parts, parts.stream().flatMap(part -> other(part).stream()).toList());
  }

  private static HpaStep.@Nullable HandsOff obstacle(
      SchedulePlan plan, List<Part> parts, List<Other> others) {
    if (parts.isEmpty()) {
      return plan.taken() instanceof HpaStep.HandsOff off ? off : null;
    }
    if (others.isEmpty()) {
      return null;
    }
    List<String> reasons = others.stream().map(o -> o.reason()).distinct().toList();
    String reason = reasons.size() == 1 ? String.valueOf(reasons.getFirst()) : "SomeNotApplied";
    return new HpaStep.HandsOff(
        reason,
        "%d of %d targets do not say what the schedule says: %s"
            .formatted(
                others.size(),
                parts.size(),
                some(
                    others.stream()
                        .map(o -> o.namespace() + "/" + o.name() + ": " + o.message())
                        .toList())));
  }

  private static String some(List<String> texts) {
    String told = String.join("; ", texts.subList(0, Math.min(TOLD, texts.size())));
    return texts.size() > TOLD ? told + "; and " + (texts.size() - TOLD) + " more" : told;
  }

  private static Status status(
      ScalingSchedule schedule,
      Instant now,
      SchedulePlan plan,
      @Nullable String target,
      @Nullable Targets targets,
      @Nullable Setting effective,
      @Nullable String action,
      HpaStep.@Nullable HandsOff obstacle) {
    return new Status(
        schedule.metadata().generation(),
        target,
        targets,
        plan.window().map(Window::name).orElse(ScheduleReading.BASELINE),
        effective,
        plan.next().map(ScheduleStatuses::next).orElse(null),
        action == null ? schedule.status().lastAction() : action,
        conditions(schedule, now, plan, obstacle));
  }

  private static Setting setting(Values values) {
    return new Setting(
        wide(values.min()),
        wide(values.max()),
        wide(values.cpu()),
        wide(values.memory()),
        values.hibernate());
  }

  private static @Nullable Setting effective(Seen target) {
    return switch (target) {
      case Seen.OfHpa(var hpa, var workload, var problem) ->
          new Setting(
              (long) hpa.min(),
              (long) hpa.max(),
              wide(Metrics.cpu(hpa.spec().metrics())),
              wide(Metrics.memory(hpa.spec().metrics())),
              Remembered.in(hpa.metadata()).isPresent() ? Boolean.TRUE : null);
      case Seen.OfResource(var resource) -> {
        ScaledResource.Replicas replicas = resource.spec().replicas();
        yield bounds(
            resource.metadata(),
            replicas == null ? null : replicas.min(),
            replicas == null ? null : replicas.max());
      }
      case Seen.OfKeda(var object) ->
          bounds(
              object.metadata(), object.spec().minReplicaCount(), object.spec().maxReplicaCount());
      case Seen.OfScale(var object, var scale) ->
          new Setting((long) scale.desired(), (long) scale.desired(), null, null, null);
      case Seen.Unreadable unreadable -> null;
    };
  }

  private static Setting bounds(Meta object, @Nullable Integer min, @Nullable Integer max) {
    return new Setting(
        min == null ? Long.valueOf(0) : wide(min),
        wide(max),
        null,
        null,
        object.annotations().containsKey(Steerable.HIBERNATED) ? Boolean.TRUE : null);
  }

  private static @Nullable Long wide(@Nullable Integer value) {
    return value == null ? null : Long.valueOf(value);
  }

  private static Next next(Schedule.Transition transition) {
    Instant at = transition.at().truncatedTo(ChronoUnit.SECONDS);
    return new Next(
        at.toString(),
        transition.window().map(Window::name).orElse(ScheduleReading.BASELINE)
            + ": "
            + transition.values().said());
  }

  private static List<Condition> conditions(
      ScalingSchedule schedule,
      Instant now,
      SchedulePlan plan,
      HpaStep.@Nullable HandsOff obstacle) {
    String findings = plan.findings().stream().map(Finding::text).collect(Collectors.joining("\n"));
    boolean valid = findings.isEmpty();
    String why = obstacle == null ? "the target says what the schedule says" : obstacle.message();
    String reason = obstacle == null ? Statuses.APPLIED : obstacle.reason();
    boolean conflicting = plan.conflict().isPresent();
    boolean ready = valid && obstacle == null;
    return new Conditions(schedule.status().conditions(), schedule.metadata().generation(), now)
        .set(
            Statuses.READY,
            ready,
            obstacle == null && !valid ? "Invalid" : reason,
            ready || obstacle != null ? why : findings)
        .set(
            Statuses.VALID,
            valid,
            valid ? Statuses.VALID : "Invalid",
            valid ? "the spec makes sense" : findings)
        .set(Statuses.APPLIED, obstacle == null, reason, why)
        .set(
            CONFLICTING,
            conflicting,
            conflicting ? "SameRank" : "NoConflict",
            plan.conflict()
                .map(Conflict::text)
                .orElse("no windows of the same rank want different things within eight days"))
        .list();
  }

  private static HpaStep.@Nullable HandsOff obstacle(SchedulePlan plan, Outcome outcome) {
    if (outcome.refusal() != null) {
      return new HpaStep.HandsOff("Refused", outcome.refusal());
    }
    if (!(plan.taken() instanceof HpaStep.HandsOff off)) {
      return null;
    }
    String would =
        switch (plan.step()) {
          case HpaStep.Change change when plan.held().isPresent() ->
              "; it would change " + change.what();
          case ResourceStep change when plan.held().isPresent() ->
              "; it would change " + change.what();
          case KedaStep change when plan.held().isPresent() -> "; it would change " + change.what();
          case WorkloadStep change when plan.held().isPresent() ->
              "; it would change: " + change.what();
          case HpaStep.Nothing nothing -> "; nothing would change now";
          default -> "";
        };
    return new HpaStep.HandsOff(off.reason(), off.message() + would);
  }

  /** Returns whether two statuses say the same. */
  public static boolean same(Status a, Status b) {
    return Objects.equals(a.observedGeneration(), b.observedGeneration())
        && Objects.equals(a.target(), b.target())
        && Objects.equals(a.targets(), b.targets())
        && Objects.equals(a.activeWindow(), b.activeWindow())
        && Objects.equals(a.effective(), b.effective())
        && Objects.equals(a.nextTransition(), b.nextTransition())
        && Objects.equals(a.lastAction(), b.lastAction())
        && a.conditions().size() == b.conditions().size()
        && IntStream.range(0, a.conditions().size())
            .allMatch(i -> a.conditions().get(i).sameAs(b.conditions().get(i)));
  }
}
