package dev.ebb.autoscaler.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that must hold before a workload may sleep.
 *
 * @param name what it is about
 * @param open whether it holds
 * @param detail its value, for humans
 * @param opensAt when it opens if nothing happens; null when it is open or time alone does not help
 */
public record Gate(String name, boolean open, String detail, @Nullable Instant opensAt) {

  static Gate of(String name, boolean open, String detail) {
    return new Gate(name, open, detail, null);
  }

  static Gate until(String name, @Nullable Instant opensAt, Instant now, String detail) {
    boolean open = opensAt == null || !opensAt.isAfter(now);
    return new Gate(name, open, detail, open ? null : opensAt);
  }
}
