package dev.ebb.nodescaler.reconcile;

import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets the first change of a time through at once, and the ones after it together: a thousand pods
 * that start are a few decisions and not a thousand. Thread-safe; never blocks.
 */
public final class Pace implements Consumer<ResourceKey> {

  /** So much time is between two decisions at least. */
  static final Duration GAP = Duration.ofMillis(100);

  private final Map<ResourceKey, Long> last = new ConcurrentHashMap<>();
  private final BiConsumer<ResourceKey, Duration> queue;
  private final LongSupplier nanos;

  /**
   * Creates it.
   *
   * @param queue takes keys with a delay
   * @param nanos a monotonic clock
   */
  public Pace(BiConsumer<ResourceKey, Duration> queue, LongSupplier nanos) {
    this.queue = queue;
    this.nanos = nanos;
  }

  @Override
  public void accept(ResourceKey key) {
    long now = nanos.getAsLong();
    Long before = last.get(key);
    if (before != null && now - before < GAP.toNanos()) {
      queue.accept(key, GAP.minusNanos(now - before));
      return;
    }
    last.put(key, now);
    queue.accept(key, Duration.ZERO);
  }
}
