package dev.ebb.runtime.loop;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * A loop's metrics, named as client-go and controller-runtime name theirs so that their dashboards
 * can be read: {@code workqueue_…{name}} and {@code ebb_controller_…{controller}}. All exist from
 * the start, so that the first failure is a rise from zero. Thread-safe.
 */
final class LoopMeters {

  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MeterRegistry registry;
  private final Tags controller;
  private final Tags name;
  private final Map<Outcome, Counter> reconciles = new EnumMap<>(Outcome.class);
  private final Timer reconcileTime;
  private final Timer queueDuration;
  private final Timer workDuration;
  private final Counter adds;
  private final Counter retries;

  /** Registers the meters of the loop with a name. */
  LoopMeters(MeterRegistry registry, String loop) {
    this.registry = registry;
    this.controller = Tags.of("controller", loop);
    this.name = Tags.of("name", loop);
    for (Outcome outcome : Outcome.values()) {
      Tags tags = controller.and("result", outcome.label());
      reconciles.put(outcome, registry.counter("ebb_controller_reconcile", tags));
    }
    this.reconcileTime = registry.timer("ebb_controller_reconcile_time", controller);
    this.queueDuration = registry.timer("workqueue_queue_duration", name);
    this.workDuration = registry.timer("workqueue_work_duration", name);
    this.adds = registry.counter("workqueue_adds", name);
    this.retries = registry.counter("workqueue_retries", name);
  }

  /** Adds the gauges; the loop they look at is not kept alive by them. */
  <T> void watch(
      T loop,
      ToDoubleFunction<T> depth,
      ToDoubleFunction<T> active,
      ToDoubleFunction<T> workers,
      ToDoubleFunction<T> nanosUnfinished,
      ToDoubleFunction<T> nanosLongest) {
    registry.gauge("workqueue_depth", name, loop, depth);
    registry.gauge("ebb_controller_active_workers", controller, loop, active);
    registry.gauge("ebb_controller_max_concurrent_reconciles", controller, loop, workers);
    registry.gauge(
        "workqueue_unfinished_work_seconds",
        name,
        loop,
        l -> nanosUnfinished.applyAsDouble(l) / NANOS);
    registry.gauge(
        "workqueue_longest_running_processor_seconds",
        name,
        loop,
        l -> nanosLongest.applyAsDouble(l) / NANOS);
  }

  /** Counts a key that began to wait. */
  void added() {
    adds.increment();
  }

  /** Records for how long a key was due before a worker was free. */
  void taken(long nanos) {
    queueDuration.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts how a reconcile ended. */
  void counted(Outcome outcome) {
    requireNonNull(reconciles.get(outcome)).increment();
  }

  /** Records how long a reconcile took. */
  void worked(long nanos) {
    reconcileTime.record(nanos, TimeUnit.NANOSECONDS);
    workDuration.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts a key that is tried again because it failed. */
  void retried() {
    retries.increment();
  }
}
