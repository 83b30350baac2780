package dev.ebb.autoscaler.activity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot of a gateway replica's counters, as it travels.
 *
 * @param instance unique to the replica's process
 * @param startedAtMillis when the process started, by its own clock
 * @param resources all resources that it serves
 */
record ActivityEvent(String instance, long startedAtMillis, List<Entry> resources) {

  ActivityEvent {
    instance = instance == null ? "" : instance;
    resources = resources == null ? List.of() : List.copyOf(resources);
  }

  /** One resource's counters; {@code idleMillis} null means no byte since the start. */
  record Entry(
      String namespace,
      String name,
      long inFlight,
      long held,
      long open,
      long requests,
      long bytes,
      @Nullable Long idleMillis,
      boolean fenced) {}
}
