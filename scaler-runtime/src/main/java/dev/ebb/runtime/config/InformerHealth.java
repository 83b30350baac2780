package dev.ebb.runtime.config;

import dev.ebb.runtime.kube.Informer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Tells whether a service's caches are filled, and for a controller also whether they are fresh:
 * who decides on an old view is not ready. A gateway goes on with what it knows: for it a stale
 * watch is information. Thread-safe.
 */
public final class InformerHealth implements HealthIndicator {

  /** For how long the API server may be out of reach. */
  static final Duration UNREACHABLE = Duration.ofSeconds(30);

  /** For how long a watch may be silent; bookmarks come about once a minute. */
  static final Duration SILENT = Duration.ofMinutes(3);

  private final List<Informer<?>> informers;
  private final InstantSource clock;
  private final boolean staleIsReady;

  private InformerHealth(
      List<? extends Informer<?>> informers, InstantSource clock, boolean staleIsReady) {
    this.informers = List.copyOf(informers);
    this.clock = clock;
    this.staleIsReady = staleIsReady;
  }

  /** For who decides: ready while all caches are filled and fresh. */
  public static InformerHealth fresh(List<? extends Informer<?>> informers, InstantSource clock) {
    return new InformerHealth(informers, clock, false);
  }

  /** For who serves: ready from when all caches are filled. */
  public static InformerHealth filled(List<? extends Informer<?>> informers, InstantSource clock) {
    return new InformerHealth(informers, clock, true);
  }

  @Override
  public Health health() {
    Instant now = clock.instant();
    boolean ready =
        informers.stream().allMatch(i -> i.synced() && (staleIsReady || !stale(i, now)));
    Health.Builder health = ready ? Health.up() : Health.outOfService();
    for (Informer<?> informer : informers) {
      String problem = informer.lastProblem();
      String state =
          !informer.synced() ? "not synced" : stale(informer, now) ? "synced, stale" : "synced";
      health.withDetail(
          informer.type().plural(),
          state
              + ", last heard "
              + informer.lastContact()
              + (problem == null ? "" : ", " + problem));
    }
    return health.build();
  }

  private static boolean stale(Informer<?> informer, Instant now) {
    Duration silence = Duration.between(informer.lastContact(), now);
    return silence.compareTo(informer.lastProblem() == null ? SILENT : UNREACHABLE) > 0;
  }
}
