package dev.ebb.gateway.wake;

import dev.ebb.gateway.route.Refusal;
import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.route.RouteSpec;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.WakeCount;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScalerException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes workloads: one wake at a time for each route, however many requests wait. A wake lasts as
 * long as somebody waits: it raises the scale from zero, then watches the pods come up, and answers
 * those who wait when something stands in the way. Nothing of a wake is remembered after it, so a
 * failed one never harms the next request. Waking a workload that is up already is a read.
 *
 * <p>Thread-safe; blocks only on virtual threads of its own.
 */
public final class Waker {

  private static final Logger log = LoggerFactory.getLogger(Waker.class);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final int LOOKS_BETWEEN_READS = 8;
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration COME_AGAIN = Duration.ofSeconds(5);

  /** An API server that has just started forbids everything until it has read its roles. */
  private static final Duration FORBIDDEN_AT_START = Duration.ofSeconds(10);

  /** What the waker needs to know of the cluster beside the scale. */
  public interface Cluster {
    /** Finds what stands in the way of a route's pods now. */
    Optional<WakeProblem> problem(RouteSpec spec);

    /** Returns whether a pod of the workload may get traffic now. */
    boolean ready(RouteSpec spec);

    /** Reads the HPA of a workload, or null when it has none; blocks. */
    @Nullable HorizontalPodAutoscaler hpa(RouteSpec spec);

    /** Returns whether the autoscaler's status says that the workload is asleep. */
    boolean saidAsleep(RouteSpec spec);

    /** Reports a wake's beginning, end or failure as an Event; never blocks. */
    void event(RouteSpec spec, boolean warning, String reason, String message);
  }

  private final ResourceScalers scalers;
  private final Cluster cluster;
  private final ExecutorService executor;
  private final MeterRegistry meters;
  private final Set<Route> running = ConcurrentHashMap.newKeySet();

  /**
   * Creates a waker.
   *
   * @param executor runs the wakes; virtual threads
   */
  public Waker(
      ResourceScalers scalers, Cluster cluster, ExecutorService executor, MeterRegistry meters) {
    this.scalers = scalers;
    this.cluster = cluster;
    this.executor = executor;
    this.meters = meters;
  }

  /** Makes sure that a wake of the route runs. Returns at once. */
  public void wake(Route route) {
    if (running.add(route)) {
      executor.execute(() -> run(route));
    }
  }

