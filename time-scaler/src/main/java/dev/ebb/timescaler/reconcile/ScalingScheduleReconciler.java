package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.loop.LoopContext;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScalerException;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.plan.HpaStep;
import dev.ebb.timescaler.plan.ScheduleObserved;
import dev.ebb.timescaler.plan.SchedulePlan;
import dev.ebb.timescaler.plan.SchedulePlanner;
import dev.ebb.timescaler.plan.ScheduleStatuses;
import dev.ebb.timescaler.plan.ScheduleStatuses.Outcome;
import dev.ebb.timescaler.plan.ScheduleStatuses.Part;
import dev.ebb.timescaler.plan.Seen;
import dev.ebb.timescaler.plan.TargetStep;
import dev.ebb.timescaler.reconcile.Steered.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one ScalingSchedule true: gives back what it steers no more, decides on each of its targets
 * by what the caches and live counts show, takes the plan's steps, tells what became of them, and
 * looks again at the instant of the next change. A conflict means that somebody was quicker: the
 * next look decides anew. One target that cannot follow never stops the others.
 */
public final class ScalingScheduleReconciler implements Reconciler<ResourceKey> {

  private static final Logger log = LoggerFactory.getLogger(ScalingScheduleReconciler.class);

  /** Bounds, remembering and the count itself, and one to see that it is so. */
  private static final int MOST_STEPS = 4;

  private final Lookout lookout;
  private final Steered steered;
  private final KubeClient client;
  private final TargetViews views;
  private final TargetHands hands;
  private final ScheduleReports reports;
  private final Observations observations;
  private final InstantSource clock;

  /** What became of one target, and why it did not follow. */
  private record Tried(Part part, @Nullable RuntimeException failure) {}

  /** Creates the reconciler. */
  public ScalingScheduleReconciler(
      Lookout lookout,
      Steered steered,
      KubeClient client,
      TargetViews views,
      TargetHands hands,
      ScheduleReports reports,
      Observations observations,
      InstantSource clock) {
    this.lookout = lookout;
    this.steered = steered;
    this.client = client;
    this.views = views;
    this.hands = hands;
    this.reports = reports;
    this.observations = observations;
    this.clock = clock;
  }

  @Override
  public Result reconcile(ResourceKey key) {
    ScalingSchedule schedule = lookout.schedules().get(key).orElse(null);
    try {
      if (schedule == null || schedule.metadata().deleting()) {
        observations.forget(key);
        // A cache that is behind must not end what is there.
        if (schedule != null || client.find(ScalingSchedule.TYPE, key).isEmpty()) {
          release(steered.targets(key));
        }
        return Result.DONE;
      }
      LoopContext.generation(schedule.metadata().generation());
      List<Target> targets = views.targets(schedule);
      Set<Target> left = new HashSet<>(steered.targets(key));
      left.removeAll(new HashSet<>(targets));
      release(left);
      return carryOut(schedule, targets);
    } catch (KubeException | ScalerException e) {
      if (quicker(e)) {
        log.debug("{}: somebody was quicker: {}", key, e.getMessage());
        return Result.after(Waiting.SOON);
      }
      throw e;
    }
  }

  /** Whether somebody changed what was read, so that it has to be decided on anew. */
  private static boolean quicker(RuntimeException e) {
    return switch (e) {
      case KubeException kube -> kube.conflict() || kube.notFound();
      case ScalerException scaler ->
          scaler.kind() == ScalerException.Kind.CONFLICT
              || scaler.kind() == ScalerException.Kind.NOT_FOUND;
      default -> false;
    };
  }

  private static boolean passing(RuntimeException e) {
    return switch (e) {
      case KubeException kube -> kube.transientFailure();
      case ScalerException scaler -> scaler.retryable();
      default -> false;
    };
  }

