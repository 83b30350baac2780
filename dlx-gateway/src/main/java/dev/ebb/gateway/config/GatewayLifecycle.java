package dev.ebb.gateway.config;

import dev.ebb.gateway.proxy.PortListeners;
import dev.ebb.gateway.route.Route;
import dev.ebb.runtime.config.RuntimeProperties;
import dev.ebb.runtime.kube.CacheSync;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the watches, and on SIGTERM leaves in order: accept until no slice lists this replica as
 * ready, and a little longer for what is on its way; then let what is held and in flight end, up to
 * a deadline; then close.
 */
final class GatewayLifecycle implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(GatewayLifecycle.class);
  private static final Duration LONGEST_LISTED = Duration.ofSeconds(20);
  private static final int WORKERS = 4;

  private final Lookout lookout;
  private final CacheSync caches;
  private final Heart heart;
  private final ReconcileLoop<ResourceKey> loop;
  private final PortListeners listeners;
  private final Draining draining;
  private final GatewayProperties properties;
  private final RuntimeProperties runtime;
  private volatile boolean running;

  GatewayLifecycle(
      Lookout lookout,
      CacheSync caches,
      Heart heart,
      ReconcileLoop<ResourceKey> loop,
      PortListeners listeners,
      Draining draining,
      GatewayProperties properties,
      RuntimeProperties runtime) {
    this.lookout = lookout;
    this.caches = caches;
    this.heart = heart;
    this.loop = loop;
    this.listeners = listeners;
    this.draining = draining;
    this.properties = properties;
    this.runtime = runtime;
  }

  /** Stopped first, while the activity stream, the informers and the API client still work. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void start() {
    running = true;
    heart.follow(loop::add);
    caches.start(this::startLoop);
  }

  /** Reconciles only on full caches: an empty one would look like "serve nothing". */
  private void startLoop() {
    heart.routes().servedServices().forEach(loop::add);
    lookout.ownSlices().list().stream()
        .map(s -> new ResourceKey(s.metadata().namespace(), s.serviceName()))
        .forEach(loop::add);
    loop.start(WORKERS);
  }

  @Override
  public void stop() {
    running = false;
    draining.begin();
    try {
      long until = System.nanoTime() + LONGEST_LISTED.toNanos();
      while (listed() && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      log.info("no slice lists this replica; draining");
      TimeUnit.NANOSECONDS.sleep(properties.settle().toNanos());
      listeners.drain(this::unfinished, properties.drain());
      log.info("drained, {} unfinished", unfinished());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private boolean listed() {
    String ip = runtime.pod().ip();
    return lookout.ownSlices().list().stream()
        .flatMap(slice -> slice.endpoints().stream())
        .anyMatch(e -> e.ready() && e.addresses().contains(ip));
  }

  private int unfinished() {
    return heart.routes().routes().stream().mapToInt(Route::inFlight).sum();
  }
}
