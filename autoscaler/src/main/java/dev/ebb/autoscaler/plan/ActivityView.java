package dev.ebb.autoscaler.plan;

import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway's replicas last said about their traffic, added up. Whatever is not known counts
 * as activity now.
 *
 * @param floor the last time at which all resources count as active: the listening began, or the
 *     list of replicas shrank
 * @param silence a replica that said nothing for so long is unknown
 * @param replicas every replica that the gateway's Service lists
 */
public record ActivityView(Instant floor, Duration silence, List<Replica> replicas) {

  /**
   * One replica's last word.
   *
   * @param address where it is
   * @param lastEvent when it last said anything; null for never
   * @param activeUntil the last time at which all its resources count as active: it started, or
   *     came back from silence
   * @param resources its counters
   */
  public record Replica(
      String address,
      @Nullable Instant lastEvent,
      Instant activeUntil,
      Map<ResourceKey, Counters> resources) {
    /** Copies the map. */
    public Replica {
      resources = Map.copyOf(resources);
    }
  }

  /**
   * One resource's traffic at one replica.
   *
   * @param inFlight requests that are being answered
   * @param held requests that wait for a pod
   * @param open upgraded or plain TCP connections
   * @param lastByte when a byte last passed; null for never since the replica's start
   */
  public record Counters(long inFlight, long held, long open, @Nullable Instant lastByte) {
    /** Returns whether something goes on now. */
    public boolean busy() {
      return inFlight > 0 || held > 0 || open > 0;
    }
  }

  /** Copies the list. */
  public ActivityView {
    replicas = List.copyOf(replicas);
  }

  /** Returns whether a resource has traffic now, or nobody can tell that it has none. */
  public boolean busy(ResourceKey resource, Instant now) {
    return replicas.isEmpty() || replicas.stream().anyMatch(r -> busyAt(r, resource, now) != null);
  }

  /** Returns when a resource was last active; {@code now} when it is, or when that is unknown. */
  public Instant lastActivity(ResourceKey resource, Instant now) {
    if (busy(resource, now)) {
      return now;
    }
    Instant last = floor;
    for (Replica replica : replicas) {
      last = later(last, replica.activeUntil());
      Counters counters = replica.resources().get(resource);
      if (counters != null) {
        last = later(last, counters.lastByte());
      }
    }
    return last.isAfter(now) ? now : last;
  }

  /** Returns in words why a resource counts as busy, or since when it is idle. */
  public String explain(ResourceKey resource, Instant now) {
    if (replicas.isEmpty()) {
      return "no gateway replica is listed";
    }
    for (Replica replica : replicas) {
      String why = busyAt(replica, resource, now);
      if (why != null) {
        return "gateway " + replica.address() + ": " + why;
      }
    }
    return "last active " + lastActivity(resource, now);
  }

  private @Nullable String busyAt(Replica replica, ResourceKey resource, Instant now) {
    Instant heard = replica.lastEvent();
    if (heard == null || heard.plus(silence).isBefore(now)) {
      return "does not answer";
    }
    Counters counters = replica.resources().get(resource);
    if (counters == null) {
      return "does not serve it yet";
    }
    return counters.busy()
        ? counters.inFlight()
            + " in flight, "
            + counters.held()
            + " held, "
            + counters.open()
            + " open"
        : null;
  }

  private static Instant later(Instant a, @Nullable Instant b) {
    return b != null && b.isAfter(a) ? b : a;
  }
}