  private void run(Route route) {
    long started = System.nanoTime();
    route.wakeSteps().begin();
    String result = "abandoned";
    try {
      result = untilNobodyWaits(route);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("wake of {} failed", route.spec().key(), e);
      result = "error";
      route.refuse(new Refusal(503, "WakeFailed", "cannot wake: " + e.getMessage(), COME_AGAIN));
    } finally {
      running.remove(route);
      meters.counter("ebb_gateway_wakes", "result", result).increment();
      meters
          .timer("ebb_gateway_wake", "result", result)
          .record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
    // Somebody may have come between the last look and the removal.
    if (route.held() > 0) {
      wake(route);
    }
  }

  private String untilNobodyWaits(Route route) throws InterruptedException {
    Patience patience = new Patience();
    int looks = 0;
    Raised raised = Raised.NOT_NEEDED;
    while (route.held() > 0) {
      if (route.fenced()) {
        TimeUnit.MILLISECONDS.sleep(5);
        continue;
      }
      if (looks % LOOKS_BETWEEN_READS == 0) {
        try {
          Raised now = raise(route, looks == 0);
          raised = now == Raised.NOT_NEEDED ? raised : now;
          patience.renew();
        } catch (ScalerException | KubeException e) {
          if (!patience.mayPass(e)) {
            return refuse(route, 503, "WakeRefused", Objects.toString(e.getMessage(), ""), null);
          }
          log.warn("cannot wake {} yet: {}", route.spec().key(), e.getMessage());
          patience.pause();
          continue;
        }
      }
      looks++;
      route.release();
      if (route.held() == 0) {
        break;
      }
      Optional<WakeProblem> problem = cluster.problem(route.spec());
      if (problem.isPresent() && problem.get().fatal() && looks > 2) {
        return refuse(route, 503, problem.get().reason(), problem.get().message(), COME_AGAIN);
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
    return ended(route.spec(), raised);
  }

  /** Nobody waits any more: because they were answered, or because they left or ran out of time. */
  private String ended(RouteSpec spec, Raised raised) {
    if (raised == Raised.FROM_ZERO && !cluster.ready(spec)) {
      cluster.event(
          spec,
          true,
          "WakeUnfinished",
          "Nobody waits any more, and no pod is ready yet; look at the workload's pods");
      return "unfinished";
    }
    if (raised == Raised.FROM_ZERO) {
      cluster.event(spec, false, "scaleFromZeroCompleted", "The workload answers again");
    }
    return switch (raised) {
      case FROM_ZERO -> "woken";
      case NOT_NEEDED -> "awake";
      case OFF -> "off";
    };
  }

  private String refuse(
      Route route, int status, String reason, String message, @Nullable Duration retryAfter) {
    route.refuse(new Refusal(status, reason, message, retryAfter));
    cluster.event(route.spec(), true, "WakeFailed", reason + ": " + message);
    return "failed";
  }

  /** How long an API that fails is borne with in one wake. Not thread-safe. */
  private static final class Patience {
    private int failures;
    private @Nullable Long forbiddenSince;

    void renew() {
      failures = 0;
      forbiddenSince = null;
    }

    /** Returns whether the failure may pass by itself. */
    boolean mayPass(RuntimeException e) {
      if (!forbidden(e)) {
        forbiddenSince = null;
        return e instanceof ScalerException scaler
            ? scaler.retryable()
            : e instanceof KubeException kube && kube.transientFailure();
      }
      long now = System.nanoTime();
      long since = forbiddenSince == null ? now : forbiddenSince;
      forbiddenSince = since;
      return now - since < FORBIDDEN_AT_START.toNanos();
    }

    private static boolean forbidden(RuntimeException e) {
      return e instanceof ScalerException scaler
          ? scaler.kind() == ScalerException.Kind.FORBIDDEN
          : e instanceof KubeException kube && kube.forbidden();
    }

    void pause() throws InterruptedException {
      TimeUnit.MILLISECONDS.sleep(
          Math.min(LONGEST_BACKOFF.toMillis(), 20L << Math.min(failures++, 6)));
    }
  }

  /** What a look at the scale came to. */
  private enum Raised {
    NOT_NEEDED,
    FROM_ZERO,
    OFF
  }

  /**
   * Raises the scale if it is zero and Ebb may; where it may not, those who wait are answered.
   *
   * @param first whether it was not looked at yet in this wake: it is zero then as a rule, and what
   *     is needed to raise it is read at the same time
   */
  private Raised raise(Route route, boolean first) {
    RouteSpec spec = route.spec();
    ResourceScaler scaler = scalers.of(spec.target());
    CompletableFuture<@Nullable HorizontalPodAutoscaler> meanwhile =
        first ? CompletableFuture.supplyAsync(() -> cluster.hpa(spec), executor) : null;
    Scale scale = scaler.getScale(spec.target());
    if (scale.desired() > 0) {
      route.wakeSteps().scaled();
      route.pardon();
      return Raised.NOT_NEEDED;
    }
    HorizontalPodAutoscaler hpa = meanwhile == null ? cluster.hpa(spec) : join(meanwhile);
    if (spec.paused()
        || !ZeroOwner.asleep(scale, hpa, spec.adoptZero(), cluster.saidAsleep(spec))) {
      route.refuse(off(spec));
      return Raised.OFF;
    }
    int replicas =
        WakeCount.of(spec.replicas(), spec.remembered(), hpa == null ? List.of() : List.of(hpa));
    join(
        scaler.setScale(
            new ScaleRequest(spec.target(), replicas, scale.version(), "a request waits")));
    route.wakeSteps().scaled();
    route.pardon();
    log.info("woke {}: 0 -> {}", spec.target(), replicas);
    cluster.event(spec, false, "scaleFromZeroStarted", "A request came: replicas 0 -> " + replicas);
    return Raised.FROM_ZERO;
  }

  private static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Refusal off(RouteSpec spec) {
    return new Refusal(
        503,
        "Off",
        spec.target()
            + " was set to 0 replicas by somebody else than Ebb (or is paused) and stays so; scale"
            + " it up by hand, or set adoptZero: true on ScaledResource "
            + spec.key(),
        null);
  }
}
