package dev.ebb.gateway.activity;

import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.route.RouteTable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What the autoscaler hears: a snapshot of all routes' counters, at once when a counter goes from
 * or to zero and each second otherwise. Thread-safe.
 */
public final class ActivityHub {

  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final Duration GATHER = Duration.ofMillis(10);

  /** One replica's counters. */
  public record Snapshot(String instance, long startedAtMillis, List<Entry> resources) {}

  /**
   * One ScaledResource's counters since the replica started.
   *
   * @param idleMillis how long ago the last activity was; null for never
   */
  public record Entry(
      String namespace,
      String name,
      int inFlight,
      int held,
      int open,
      long requests,
      long bytes,
      @Nullable Long idleMillis,
      boolean fenced) {}

  private final RouteTable routes;
  private final String instance;
  private final long startedAtMillis;
  private final Sinks.Many<Boolean> edges = Sinks.many().multicast().directBestEffort();

  /**
   * Creates a hub.
   *
   * @param instance identifies this start of this replica
   * @param startedAtMillis when that was, in epoch milliseconds
   */
  public ActivityHub(RouteTable routes, String instance, long startedAtMillis) {
    this.routes = routes;
    this.instance = instance;
    this.startedAtMillis = startedAtMillis;
  }

  /** Tells listeners that a counter went from or to zero. Never blocks. */
  public void edge() {
    edges.emitNext(true, (signal, result) -> result == Sinks.EmitResult.FAIL_NON_SERIALIZED);
  }

  /** Streams snapshots, the first at once. */
  public Flux<Snapshot> stream() {
    Flux<Boolean> sudden =
        edges.asFlux().onBackpressureLatest().sample(GATHER).onBackpressureLatest();
    return Flux.merge(
            Flux.interval(Duration.ZERO, BEAT).onBackpressureDrop().map(n -> true), sudden)
        .onBackpressureLatest()
        .map(any -> snapshot());
  }

  /** Returns the counters now. */
  public Snapshot snapshot() {
    return new Snapshot(
        instance, startedAtMillis, routes.routes().stream().map(ActivityHub::entry).toList());
  }

  private static Entry entry(Route route) {
    Duration idle = route.idle();
    return new Entry(
        route.spec().key().namespace(),
        route.spec().key().name(),
        route.inFlight(),
        route.held(),
        0,
        route.requests(),
        route.bytes(),
        idle == null ? null : idle.toMillis(),
        route.fenced());
  }
}
