package dev.ebb.autoscaler.history;

import dev.ebb.autoscaler.activity.ActivityHub;
import dev.ebb.autoscaler.apply.ResourceWriter;
import dev.ebb.autoscaler.apply.Sleeper;
import dev.ebb.autoscaler.plan.Planner;
import dev.ebb.autoscaler.reconcile.GatewayWatch;
import dev.ebb.autoscaler.reconcile.Lookout;
import dev.ebb.autoscaler.reconcile.Observer;
import dev.ebb.autoscaler.reconcile.Releaser;
import dev.ebb.autoscaler.reconcile.Reports;
import dev.ebb.autoscaler.reconcile.ScaledResourceReconciler;
import dev.ebb.autoscaler.reconcile.Triggers;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.Kinds;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.WriteGuard;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.runtime.scale.ScaleSubresourceScaler;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScalerException;
import dev.ebb.testkit.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The autoscaler, wired as its configuration wires it, from the start of the process to its end. In
 * the place of the loop's threads stands a queue that a test empties one key after the other, in
 * the clock's time, so that the same history runs the same way.
 */
final class Stack implements AutoCloseable {

  /** How many watches it keeps open. */
  static final int WATCHES = 8;

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final SteppedClock clock;
  private final Lookout lookout;
  private final ActivityHub activity;
  private final ScaledResourceReconciler reconciler;
  private final Map<ResourceKey, Instant> due = new ConcurrentHashMap<>();

  Stack(
      KubeClient client,
      SteppedClock clock,
      FakeGateway gateway,
      ResourceKey service,
      Seams seams) {
    this.clock = clock;
    lookout = new Lookout(client, FakeGateway.APPS, service, clock);
    GatewayWatch watch = new GatewayWatch(clock);
    activity =
        new ActivityHub(seams.streams().apply(gateway), clock, client.json(), seams.silence());
    ResourceScalers scalers =
        new ResourceScalers(
            List.of(
                seams
                    .scaler()
                    .apply(new ScaleSubresourceScaler(client, new Kinds(client), new Inline()))));
    Observer observer =
        new Observer(lookout, client, scalers, service, watch, activity, Freezes.NONE, clock);
    Planner planner = new Planner(seams.settings());
    WriteGuard guard = () -> true;
    ResourceWriter writer = new ResourceWriter(new ObjectWriter(client, lookout.informers()));
    EventRecorder events =
        new EventRecorder(client, Runnable::run, clock, "autoscaler-0", EventRecorder.Later.NEVER);
    Sleeper.LiveView live =
        seams.live().apply(observer, seen -> Optional.of(observer.cached(seen)));
    reconciler =
        new ScaledResourceReconciler(
            lookout,
            observer,
            planner,
            writer,
            new Sleeper(
                seams.gateway().apply(gateway), live, planner, scalers, writer, guard, clock),
            new Releaser(observer, writer, scalers, events),
            scalers,
            client,
            service,
            new Reports(events),
            new SimpleMeterRegistry(),
            clock);
    Triggers triggers = new Triggers(lookout, watch, activity, this::add, workload -> {});
    triggers.follow();
    lookout.informers().forEach(Informer::start);
    awaitSync();
    activity.restart();
    triggers.addAll();
  }

  private void awaitSync() {
    try {
      for (Informer<?> informer : lookout.informers()) {
        if (!informer.awaitSync(Duration.ofSeconds(30))) {
          throw new IllegalStateException(
              informer.type().plural() + " do not sync: " + informer.lastProblem());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void add(ResourceKey key) {
    due.put(key, Instant.EPOCH);
  }

  /** Returns when the next key is due. */
  Optional<Instant> next() {
    return due.values().stream().min(Comparator.naturalOrder());
  }

  /** Reconciles the key that is due first, if one is due now; returns whether one was. */
  boolean reconcileOne() throws Exception {
    Optional<ResourceKey> first =
        due.entrySet().stream()
            .filter(e -> !e.getValue().isAfter(clock.instant()))
            .min(
                Map.Entry.<ResourceKey, Instant>comparingByValue()
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey);
    if (first.isEmpty()) {
      return false;
    }
    ResourceKey key = first.get();
    due.remove(key);
    try {
      Reconciler.Result result = reconciler.reconcile(key);
      if (result.requeueAfter() != null) {
        due.putIfAbsent(key, clock.instant().plus(result.requeueAfter()));
      }
    } catch (KubeException | ScalerException | CompletionException e) {
      if (e instanceof CompletionException && !(e.getCause() instanceof ScalerException)) {
        throw e;
      }
      // As the loop does, without its growing delay.
      due.putIfAbsent(key, clock.instant().plus(RETRY));
    }
    return true;
  }

  @Override
  public void close() {
    activity.close();
    lookout.close();
  }

  /** Runs everything on the caller's thread: one thing after the other. */
  private static final class Inline extends AbstractExecutorService {
    @Override
    public void execute(Runnable command) {
      command.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
