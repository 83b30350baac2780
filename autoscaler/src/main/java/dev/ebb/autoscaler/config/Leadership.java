package dev.ebb.autoscaler.config;

import dev.ebb.autoscaler.activity.ActivityHub;
import dev.ebb.autoscaler.apply.WriteGuard;
import dev.ebb.autoscaler.reconcile.Lookout;
import dev.ebb.autoscaler.reconcile.Triggers;
import dev.ebb.autoscaler.reconcile.WorkloadKey;
import dev.ebb.runtime.config.RuntimeProperties;
import dev.ebb.runtime.freeze.FreezeWatch;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.LeaderLease;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the watches, then tries to lead, and decides only while leading. A standby's caches are
 * warm. A lease that is lost ends the process: whatever is under way must not write any more.
 */
final class Leadership implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  private final Lookout lookout;
  private final FreezeWatch freezes;
  private final Triggers triggers;
  private final ReconcileLoop<ResourceKey> resourceLoop;
  private final ReconcileLoop<WorkloadKey> workloadLoop;
  private final ActivityHub activity;
  private final LeaseHolder lease;
  private final AutoscalerProperties properties;
  private final RuntimeProperties runtime;
  private volatile boolean running;

  Leadership(
      Lookout lookout,
      FreezeWatch freezes,
      Triggers triggers,
      ReconcileLoop<ResourceKey> resourceLoop,
      ReconcileLoop<WorkloadKey> workloadLoop,
      ActivityHub activity,
      LeaseHolder lease,
      AutoscalerProperties properties,
      RuntimeProperties runtime) {
    this.lookout = lookout;
    this.freezes = freezes;
    this.triggers = triggers;
    this.resourceLoop = resourceLoop;
    this.workloadLoop = workloadLoop;
    this.activity = activity;
    this.lease = lease;
    this.properties = properties;
    this.runtime = runtime;
  }

  /** The lease, and the guard that all writes ask. */
  static final class LeaseHolder implements WriteGuard {
    private final LeaderLease lease;
    private volatile Runnable onAcquired = () -> {};

    LeaseHolder(java.util.function.BiFunction<Runnable, Runnable, LeaderLease> factory) {
      this.lease = factory.apply(() -> onAcquired.run(), LeaseHolder::lost);
    }

    private static void lost() {
      // From another thread: this one is waited for when the context closes.
      Thread.ofPlatform().name("lease-lost").start(() -> System.exit(1));
    }

    @Override
    public boolean mayWrite() {
      return lease.mayWrite();
    }
  }

  @Override
  public void start() {
    running = true;
    if (runtime.training()) {
      return;
    }
    triggers.follow();
    lookout.informers().forEach(Informer::start);
    lease.onAcquired = this::lead;
    Thread.ofVirtual().name("await-sync").start(this::awaitSync);
  }

  private void awaitSync() {
    try {
      List<Informer<?>> all =
          Stream.concat(lookout.informers().stream(), freezes.informers().stream()).toList();
      for (Informer<?> informer : all) {
        while (!informer.awaitSync(Duration.ofSeconds(30))) {
          log.warn("still waiting for {}: {}", informer.type().plural(), informer.lastProblem());
        }
      }
      lease.lease.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lead() {
    activity.restart();
    triggers.addAll();
    resourceLoop.start(properties.workers());
    workloadLoop.start(2);
  }

  @Override
  public void stop() {
    running = false;
    if (runtime.training()) {
      return;
    }
    workloadLoop.close();
    resourceLoop.close();
    lease.lease.close();
    lookout.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
