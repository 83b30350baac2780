package dev.ebb.runtime.kube;

import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Leadership by a Lease, with client-go's constants: 15 s duration, 10 s renew deadline, a try
 * every 2 s. {@link #mayWrite()} turns false before another replica can take over, so two writers
 * never overlap; a lost lease ends in {@code onLost}, once, and the process is expected to exit.
 *
 * <p>Takes the place of client-java's {@code LeaderElector}, which keeps three platform threads and
 * does not release the lease on stop. Thread-safe.
 */
public final class LeaderLease implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LeaderLease.class);
  private static final ResourceType<JsonNode> LEASES =
      new ResourceType<>("coordination.k8s.io", "v1", "leases", "Lease", JsonNode.class);

  private static final Duration DURATION = Duration.ofSeconds(15);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final KubeClient client;
  private final ResourceKey key;
  private final String identity;
  private final InstantSource clock;
  private final Runnable onAcquired;
  private final Runnable onLost;
  private @Nullable Thread thread;
  private volatile boolean closed;
  // Renewals are measured by the monotonic clock: a jump of the wall clock must not extend them.
  private volatile long renewedNanos;
  private volatile boolean leading;
  private String seenVersion = "";
  private long seenNanos;

  /**
   * Creates a lease; {@link #start()} starts trying.
   *
   * @param key where the Lease object is
   * @param identity unique to this pod incarnation
   * @param onAcquired called once when leadership is won
   * @param onLost called once when leadership is lost against the own will
   */
  public LeaderLease(
      KubeClient client,
      ResourceKey key,
      String identity,
      InstantSource clock,
      Runnable onAcquired,
      Runnable onLost) {
    this.client = client;
    this.key = key;
    this.identity = identity;
    this.clock = clock;
    this.onAcquired = onAcquired;
    this.onLost = onLost;
  }

  /** Starts trying to lead on a virtual thread. */
  public void start() {
    thread = Thread.ofVirtual().name("lease-" + key.name()).start(this::run);
  }

  /** Returns whether this replica leads and its lease is fresh enough to write under it. */
  public boolean mayWrite() {
    return leading && System.nanoTime() - renewedNanos < RENEW_DEADLINE.toNanos();
  }

  /** Stops and, when leading, releases the lease so that the next one takes over at once. */
  @Override
  public void close() {
    closed = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      try {
        running.join(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (leading) {
      leading = false;
      release();
    }
  }

  private void run() {
    while (!closed) {
      try {
        if (tryAcquireOrRenew() && !leading) {
          leading = true;
          log.info("leading as {}", identity);
          onAcquired.run();
        }
      } catch (KubeException e) {
        log.warn("cannot {} lease {}: {}", leading ? "renew" : "get", key, e.getMessage());
      }
      if (leading && !mayWrite() && !closed) {
        leading = false;
        log.error("lost lease {}", key);
        onLost.run();
        return;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean tryAcquireOrRenew() {
    long started = System.nanoTime();
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
    if (!mine && !holder.isEmpty() && started - seenNanos < DURATION.toNanos()) {
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
    fill(lease.putObject("spec"), 0, true);
    return lease;
  }

  private ObjectNode renewal(JsonNode lease, boolean mine, String version) {
    ObjectNode patch = client.json().createObjectNode();
    patch.putObject("metadata").put("resourceVersion", version);
    int transitions = lease.path("spec").path("leaseTransitions").asInt(0);
    fill(patch.putObject("spec"), mine ? transitions : transitions + 1, !mine);
    return patch;
  }

  private void fill(ObjectNode spec, int transitions, boolean acquired) {
    String now = micros(clock.instant());
    spec.put("holderIdentity", identity)
        .put("leaseDurationSeconds", (int) DURATION.toSeconds())
        .put("leaseTransitions", transitions)
        .put("renewTime", now);
    if (acquired) {
      spec.put("acquireTime", now);
    }
  }

  private void release() {
    ObjectNode patch = client.json().createObjectNode();
    patch.putObject("spec").put("holderIdentity", "").put("leaseDurationSeconds", 1);
    try {
      JsonNode lease = client.get(LEASES, key);
      if (Objects.equals(lease.path("spec").path("holderIdentity").asString(""), identity)) {
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
