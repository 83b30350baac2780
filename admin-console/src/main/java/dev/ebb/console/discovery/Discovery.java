package dev.ebb.console.discovery;

import de.codecentric.boot.admin.server.domain.values.InstanceId;
import de.codecentric.boot.admin.server.domain.values.Registration;
import de.codecentric.boot.admin.server.services.InstanceIdGenerator;
import de.codecentric.boot.admin.server.services.InstanceRegistry;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.model.EndpointSlice;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Keeps the console's register equal to the replicas that the slices list. An instance has the name
 * of its pod, so that its page keeps its address and a successor never inherits it. Thread-safe.
 */
public final class Discovery implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Discovery.class);

  private final Informer<EndpointSlice> slices;
  private final InstanceRegistry registry;
  private final ExecutorService executor;
  private final Map<String, Registration> registered = new HashMap<>();
  private volatile boolean running;

  /**
   * Creates the discovery; starting it starts the informer.
   *
   * @param slices the slices of Ebb's own Services
   * @param executor where the register is written, off the informer's thread
   */
  public Discovery(
      Informer<EndpointSlice> slices, InstanceRegistry registry, ExecutorService executor) {
    this.slices = slices;
    this.registry = registry;
    this.executor = executor;
  }

  /** Returns how instances are called: as their pods. */
  public static InstanceIdGenerator ids() {
    return registration ->
        InstanceId.of(
            registration.getMetadata().getOrDefault(Replicas.POD, registration.getHealthUrl()));
  }

  @Override
  public void start() {
    slices.onChange(change -> executor.execute(this::align)).start();
    running = true;
  }

  @Override
  public void stop() {
    slices.close();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Registers who is new and forgets who is gone. Looks at all of it, whatever changed. */
  synchronized void align() {
    Map<String, Registration> wanted = Replicas.of(slices.list());
    Set<String> gone = new HashSet<>(registered.keySet());
    gone.removeAll(wanted.keySet());
    for (String pod : gone) {
      settle(registry.deregister(InstanceId.of(pod)));
      registered.remove(pod);
      log.info("{} is gone", pod);
    }
    wanted.forEach((pod, registration) -> {
      if (!Objects.equals(registered.get(pod), registration)) {
        settle(registry.register(registration));
        registered.put(pod, registration);
        log.info("{} is a replica of {}", pod, registration.getName());
      }
    });
  }

  /** A status update of the same instance may come between: written anew then. */
  private static void settle(Mono<InstanceId> write) {
    write.retryWhen(Retry.backoff(5, Duration.ofMillis(20))).block();
  }
}
