package dev.ebb.gateway.route;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How far a route's newest wake has come, and when: what a request that waited can say about its
 * time. Thread-safe.
 */
public final class WakeSteps {

  /**
   * The steps of one wake, each null until it is done; by the route's monotonic clock.
   *
   * @param begun somebody waits, and the scale is looked at
   * @param scaled it is above zero
   * @param addressed a pod has an address, so its readiness is asked for
   */
  public record Steps(@Nullable Long begun, @Nullable Long scaled, @Nullable Long addressed) {
    private static final Steps NONE = new Steps(null, null, null);
  }

  private final LongSupplier nanoTime;
  private final AtomicReference<Steps> steps = new AtomicReference<>(Steps.NONE);

  WakeSteps(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A wake begins; the steps of the one before are forgotten. */
  public void begin() {
    steps.set(new Steps(nanoTime.getAsLong(), null, null));
  }

  /** The scale is above zero. */
  public void scaled() {
    step(now -> now.scaled() != null ? now : new Steps(now.begun(), nanoTime.getAsLong(), null));
  }

  /** A pod has an address. One that had it before the scale was raised is on its way out. */
  public void addressed() {
    step(now ->
        now.scaled() == null || now.addressed() != null
            ? now
            : new Steps(now.begun(), now.scaled(), nanoTime.getAsLong()));
  }

  private void step(UnaryOperator<Steps> change) {
    steps.updateAndGet(change);
  }

  /** Returns the steps so far. */
  public Steps now() {
    return Objects.requireNonNull(steps.get());
  }
}
