package dev.ebb.autoscaler.plan;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's replicas as its Service lists them.
 *
 * @param replicas every replica that is listed, terminating ones included
 * @param readySince since when at least one has been ready without a break; null while none is
 * @param unreadySince since when none has been ready; null while one is
 */
public record GatewayView(
    List<Replica> replicas, @Nullable Instant readySince, @Nullable Instant unreadySince) {

  /** One replica. */
  public record Replica(String address, boolean ready, boolean terminating) {}

  /** Copies the list. */
  public GatewayView {
    replicas = List.copyOf(replicas);
  }

  /** Returns the addresses that take new work. */
  public List<String> readyAddresses() {
    return replicas.stream().filter(Replica::ready).map(Replica::address).toList();
  }

  /** Returns all addresses. */
  public List<String> addresses() {
    return replicas.stream().map(Replica::address).toList();
  }

  /** Returns whether a replica takes new work. */
  public boolean ready() {
    return replicas.stream().anyMatch(Replica::ready);
  }
}
