package dev.ebb.runtime.kube;

import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Leadership by a Lease, with client-go's constants: 15 s duration, 10 s renew deadline, a try
 * every 2 s. {@link #mayWrite()} turns false before another replica can take over, and {@link
 * #timeLeft()} bounds what is under way then, so two writers never overlap; a lost lease ends in
 * {@code lost}, once, and the process is expected to exit.
 *
 * <p>Takes the place of client-java's {@code LeaderElector}, which keeps three platform threads,
 * writes the whole spec anew with each renewal, and whose controller does not release the lease on
 * stop. Thread-safe.
 */
public final class LeaderLease implements WriteGuard, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LeaderLease.class);
  private static final ResourceType<JsonNode> LEASES =
      new ResourceType<>("coordination.k8s.io", "v1", "leases", "Lease", JsonNode.class);

  /** How long a stop waits for the lease to be released. */
  private static final Duration RELEASE_WITHIN = Duration.ofSeconds(2);

  /**
   * How leadership is timed.
   *
   * @param duration how long others leave a lease alone that is not renewed
   * @param renewDeadline how long after a renewal the holder still writes
   * @param retry how often it is tried
   */
  record Timing(Duration duration, Duration renewDeadline, Duration retry) {
    static final Timing DEFAULT =
        new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
  }

  private final KubeClient client;
  private final ResourceKey key;
  private final String identity;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Timing timing;
  private @Nullable Thread thread;
  private volatile boolean closed;
  // Renewals are measured by the monotonic clock: a jump of the wall clock must not extend them.
  private volatile long renewedNanos;
  private volatile boolean leading;
  private String seenVersion = "";
  private long seenNanos;

  /**
   * Creates a lease; {@link #start} starts trying.
   *
   * @param key where the Lease object is
   * @param identity unique to this incarnation of the pod, see {@link #identity}
   */
  public LeaderLease(KubeClient client, ResourceKey key, String identity, InstantSource clock) {
    this(client, key, identity, clock, System::nanoTime, Timing.DEFAULT);
  }

  LeaderLease(
      KubeClient client,
      ResourceKey key,
      String identity,
      InstantSource clock,
      LongSupplier nanos,
      Timing timing) {
    // Two tries fit into the deadline even when the first gets no answer.
    this.client = client.unguarded().within(timing.renewDeadline().dividedBy(2));
    this.key = key;
    this.identity = identity;
    this.clock = clock;
    this.nanos = nanos;
    this.timing = timing;
  }

  /**
   * Returns a name that no other process has, and none of this pod's containers had before: one
   * that was restarted has to wait like anybody else.
   */
  public static String identity(String podName, String podUid, InstantSource clock) {
    return podName + "_" + podUid + "_" + clock.millis();
  }

  /**
   * Starts trying to lead on a virtual thread.
   *
   * @param acquired called once when leadership is won
   * @param lost called once when leadership is lost against the own will
   */
  public void start(Runnable acquired, Runnable lost) {
    thread = Thread.ofVirtual().name("lease-" + key.name()).start(() -> run(acquired, lost));
  }

  /** Returns where the Lease object is. */
  public ResourceKey key() {
    return key;
  }

  /** Returns whether this replica leads and its lease is fresh enough to write under it. */
  @Override
  public boolean mayWrite() {
    return leading && age() < timing.renewDeadline().toNanos();
  }

  /** Returns how long it takes at least until another replica may lead. */
  @Override
  public Duration timeLeft() {
    return leading ? timing.duration().minusNanos(age()) : Duration.ZERO;
  }

  private long age() {
    return nanos.getAsLong() - renewedNanos;
  }

  /**
   * Stops and, when leading, releases the lease so that the next one takes over at once. Waits two
   * seconds for that at most; a lease that is not released runs out by itself.
   */
  @Override
  public void close() {
    closed = true;
    Thread running = thread;
    if (running == null) {
      return;
    }
    running.interrupt();
    Thread releasing =
        Thread.ofVirtual()
            .name("lease-release")
            .start(() -> {
              try {
                running.join();
                if (leading) {
                  leading = false;
                  release();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      if (!releasing.join(RELEASE_WITHIN)) {
        leading = false;
        log.info("lease {} is not released yet, it runs out by itself", key);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Runnable acquired, Runnable lost) {
    while (!closed) {
      try {
        if (tryAcquireOrRenew() && !leading && !closed) {
          leading = true;
          log.info("leading as {}", identity);
          acquired.run();
        }
      } catch (KubeException e) {
        if (!closed) {
          log.warn("cannot {} lease {}: {}", leading ? "renew" : "get", key, e.getMessage());
        }
      }
      if (leading && !mayWrite() && !closed) {
        leading = false;
        log.error("lost lease {}", key);
        lost.run();
        return;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(timing.retry().toNanos());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean tryAcquireOrRenew() {
    long started = nanos.getAsLong();
    JsonNode lease = client.find(LEASES, key).orElse(null);
    if (lease == null) {
      client.create(LEASES, key.namespace(), newLease());
      renewedNanos = started;
      return true;
    }
    String holder = lease.path("spec").path("holderIdentity").asString("");
    String version = lease.path("metadata").path("resourceVersion").asString("");
    if (!version.equals(seenVersion)) {
      seenVersion = version;
      seenNanos = started;
    }
    boolean mine = holder.equals(identity);
    // Another's lease is judged by how long we saw it unchanged, never by its clock.
    if (!mine && !holder.isEmpty() && started - seenNanos < timing.duration().toNanos()) {
      return false;
    }
    client.patch(LEASES, key, null, KubeClient.PatchType.MERGE, renewal(lease, mine, version));
    renewedNanos = started;
    return true;
  }

  private ObjectNode newLease() {
    ObjectNode lease = client.json().createObjectNode();
    lease.put("apiVersion", LEASES.apiVersion()).put("kind", LEASES.kind());
    lease.putObject("metadata").put("name", key.name()).put("namespace", key.namespace());
    take(lease.putObject("spec"), 0);
    return lease;
  }

  /** A renewal touches nothing but its time. */
  private ObjectNode renewal(JsonNode lease, boolean mine, String version) {
    ObjectNode patch = on(version);
    ObjectNode spec = patch.putObject("spec");
    if (mine) {
      spec.put("renewTime", micros(clock.instant()));
    } else {
      take(spec, lease.path("spec").path("leaseTransitions").asInt(0) + 1);
    }
    return patch;
  }

  private ObjectNode on(String version) {
    ObjectNode patch = client.json().createObjectNode();
    patch.putObject("metadata").put("resourceVersion", version);
    return patch;
  }

  private void take(ObjectNode spec, int transitions) {
    String now = micros(clock.instant());
    spec.put("holderIdentity", identity)
        .put("leaseDurationSeconds", (int) Math.max(1, timing.duration().toSeconds()))
        .put("leaseTransitions", transitions)
        .put("acquireTime", now)
        .put("renewTime", now);
  }

  private void release() {
    try {
      JsonNode lease = client.get(LEASES, key);
      if (lease.path("spec").path("holderIdentity").asString("").equals(identity)) {
        ObjectNode patch = on(lease.path("metadata").path("resourceVersion").asString(""));
        patch.putObject("spec").put("holderIdentity", "").put("leaseDurationSeconds", 1);
        client.patch(LEASES, key, null, KubeClient.PatchType.MERGE, patch);
      }
    } catch (KubeException e) {
      log.info("lease {} not released, it runs out by itself: {}", key, e.getMessage());
    }
  }

  // metav1.MicroTime: exactly six digits.
  private static String micros(Instant instant) {
    return java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
        .withZone(java.time.ZoneOffset.UTC)
        .format(instant);
  }
}
