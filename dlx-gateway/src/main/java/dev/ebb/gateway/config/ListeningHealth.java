package dev.ebb.gateway.config;

import java.util.function.BooleanSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** Ready once the caches are filled and every port was opened; then it stays so. Thread-safe. */
final class ListeningHealth implements HealthIndicator {

  private final dev.ebb.runtime.config.InformerHealth caches;
  private final BooleanSupplier listening;
  private volatile boolean once;

  ListeningHealth(dev.ebb.runtime.config.InformerHealth caches, BooleanSupplier listening) {
    this.caches = caches;
    this.listening = listening;
  }

  @Override
  public Health health() {
    Health health = caches.health();
    if (!once && health.getStatus().equals(Status.UP)) {
      once = listening.getAsBoolean();
    }
    return once
        ? health
        : Health.outOfService()
            .withDetails(health.getDetails())
            .withDetail("listening", listening.getAsBoolean())
            .build();
  }
}
