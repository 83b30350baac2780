package dev.ebb.runtime.config;

import dev.ebb.runtime.kube.Informer;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Tells whether a service's caches are filled. Once they are, a stale watch is information and not
 * unreadiness: the view grows older, the service goes on with it. Thread-safe.
 */
public final class InformerHealth implements HealthIndicator {

  private final List<? extends Informer<?>> informers;

  /** Looks at these informers. */
  public InformerHealth(List<? extends Informer<?>> informers) {
    this.informers = List.copyOf(informers);
  }

  @Override
  public Health health() {
    Health.Builder health =
        informers.stream().allMatch(Informer::synced) ? Health.up() : Health.outOfService();
    for (Informer<?> informer : informers) {
      String problem = informer.lastProblem();
      String state = informer.synced() ? "synced" : "not synced";
      health.withDetail(
          informer.type().plural(),
          state
              + ", last heard "
              + informer.lastContact()
              + (problem == null ? "" : ", " + problem));
    }
    return health.build();
  }
}
