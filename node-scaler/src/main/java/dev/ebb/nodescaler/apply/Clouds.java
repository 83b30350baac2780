package dev.ebb.nodescaler.apply;

import dev.ebb.runtime.kube.WriteGuard;
import dev.ebb.scaler.nodes.NodePool;
import dev.ebb.scaler.nodes.NodePool.Machine;
import dev.ebb.scaler.nodes.NodePool.State;
import dev.ebb.scaler.nodes.NodeProvider;
import dev.ebb.scaler.nodes.NodeProviderException;
import dev.ebb.scaler.nodes.NodeProviderException.Kind;
import dev.ebb.scaler.nodes.PoolReference;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clouds' pools as they were read last, so that a decision asks no cloud: whatever follows from
 * one is compared with the cloud's own view again before it is done. A pool is read when its view
 * has become old, beside the decisions and not before them; a cloud that fails is left alone for a
 * growing time. Writes are sent only while this process may write. Thread-safe.
 */
public final class Clouds {

  private static final Logger log = LoggerFactory.getLogger(Clouds.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  /** A view that is older says nothing any more. */
  private static final Duration LONGEST_TRUST = Duration.ofMinutes(5);

  /**
   * A pool as far as it is known.
   *
   * @param pool as it was read last; null when it cannot be read
   * @param problem why not; empty when it can
   * @param retryAt when the cloud is asked again after a failure; null for none
   */
  public record View(@Nullable NodePool pool, String problem, @Nullable Instant retryAt) {
    /** Nothing was tried. */
    public static final View NONE = new View(null, "", null);
  }

  /**
   * What is known of a pool.
   *
   * @param pool as it was read last; null for never
   * @param readAt when
   * @param stale whether something was changed since
   * @param problem why it cannot be read; empty when it can
   * @param failures how often it could not, one after the other
   * @param retryAt when it is tried again
   */
  private record Known(
      @Nullable NodePool pool,
      Instant readAt,
      boolean stale,
      String problem,
      int failures,
      @Nullable Instant retryAt) {
    static final Known NOTHING = new Known(null, Instant.EPOCH, true, "", 0, null);
  }

  private final Map<String, NodeProvider> providers = new TreeMap<>();
  private final Map<PoolReference, Known> known = new ConcurrentHashMap<>();
  private final Set<PoolReference> reading = ConcurrentHashMap.newKeySet();
  private final WriteGuard guard;
  private final Executor executor;
  private final CloudMeters meters;
  private final InstantSource clock;

  /**
   * Creates it.
   *
   * @param providers the clouds that there are
   * @param guard is asked before each write
   * @param executor reads beside the decisions
   */
  public Clouds(
      Collection<? extends NodeProvider> providers,
      WriteGuard guard,
      Executor executor,
      MeterRegistry meters,
      InstantSource clock) {
    for (NodeProvider provider : providers) {
      NodeProvider other = this.providers.putIfAbsent(provider.type(), provider);
      if (other != null) {
        throw new IllegalStateException(
            "two providers are called %s: %s and %s; remove one of them"
                .formatted(provider.type(), other.getClass(), provider.getClass()));
      }
    }
    this.guard = guard;
    this.executor = executor;
    this.meters = new CloudMeters(meters);
    this.clock = clock;
  }

  /** Returns the clouds' names. */
  public Set<String> types() {
    return Set.copyOf(providers.keySet());
  }

  /**
   * Returns what is known of a pool, and has it read again when that is old. Blocks only for a pool
   * that was never read.
   *
   * @param age from when on it is old
   * @param changed is called when it has been read again and is another one
   */
  public View view(PoolReference reference, Duration age, Runnable changed) {
    Known now = known.getOrDefault(reference, Known.NOTHING);
    Instant instant = clock.instant();
    boolean quiet = now.retryAt() != null && instant.isBefore(now.retryAt());
    boolean old = now.stale() || !instant.isBefore(now.readAt().plus(age));
    if (old && !quiet) {
      if (now.pool() == null && now.failures() == 0) {
        read(reference);
      } else if (reading.add(reference)) {
        executor.execute(() -> again(reference, now, changed));
      }
    }
    return seen(reference);
  }

  private View seen(PoolReference reference) {
    Known now = known.getOrDefault(reference, Known.NOTHING);
    boolean trusted =
        now.pool() != null
            && now.problem().isEmpty()
            && clock.instant().isBefore(now.readAt().plus(LONGEST_TRUST));
    return new View(
        trusted ? now.pool() : null,
        trusted || !now.problem().isEmpty() ? now.problem() : "it was read too long ago",
        now.retryAt());
  }

  private void again(PoolReference reference, Known before, Runnable changed) {
    try {
      read(reference);
    } finally {
      reading.remove(reference);
    }
    Known after = known.getOrDefault(reference, Known.NOTHING);
    if (!after.problem().equals(before.problem())
        || after.pool() == null
        || !after.pool().equals(before.pool())) {
      changed.run();
    }
  }

  private void read(PoolReference reference) {
    Instant begin = clock.instant();
    try {
      NodePool pool = provider(reference.type()).read(reference);
      known.put(reference, new Known(pool, begin, false, "", 0, null));
    } catch (NodeProviderException e) {
      failed(reference, e);
    } catch (RuntimeException e) {
      // A provider of somebody else's: whatever it throws must not end the decisions of others.
      log.warn("provider {} failed", reference.type(), e);
      failed(reference, new NodeProviderException(Kind.UNAVAILABLE, String.valueOf(e)));
    }
  }

  /** Leaves a cloud alone for a while. */
  private void failed(PoolReference reference, NodeProviderException e) {
    known.compute(
        reference,
        (r, before) -> {
          Known last = before == null ? Known.NOTHING : before;
          int failures = last.failures() + 1;
          Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
          if (pause.compareTo(LONGEST_PAUSE) > 0) {
            pause = LONGEST_PAUSE;
          }
          if (pause.compareTo(e.retryAfter()) < 0) {
            pause = e.retryAfter();
          }
          return new Known(
              last.pool(),
              last.readAt(),
              true,
              String.valueOf(e.getMessage()),
              failures,
              clock.instant().plus(pause));
        });
    log.warn("pool {}: {}", reference.settings(), e.getMessage());
  }

  /** Returns whether a cloud understood, and will not do it for now. */
  public static boolean refusal(NodeProviderException e) {
    return switch (e.kind()) {
      case EXHAUSTED, INVALID, FORBIDDEN -> true;
      case NOT_FOUND, RATE_LIMITED, UNAVAILABLE -> false;
    };
  }

  private void stale(PoolReference pool) {
    known.computeIfPresent(
        pool,
        (reference, k) ->
            new Known(k.pool(), k.readAt(), true, k.problem(), k.failures(), k.retryAt()));
  }

  /**
   * Returns a provider whose calls are counted, whose writes ask whether they may be sent, and what
   * follows from them is known here.
   *
   * @throws NodeProviderException when there is none by this name
   */
  public NodeProvider provider(String type) {
    NodeProvider provider = providers.get(type);
    if (provider == null) {
      throw new NodeProviderException(
          Kind.INVALID, "there is no provider " + type + "; it is one of " + types());
    }
    return new Watched(provider);
  }

  private final class Watched implements NodeProvider {
    private final NodeProvider provider;

    Watched(NodeProvider provider) {
      this.provider = provider;
    }

    @Override
    public String type() {
      return provider.type();
    }

    @Override
    public NodePool read(PoolReference pool) {
      return meters.counted(type(), "read", () -> provider.read(pool));
    }

    @Override
    public int grow(PoolReference pool, int size) {
      guard.require();
      try {
        int now = meters.counted(type(), "grow", () -> provider.grow(pool, size));
        learned(pool, now, "");
        return now;
      } catch (NodeProviderException e) {
        if (refusal(e)) {
          // The cloud is there and said no: how long that counts is remembered with the buffer.
          stale(pool);
        } else {
          failed(pool, e);
        }
        throw e;
      }
    }

    @Override
    public void delete(PoolReference pool, Machine machine, boolean drain) {
      guard.require();
      try {
        meters.counted(
            type(),
            "delete",
            () -> {
              provider.delete(pool, machine, drain);
              return machine;
            });
        learned(pool, -1, machine.id());
      } catch (NodeProviderException e) {
        failed(pool, e);
        throw e;
      }
    }

    /** Keeps what follows from a write until the pool is read again, which is soon. */
    private void learned(PoolReference pool, int size, String deleted) {
      known.computeIfPresent(
          pool,
          (reference, before) -> {
            NodePool last = before.pool();
            if (last == null) {
              return before;
            }
            List<Machine> machines =
                last.machines().stream()
                    .map(m ->
                        m.id().equals(deleted)
                            ? new Machine(m.id(), m.nodeName(), State.DELETING, m.message())
                            : m)
                    .toList();
            int left = Math.max(0, size < 0 ? last.size() - 1 : size);
            NodePool now = new NodePool(left, last.steered(), machines);
            return new Known(now, before.readAt(), true, "", 0, null);
          });
    }
  }
}
