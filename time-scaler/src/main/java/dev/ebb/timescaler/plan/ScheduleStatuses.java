package dev.ebb.timescaler.plan;

import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Conditions;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule.Next;
import dev.ebb.timescaler.api.ScalingSchedule.Setting;
import dev.ebb.timescaler.api.ScalingSchedule.Status;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Says what was found and done for a ScalingSchedule, and nothing that is not so. Stateless. */
public final class ScheduleStatuses {

  /** Whether windows of the same rank want different things at the same time. */
  public static final String CONFLICTING = "Conflicting";

  /**
   * What became of a plan's step.
   *
   * @param hpa the target afterwards, when it is an HPA
   * @param resource the target afterwards, when it is a ScaledResource
   * @param refusal why the API server refused the step; null when it did not
   * @param action what was done, in words; null when nothing was
   */
  public record Outcome(
      @Nullable Hpa hpa,
      @Nullable ScaledResource resource,
      @Nullable String refusal,
      @Nullable String action) {}

  private ScheduleStatuses() {}

  /** Makes the status. */
  public static Status of(ScheduleObserved observed, SchedulePlan plan, Outcome outcome) {
    Status before = observed.schedule().status();
    return new Status(
        observed.schedule().metadata().generation(),
        plan.window().map(Window::name).orElse(ScheduleReading.BASELINE),
        effective(outcome),
        plan.next().map(ScheduleStatuses::next).orElse(null),
        outcome.action() == null ? before.lastAction() : outcome.action(),
        conditions(observed, plan, outcome));
  }

  private static @Nullable Setting effective(Outcome outcome) {
    if (outcome.hpa() != null) {
      return new Setting(
          (long) outcome.hpa().min(),
          (long) outcome.hpa().max(),
          wide(Metrics.cpu(outcome.hpa().spec().metrics())),
          wide(Metrics.memory(outcome.hpa().spec().metrics())));
    }
    if (outcome.resource() != null) {
      ScaledResource.Replicas replicas = outcome.resource().spec().replicas();
      return new Setting(
          replicas == null || replicas.min() == null ? Long.valueOf(0) : wide(replicas.min()),
          replicas == null ? null : wide(replicas.max()),
          null,
          null);
    }
    return null;
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
      ScheduleObserved observed, SchedulePlan plan, Outcome outcome) {
    String findings = plan.findings().stream().map(Finding::text).collect(Collectors.joining("\n"));
    boolean valid = findings.isEmpty();
    HpaStep.HandsOff obstacle = obstacle(plan, outcome);
    String why = obstacle == null ? "the target says what the schedule says" : obstacle.message();
    String reason = obstacle == null ? Statuses.APPLIED : obstacle.reason();
    boolean conflicting = plan.conflict().isPresent();
    boolean ready = valid && obstacle == null;
    return new Conditions(
            observed.schedule().status().conditions(),
            observed.schedule().metadata().generation(),
            observed.now())
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
          case HpaStep.Nothing nothing -> "; nothing would change now";
          default -> "";
        };
    return new HpaStep.HandsOff(off.reason(), off.message() + would);
  }

  /** Returns whether two statuses say the same. */
  public static boolean same(Status a, Status b) {
    return Objects.equals(a.observedGeneration(), b.observedGeneration())
        && Objects.equals(a.activeWindow(), b.activeWindow())
        && Objects.equals(a.effective(), b.effective())
        && Objects.equals(a.nextTransition(), b.nextTransition())
        && Objects.equals(a.lastAction(), b.lastAction())
        && a.conditions().size() == b.conditions().size()
        && IntStream.range(0, a.conditions().size())
            .allMatch(i -> a.conditions().get(i).sameAs(b.conditions().get(i)));
  }
}
