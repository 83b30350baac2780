package dev.ebb.selector.reconcile;

import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.loop.LoopContext;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.api.ServicePool.Status;
import dev.ebb.selector.apply.PoolWriter;
import dev.ebb.selector.plan.Change;
import dev.ebb.selector.plan.Change.Cause;
import dev.ebb.selector.plan.Contest;
import dev.ebb.selector.plan.Observed;
import dev.ebb.selector.plan.Plan;
import dev.ebb.selector.plan.Planner;
import dev.ebb.selector.plan.Pool;
import dev.ebb.selector.plan.SliceStep;
import dev.ebb.selector.plan.Statuses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one pool true: decides on what the caches show, writes each Service that is not as it
 * should be, and tells what became of it. A Service that cannot be written keeps no other from
 * being so.
 */
public final class PoolReconciler implements Reconciler<ResourceKey> {

  private static final Logger log = LoggerFactory.getLogger(PoolReconciler.class);
  private static final Duration SOON = Duration.ofMillis(100);

  /** A clock that was set is noticed after this time at the latest. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /**
   * What is written with.
   *
   * @param usual unless it is frozen
   * @param restores also while it is frozen: whoever deletes a pool wants that
   */
  public record Writers(PoolWriter usual, PoolWriter restores) {}

  private final Lookout lookout;
  private final KubeClient client;
  private final Freezes freezes;
  private final Writers writers;
  private final Reports reports;
  private final Observations observations;
  private final Subject self;
  private final InstantSource clock;
  private final Function<Observed, Plan> planner;
  private final Map<ResourceKey, Contest> contests = new ConcurrentHashMap<>();
  private final Map<ResourceKey, Status> environment = new ConcurrentHashMap<>();

  /**
   * Creates the reconciler.
   *
   * @param self what Events are about when a pool is no object
   */
  public PoolReconciler(
      Lookout lookout,
      KubeClient client,
      Freezes freezes,
      Writers writers,
      Reports reports,
      Observations observations,
      Subject self,
      InstantSource clock) {
    this(lookout, client, freezes, writers, reports, observations, self, clock, Planner::plan);
  }

  /** Creates a reconciler that decides by another planner, for tests with planted faults. */
  PoolReconciler(
      Lookout lookout,
      KubeClient client,
      Freezes freezes,
      Writers writers,
      Reports reports,
      Observations observations,
      Subject self,
      InstantSource clock,
      Function<Observed, Plan> planner) {
    this.planner = planner;
    this.lookout = lookout;
    this.client = client;
    this.freezes = freezes;
    this.writers = writers;
    this.reports = reports;
    this.observations = observations;
    this.self = self;
    this.clock = clock;
  }

  @Override
  public Result reconcile(ResourceKey key) {
    Pool pool = lookout.pool(key).orElse(null);
    if (pool == null) {
      observations.forget(key);
      return gone(key);
    }
    ServicePool object = pool.uid().isEmpty() ? null : lookout.pools().get(key).orElse(null);
    if (object != null) {
      LoopContext.generation(object.metadata().generation());
    }
    return carryOut(pool, object);
  }

  private Result carryOut(Pool pool, @Nullable ServicePool object) {
    Observed observed = lookout.observe(pool, freezes, contests);
    Plan plan = planner.apply(observed);
    if (plan.resume() && object != null) {
      writers.usual().resume(object);
      reports.resumed(object);
      return Result.after(SOON);
    }
    Run run = new Run(pool, object == null ? self : Subject.of(ServicePool.TYPE, object));
    if (plan.held().isEmpty()) {
      plan.changes().forEach(run::change);
      plan.claims().released().forEach(run::release);
      plan.slices().forEach(run::slice);
      plan.create().forEach(name -> run.create(name, plan));
      plan.claims().surplus().forEach(run::delete);
    }
    Instant now = clock.instant();
    observations.decided(pool.key(), plan, now);
    tell(run, object, plan, now);
    if (run.fault != null) {
      // Tried again with a growing delay.
      throw run.fault;
    }
    return run.again ? Result.after(SOON) : Result.after(wait(plan.lookAgain(), now));
  }

