package dev.ebb.cleanup.reconcile;

import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.apply.Cleaner;
import dev.ebb.cleanup.plan.Observed;
import dev.ebb.cleanup.plan.Plan;
import dev.ebb.cleanup.plan.Planner;
import dev.ebb.cleanup.plan.Step;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.loop.LoopContext;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans up after one StatefulSet: decides on what the caches show and takes the plan's steps. One
 * ordinal that fails does not stop the others; what fails is tried again with a growing delay. A
 * conflict, or a rule of safety that does not hold in the moment of a write, means that the world
 * has moved on: the next look decides anew.
 */
public final class StatefulSetReconciler implements Reconciler<ResourceKey> {

  private static final Logger log = LoggerFactory.getLogger(StatefulSetReconciler.class);
  private static final Duration SOON = Duration.ofMillis(100);

  /**
   * How soon what was decided on and is no longer so is looked at again; twice as late each time.
   */
  private static final Duration LATER = Duration.ofSeconds(1);

  private static final int DOUBLINGS = 5;

  private final Observer observer;
  private final Cleaner cleaner;
  private final Reports reports;
  private final Observations observations;
  private final Predicate<String> watched;
  private final InstantSource clock;

  /** How often a set's plan was no longer so, one time after the other. */
  private final Map<ResourceKey, Integer> stalls = new ConcurrentHashMap<>();

  /**
   * Creates the reconciler.
   *
   * @param watched which namespaces are looked at
   */
  public StatefulSetReconciler(
      Observer observer,
      Cleaner cleaner,
      Reports reports,
      Observations observations,
      Predicate<String> watched,
      InstantSource clock) {
    this.observer = observer;
    this.cleaner = cleaner;
    this.reports = reports;
    this.observations = observations;
    this.watched = watched;
    this.clock = clock;
  }

  /** What became of steps that are taken one after the other. */
  private enum Outcome {
    NOTHING,
    DONE,
    MOVED_ON
  }

  @Override
  public Result reconcile(ResourceKey key) {
    if (!watched.test(key.namespace())) {
      return Result.DONE;
    }
    Observed observed = observer.observe(key);
    StatefulSet set = observed.set();
    Plan plan = Planner.plan(observed);
    if (set == null) {
      observations.forget(key);
      reports.forget(key);
    } else {
      LoopContext.generation(set.metadata().generation());
      observations.decided(key, plan);
      reports.findings(set, plan.findings());
    }
    return carryOut(observed, plan);
  }

  private Result carryOut(Observed observed, Plan plan) {
    KubeException failure = null;
    Outcome outcome = Outcome.NOTHING;
    try {
      outcome = worse(outcome, take(observed, plan.set()));
    } catch (KubeException e) {
      failure = e;
    }
    for (Plan.Ordinal ordinal : plan.ordinals()) {
      try {
        outcome = worse(outcome, take(observed, ordinal.steps()));
      } catch (KubeException e) {
        failure = e;
        refused(observed, ordinal, e);
      }
    }
    try {
      take(observed, plan.reports());
    } catch (KubeException e) {
      failure = e;
    }
    if (failure != null) {
      throw failure;
    }
    if (outcome != Outcome.MOVED_ON) {
      stalls.remove(observed.key());
    }
    return switch (outcome) {
      case MOVED_ON -> later(observed.key());
      case DONE -> Result.after(SOON);
      case NOTHING -> until(plan.lookAgain());
    };
  }

  /** What the cache will tell wakes the key at once; this is for what it may never tell. */
  private Result later(ResourceKey key) {
    int times = stalls.merge(key, 1, Integer::sum);
    return Result.after(LATER.multipliedBy(1L << Math.min(times - 1, DOUBLINGS)));
  }

  private static Outcome worse(Outcome a, Outcome b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private Result until(@Nullable Instant instant) {
    if (instant == null) {
      return Result.DONE;
    }
    Duration wait = Duration.between(clock.instant(), instant);
    return Result.after(wait.compareTo(SOON) < 0 ? SOON : wait);
  }

  private Outcome take(Observed observed, List<Step> steps) {
    Outcome outcome = Outcome.NOTHING;
    for (Step step : steps) {
      try {
        cleaner.take(observed, step, clock.instant());
      } catch (Cleaner.NotNowException e) {
        if (!stalls.containsKey(observed.key())) {
          log.info("{}: not now: {}", observed.key(), e.getMessage());
        }
        return Outcome.MOVED_ON;
      } catch (KubeException e) {
        if (e.conflict() || e.notFound()) {
          log.debug("{}: somebody was quicker: {}", observed.key(), e.getMessage());
          return Outcome.MOVED_ON;
        }
        throw e;
      }
      outcome = Outcome.DONE;
      observations.taken(step, clock.instant());
      if (observed.set() != null) {
        reports.taken(observed.set(), step);
      } else if (step instanceof Step.DeletePod delete) {
        reports.leftover(delete.pod());
      }
    }
    return outcome;
  }

  /** A pod that makes no sense to the API server waits until its template has changed. */
  private void refused(Observed observed, Plan.Ordinal ordinal, KubeException refusal) {
    boolean create = ordinal.steps().stream().anyMatch(Step.CreatePod.class::isInstance);
    if (!create || (refusal.code() != 422 && refusal.code() != 400)) {
      return;
    }
    Planner.refused(
            observer.observe(observed.key()),
            ordinal.ordinal(),
            String.valueOf(refusal.getMessage()))
        .ifPresent(note -> take(observed, List.of(note)));
  }
}
