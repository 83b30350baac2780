package dev.ebb.gateway.route;

import dev.ebb.runtime.model.IntOrString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One ScaledResource's way through this gateway replica: who passes at once, who waits (first in,
 * first out), what is counted, and the fence.
 *
 * <p>A request passes when no fence is up and a backend is usable. Otherwise it waits, nobody reads
 * its body, and {@link RouteEvents#held} starts the wake. Waiting ends by a backend, a refusal, the
 * wake timeout, or the client leaving, which frees the place at once.
 *
 * <p>Thread-safe; never blocks but for a short lock.
 */
public final class Route {

  /** What the route needs from the world around it. */
  public interface RouteEvents {
    /** Lists the backends of a Service port that are ready. Must be quick. */
    List<Backend> backends(Route route, Port port);

    /** The first request waits: somebody has to wake the workload. Must not block. */
    void held(Route route);

    /** Counters went from or to zero: the autoscaler must hear of it at once. Must not block. */
    void edge(Route route);
  }

  /**
   * A Service port of the route.
   *
   * @param service the Service's name, in the route's namespace
   * @param name the Service port's name, empty when it has none
   * @param target where it leads on a pod
   */
  public record Port(String service, String name, IntOrString target) {}

  /** A request's place among those in flight; {@link #close} ends it, once. */
  public final class Ticket implements AutoCloseable {
    private final AtomicInteger open = new AtomicInteger(1);

    /** Ends the request. */
    @Override
    public void close() {
      if (open.getAndSet(0) == 1) {
        touch();
        if (inFlight.decrementAndGet() == 0) {
          events.edge(Route.this);
        }
      }
    }

    /** Counts bytes of the body, in either direction. */
    public void bytes(long count) {
      bytes.addAndGet(count);
      touch();
    }
  }

  private final RouteEvents events;
  private final HoldBudget budget;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger turn = new AtomicInteger();
  private final WakeSteps wakeSteps;
  private volatile RouteSpec spec;
  private volatile long lastActivityNanos;
  private volatile boolean active;
  private volatile long fenceUntilNanos;
  private volatile boolean fenced;
  private volatile boolean withdrawn;
  private volatile Set<String> condemned = Set.of();

  /**
   * Creates a route.
   *
   * @param budget the replica's places over all routes
   * @param nanoTime a monotonic clock
   */
  public Route(RouteSpec spec, RouteEvents events, HoldBudget budget, LongSupplier nanoTime) {
    this.spec = spec;
    this.events = events;
    this.budget = budget;
    this.nanoTime = nanoTime;
    this.wakeSteps = new WakeSteps(nanoTime);
  }

  /** Returns what the ScaledResource says now. */
  public RouteSpec spec() {
    return spec;
  }

  /** Takes a new version of the ScaledResource. */
  public void update(RouteSpec updated) {
    this.spec = updated;
  }

  /** Returns how far the newest wake has come. */
  public WakeSteps wakeSteps() {
    return wakeSteps;
  }

  /** Marks the route as leaving the gateway: clients are told to close their connections. */
  public void withdraw() {
    withdrawn = true;
  }

  /** Returns whether clients should close their connections. */
  public boolean withdrawn() {
    return withdrawn;
  }

  /** Begins a request that counts as activity. */
  public Ticket begin() {
    touch();
    requests.incrementAndGet();
    if (inFlight.getAndIncrement() == 0) {
      events.edge(this);
    }
    return new Ticket();
  }

  /**
   * Finds a backend for a request, waiting for one if there is none, for the wake timeout at most.
   * Errors with a {@link Refusal}. Cancelling gives the place up at once.
   *
   * @param tried backends that this request could not connect to; a fresh one is waited for
   */
  public Mono<Backend> acquire(Port port, Set<Backend> tried) {
    return Mono.create(sink -> {
      Optional<Backend> now = tryNow(port, tried);
      if (now.isPresent()) {
        sink.success(now.get());
      } else {
        hold(new Waiter(this, port, sink));
      }
    });
  }

  /** Returns a usable backend if one may be used now, in turn. */
  public Optional<Backend> tryNow(Port port, Set<Backend> tried) {
    if (fenced()) {
      return Optional.empty();
    }
    Set<String> asleep = condemned;
    List<Backend> usable = Backends.without(events.backends(this, port), tried);
    if (!asleep.isEmpty()) {
      usable = usable.stream().filter(b -> !asleep.contains(b.podUid())).toList();
    }
    return usable.isEmpty()
        ? Optional.empty()
        : Optional.of(usable.get(Math.floorMod(turn.getAndIncrement(), usable.size())));
  }

  private void hold(Waiter waiter) {
    boolean first;
    lock.lock();
    try {
      if (waiting.size() >= spec.maxHeld()) {
        waiter.refuse(full("RouteFull", "holds " + waiting.size() + " requests already"));
        return;
      }
      if (!budget.take()) {
        waiter.refuse(full("GatewayFull", "this gateway holds " + budget.held() + " already"));
        return;
      }
      first = waiting.isEmpty();
      waiting.add(waiter);
      waiter.begin(spec.wakeTimeout());
    } finally {
      lock.unlock();
    }
    waiter.endWithClient();
    if (first) {
      events.edge(this);
    }
    events.held(this);
    // A backend may have come between the look and the queue.
    release();
  }

  private Refusal full(String reason, String message) {
    return new Refusal(
        503, reason, spec.key() + " is waking and " + message, Duration.ofSeconds(2));
  }

  /** Takes somebody out of the queue; false when it is not in there any more. */
  boolean leave(Waiter waiter) {
    boolean removed;
    boolean empty;
    lock.lock();
    try {
      removed = waiting.remove(waiter);
      empty = waiting.isEmpty();
    } finally {
      lock.unlock();
    }
    if (removed) {
      budget.giveBack();
      if (empty) {
        events.edge(this);
      }
    }
    return removed;
  }

  /** Lets go, in order, everybody for whom there is a backend now. */
  public void release() {
    if (fenced() || waiting.isEmpty()) {
      return;
    }
    record Match(Waiter waiter, Backend backend) {}
    List<Match> matches = new ArrayList<>();
    boolean empty;
    lock.lock();
    try {
      for (Iterator<Waiter> all = waiting.iterator(); all.hasNext(); ) {
        Waiter waiter = all.next();
        Optional<Backend> backend = tryNow(waiter.port(), Set.of());
        if (backend.isPresent()) {
          all.remove();
          matches.add(new Match(waiter, backend.get()));
        }
      }
      empty = waiting.isEmpty();
    } finally {
      lock.unlock();
    }
    for (Match match : matches) {
      budget.giveBack();
      match.waiter().pass(match.backend());
    }
    if (empty && !matches.isEmpty()) {
      events.edge(this);
    }
  }

  /** Answers everybody who waits. The next request starts afresh. */
  public void refuse(Refusal refusal) {
    List<Waiter> refused;
    lock.lock();
    try {
      refused = List.copyOf(waiting);
      waiting.clear();
    } finally {
      lock.unlock();
    }
    for (Waiter waiter : refused) {
      budget.giveBack();
      waiter.refuse(refusal);
    }
    if (!refused.isEmpty()) {
      events.edge(this);
    }
  }

  /**
   * Raises the fence: from now on new requests wait, so that the autoscaler can put the workload to
   * sleep without anybody slipping through.
   *
   * @param uid the ScaledResource that the autoscaler means
   * @param ttl after this time the fence falls by itself and the workload is looked at live
   * @return null when granted, otherwise why not
   */
  public @Nullable String raiseFence(String uid, Duration ttl) {
    if (!uid.equals(spec.uid())) {
      return "another ScaledResource of that name is served here";
    }
    fenceUntilNanos = nanoTime.getAsLong() + ttl.toNanos();
    fenced = true;
    // Requests count themselves before they look at the fence, so one of the two sees the other.
    int flying = inFlight.get();
    int held = held();
    if (flying > 0 || held > 0) {
      fenced = false;
      release();
      return flying + " in flight, " + held + " held";
    }
    return null;
  }

  /** Lets the fence fall because the workload stays up. */
  public void cancelFence() {
    fenced = false;
    release();
  }

  /**
   * Lets the fence fall because the workload was put to sleep.
   *
   * @param podUids its pods: they still look ready for a moment and must not get traffic any more
   */
  public void sleep(Set<String> podUids) {
    condemned = Set.copyOf(podUids);
    fenced = false;
    if (held() > 0) {
      events.held(this);
    }
  }

  /** Forgets which pods were condemned: the workload is wanted up again. */
  public void pardon() {
    condemned = Set.of();
    release();
  }

  /** Returns whether a pod was put to sleep and must not get traffic. */
  public boolean condemned(String podUid) {
    return condemned.contains(podUid);
  }

  /** Returns whether the fence is up. */
  public boolean fenced() {
    return fenced;
  }

  /** Returns whether the fence is up although its time has passed. */
  public boolean fenceExpired() {
    return fenced && nanoTime.getAsLong() - fenceUntilNanos >= 0;
  }

  /** Returns how many requests wait. */
  public int held() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many requests are between their first byte and the last of their answer. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Returns how many requests came since the start. */
  public long requests() {
    return requests.get();
  }

  /** Returns how many body bytes went through since the start. */
  public long bytes() {
    return bytes.get();
  }

  /** Returns how long ago the last activity was; null when there was none since the start. */
  public @Nullable Duration idle() {
    if (!active) {
      return null;
    }
    if (inFlight.get() > 0) {
      return Duration.ZERO;
    }
    return Duration.ofNanos(nanoTime.getAsLong() - lastActivityNanos);
  }

  private void touch() {
    lastActivityNanos = nanoTime.getAsLong();
    active = true;
  }
}