  private void tell(Run run, @Nullable ServicePool object, Plan plan, Instant now) {
    Status before =
        object == null ? environment.getOrDefault(run.pool.key(), Status.NONE) : object.status();
    long generation = object == null ? 0 : object.metadata().generation();
    Status status = Statuses.of(before, generation, plan, run.moved, run.failures, now);
    reports.report(run.subject, before, plan, status);
    if (object == null) {
      environment.put(run.pool.key(), status);
      return;
    }
    try {
      writers.usual().status(object, status);
    } catch (KubeException e) {
      run.failed("status", e);
    }
  }

  /** Gives the Services of a pool back that is really gone. */
  private Result gone(ResourceKey key) {
    List<Service> left = lookout.marked(key).filter(s -> !s.metadata().deleting()).toList();
    List<EndpointSlice> slices = lookout.slices(key).toList();
    boolean nothing = left.isEmpty() && slices.isEmpty();
    Optional<ServicePool> still = nothing ? Optional.empty() : client.find(ServicePool.TYPE, key);
    if (nothing || still.filter(p -> !p.metadata().deleting()).isPresent()) {
      return Result.DONE;
    }
    Pool none =
        Pool.ofEnvironment(key, "gone=gone", "gone", "", dev.ebb.selector.api.Strategy.Sticky);
    Run run = new Run(none, self);
    left.forEach(service -> run.giveBack(service, writers.restores()));
    slices.forEach(slice -> run.slice(new SliceStep(slice, null, null), writers.restores()));
    if (run.fault != null) {
      throw run.fault;
    }
    return run.again ? Result.after(SOON) : Result.DONE;
  }

  private static Duration wait(@Nullable Instant until, Instant now) {
    if (until == null || until.isAfter(now.plus(LONGEST_WAIT))) {
      return LONGEST_WAIT;
    }
    return until.isAfter(now) ? Duration.between(now, until) : Duration.ofMillis(1);
  }

  /** What became of one pass. */
  private final class Run {
    private final Pool pool;
    private final Subject subject;
    private final List<String> failures = new ArrayList<>();
    private int moved;
    private boolean again;
    private @Nullable KubeException fault;

    Run(Pool pool, Subject subject) {
      this.pool = pool;
      this.subject = subject;
    }

    void change(Change change) {
      attempt(
          change.service().metadata().name(),
          () -> {
            writers.usual().change(pool, change, clock.instant());
            observations.wrote(change);
            reports.changed(subject, change);
            moved += change.cause().move() ? 1 : 0;
            if (change.cause() == Cause.REPAIR) {
              contests.compute(
                  change.service().key(), (k, before) -> Contest.after(before, clock.instant()));
            }
          });
    }

    void release(Service service) {
      giveBack(service, writers.usual());
    }

    void giveBack(Service service, PoolWriter writer) {
      attempt(
          service.metadata().name(),
          () -> {
            writer.release(service);
            contests.remove(service.key());
            reports.released(service);
          });
    }

    void slice(SliceStep step) {
      slice(step, writers.usual());
    }

    void slice(SliceStep step, PoolWriter writer) {
      attempt(step.text(), () -> writer.slice(step));
    }

    void create(String name, Plan plan) {
      String pod =
          plan.seats().stream()
              .filter(s -> s.standing() == dev.ebb.selector.plan.Seat.Standing.ELIGIBLE)
              .map(s -> s.host().name())
              .findFirst()
              .orElse(null);
      // Where it belongs is decided when it is there, together with all others.
      attempt(name, () -> writers.usual().create(pool, name, pod));
    }

    void delete(Service service) {
      attempt(service.metadata().name(), () -> writers.usual().delete(service));
    }

    private void attempt(String name, Runnable write) {
      try {
        write.run();
      } catch (KubeException e) {
        failed(name, e);
      }
    }

    void failed(String name, KubeException e) {
      if (e.conflict() || e.notFound()) {
        log.debug("{}: somebody was quicker: {}", name, e.getMessage());
        again = true;
        return;
      }
      observations.refused();
      failures.add(name + ": " + e.getMessage());
      fault = e;
    }
  }
}