  /** Gives targets back; one that cannot be given back now does not keep the others. */
  private void release(Set<Target> targets) {
    RuntimeException failure = null;
    for (Target target : targets) {
      try {
        hands.release(target);
      } catch (KubeException | ScalerException e) {
        failure = failure == null || quicker(failure) ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Returns what a decision on a schedule stands on now; of many targets on the first one. */
  public ScheduleObserved observe(ScalingSchedule schedule) {
    List<Target> targets = views.targets(schedule);
    return views.observe(schedule, targets.isEmpty() ? null : targets.getFirst(), clock.instant());
  }

  private Result carryOut(ScalingSchedule schedule, List<Target> targets) {
    boolean many = schedule.spec().targetSelector() != null;
    List<Tried> tried = targets.stream().map(target -> attempt(schedule, target)).toList();
    ScheduleObserved bare = views.observe(schedule, null, clock.instant());
    SchedulePlan plan =
        many || tried.isEmpty() ? SchedulePlanner.plan(bare) : tried.getFirst().part().plan();
    if (plan.resume()) {
      hands.writers().schedules().resume(schedule);
      reports.resumed(schedule);
      return Result.after(Waiting.SOON);
    }
    if (many && tried.stream().anyMatch(one -> one.failure() != null && quicker(one.failure()))) {
      return Result.after(Waiting.SOON);
    }
    ScalingSchedule.Status status;
    TargetStep state;
    if (many || tried.isEmpty()) {
      List<Part> parts = tried.stream().map(Tried::part).toList();
      HpaStep.HandsOff obstacle = ScheduleStatuses.obstacle(plan, parts);
      state = obstacle == null ? new HpaStep.Nothing() : obstacle;
      status =
          many
              ? ScheduleStatuses.of(bare, plan, parts)
              : ScheduleStatuses.of(bare, plan, new Outcome(null, null, null));
    } else {
      Part one = tried.getFirst().part();
      RuntimeException failure = tried.getFirst().failure();
      state = plan.taken();
      if (failure != null && (quicker(failure) || passing(failure))) {
        observations.decided(schedule.key(), state, plan.next(), quicker(failure));
        throw failure;
      }
      status =
          ScheduleStatuses.of(
              new ScheduleObserved(schedule, one.outcome().target(), bare.freeze(), bare.now()),
              plan,
              one.outcome());
    }
    boolean done = tried.stream().allMatch(t -> t.failure() == null || quicker(t.failure()));
    observations.decided(schedule.key(), state, plan.next(), done);
    reports.report(schedule, plan, status);
    hands.writers().schedules().status(schedule, status);
    return after(tried, plan);
  }

  private Result after(List<Tried> tried, SchedulePlan plan) {
    List<RuntimeException> failures = new ArrayList<>();
    for (Tried one : tried) {
      if (one.failure() != null) {
        failures.add(one.failure());
      }
    }
    // Tried again with a growing delay.
    failures.stream()
        .filter(failure -> !quicker(failure))
        .findFirst()
        .ifPresent(failure -> {
          throw failure;
        });
    return failures.isEmpty()
        ? Result.after(Waiting.until(plan.lookAgain(), clock.instant()))
        : Result.after(Waiting.SOON);
  }

  /** Takes one target's steps until none is left. */
  private Tried attempt(ScalingSchedule schedule, Target target) {
    List<String> done = new ArrayList<>();
    Seen seen = null;
    SchedulePlan plan = null;
    try {
      for (int i = 0; i < MOST_STEPS; i++) {
        Instant now = clock.instant();
        ScheduleObserved observed = views.observe(schedule, target, now);
        seen = observed.target();
        plan = SchedulePlanner.plan(observed);
        TargetHands.Done step = hands.take(schedule, target, seen, plan.taken());
        observations.wrote(plan.taken(), true);
        seen = step.target();
        if (step.what() != null) {
          done.add(step.what());
        }
        if (!step.more()) {
          break;
        }
      }
      return new Tried(part(schedule, target, plan, seen, null, done), null);
    } catch (KubeException | ScalerException e) {
      if (plan != null && !quicker(e)) {
        observations.wrote(plan.taken(), false);
      }
      return new Tried(part(schedule, target, plan, seen, e.getMessage(), done), e);
    }
  }

  private Part part(
      ScalingSchedule schedule,
      Target target,
      @Nullable SchedulePlan plan,
      @Nullable Seen seen,
      @Nullable String refusal,
      List<String> done) {
    SchedulePlan decided =
        plan == null ? SchedulePlanner.plan(views.observe(schedule, null, clock.instant())) : plan;
    String what = done.isEmpty() ? null : String.join(", ", done);
    return new Part(target.key(), decided, new Outcome(seen, refusal, what));
  }
}
