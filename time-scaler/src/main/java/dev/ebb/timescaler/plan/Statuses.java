package dev.ebb.timescaler.plan;

import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Conditions;
import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.Window;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.ServiceScaler.Next;
import dev.ebb.timescaler.api.ServiceScaler.Status;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Says what was found and done, and nothing that is not so. Stateless. */
public final class Statuses {

  /** Sums up. */
  public static final String READY = "Ready";

  /** Whether the spec makes sense. */
  public static final String VALID = "Valid";

  /** Whether the HPA says what is in force. */
  public static final String APPLIED = "Applied";

  /** What an object without a range says. */
  static final String DEFAULT = "default";

  /**
   * What became of a plan's step.
   *
   * @param hpa the HPA afterwards; null when there is none
   * @param refusal why the API server refused the step; null when it did not
   * @param action what was done, in words; null when nothing was
   */
  public record Outcome(@Nullable Hpa hpa, @Nullable String refusal, @Nullable String action) {}

  private Statuses() {}

  /** Makes the status. Its time is the one of the status before when it says nothing new. */
  public static Status of(Observed observed, Plan plan, Outcome outcome) {
    ServiceScaler scaler = observed.scaler();
    Status before = scaler.status();
    Status status =
        new Status(
            plan.window().isPresent(),
            scaler.metadata().generation(),
            config(plan, outcome.hpa()),
            before.lastUpdatedTime(),
            outcome.action() == null ? before.lastAction() : outcome.action(),
            plan.inForce() == null ? null : plan.window().map(Window::name).orElse(DEFAULT),
            plan.next().map(Statuses::next).orElse(null),
            conditions(observed, plan, outcome));
    return same(before, status)
        ? before
        : new Status(
            status.timeRangeMatch(),
            status.lastObservedGeneration(),
            status.lastKnownConfig(),
            seconds(observed.now()),
            status.lastAction(),
            status.activeWindow(),
            status.nextTransition(),
            status.conditions());
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** What the HPA has. Metrics that its bounds leave nothing to decide are none. */
  private static ServiceScaler.@Nullable HpaValues config(Plan plan, @Nullable Hpa hpa) {
    if (hpa == null) {
      return null;
    }
    List<tools.jackson.databind.JsonNode> metrics = hpa.spec().metrics();
    boolean pinned =
        plan.inForce() != null
            && !plan.inForce().measured()
            && !Metrics.foreign(metrics)
            && hpa.min() == hpa.max();
    return new ServiceScaler.HpaValues(
        (long) hpa.min(),
        (long) hpa.max(),
        pinned ? null : wide(Metrics.cpu(metrics)),
        pinned ? null : wide(Metrics.memory(metrics)));
  }

  private static @Nullable Long wide(@Nullable Integer value) {
    return value == null ? null : value.longValue();
  }

  private static Next next(Schedule.Transition transition) {
    return new Next(
        seconds(transition.at()),
        transition.window().map(Window::name).orElse(DEFAULT) + ": " + transition.values().text());
  }

  private static List<Condition> conditions(Observed observed, Plan plan, Outcome outcome) {
    String findings = plan.findings().stream().map(Finding::text).collect(Collectors.joining("\n"));
    boolean valid = findings.isEmpty();
    HpaStep.HandsOff obstacle = obstacle(plan, outcome);
    String why = obstacle == null ? applied(plan) : obstacle.message();
    String reason = obstacle == null ? APPLIED : obstacle.reason();
    boolean ready = valid && obstacle == null;
    return new Conditions(
            observed.scaler().status().conditions(),
            observed.scaler().metadata().generation(),
            observed.now())
        .set(
            READY,
            ready,
            obstacle == null && !valid ? "Invalid" : reason,
            ready || obstacle != null ? why : findings)
        .set(VALID, valid, valid ? VALID : "Invalid", valid ? "the spec makes sense" : findings)
        .set(APPLIED, obstacle == null, reason, why)
        .list();
  }

  private static String applied(Plan plan) {
    return "the HPA says what the schedule says"
        + (plan.inForce() == null || plan.inForce().measured()
            ? ""
            : "; without a metric of its own it stays at the minimum");
  }

  private static HpaStep.@Nullable HandsOff obstacle(Plan plan, Outcome outcome) {
    if (outcome.refusal() != null) {
      return new HpaStep.HandsOff("Refused", outcome.refusal());
    }
    if (plan.taken() instanceof HpaStep.LetGo) {
      return new HpaStep.HandsOff(
          "SwitchedOff",
          "the HPA's annotation %s or %s is \"false\": it is left alone, and stays when this"
                  .formatted(Hpa.MANAGED, Hpa.OLD_MANAGED)
              + " ServiceScaler goes");
    }
    if (!(plan.taken() instanceof HpaStep.HandsOff off)) {
      return null;
    }
    boolean idle = plan.step() instanceof HpaStep.Nothing;
    String would =
        switch (plan.step()) {
          case HpaStep.Change change when plan.held().isPresent() ->
              "; it would change " + change.what();
          case HpaStep.Create create when plan.held().isPresent() ->
              "; it would make one: " + HpaPlan.text(create);
          default -> plan.held().isPresent() && idle ? "; nothing would change now" : "";
        };
    return new HpaStep.HandsOff(off.reason(), off.message() + would);
  }

  /** Returns whether two statuses say the same, the time of writing aside. */
  public static boolean same(Status a, Status b) {
    return Objects.equals(a.timeRangeMatch(), b.timeRangeMatch())
        && Objects.equals(a.lastObservedGeneration(), b.lastObservedGeneration())
        && Objects.equals(a.lastKnownConfig(), b.lastKnownConfig())
        && Objects.equals(a.lastAction(), b.lastAction())
        && Objects.equals(a.activeWindow(), b.activeWindow())
        && Objects.equals(a.nextTransition(), b.nextTransition())
        && a.conditions().size() == b.conditions().size()
        && IntStream.range(0, a.conditions().size())
            .allMatch(i -> a.conditions().get(i).sameAs(b.conditions().get(i)));
  }
}
