package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a buffer asks for, checked and complete.
 *
 * @param slot what one server takes
 * @param slots how many slots are to be free
 * @param percent how many of all slots, free and taken, are to be free; the greater of both holds
 * @param reservations slots that are to be free on top for a time
 * @param min the fewest nodes
 * @param max the most nodes
 * @param template what a new node offers to servers; null to learn it from the nodes there are
 * @param timing how long is waited for what
 * @param shrinking when and how nodes may go
 */
public record Rules(
    Resources slot,
    int slots,
    int percent,
    List<Reservation> reservations,
    int min,
    int max,
    @Nullable Resources template,
    Timing timing,
    Shrinking shrinking) {

  /** Rejects what {@link #min} to {@link #percent} cannot mean. */
  public Rules {
    reservations = List.copyOf(reservations);
    if (slot.isEmpty() || slots < 0 || percent < 0 || percent > 99 || min < 0 || max < min) {
      throw new IllegalArgumentException(
          "slot %s, slots %d, percent %d, nodes %d to %d"
              .formatted(slot, slots, percent, min, max));
    }
  }

  /**
   * Slots for an occasion. A server that starts meanwhile takes one of them.
   *
   * @param name what it is called
   * @param slots how many
   * @param at when they are to be there
   * @param until when they are given up
   */
  public record Reservation(String name, int slots, Instant at, Instant until) {}

  /**
   * How long is waited for what.
   *
   * @param nodeStartup how long a node that was never ready counts as one that starts
   * @param unreadyGrace how long a node that is not ready any more counts as one that comes back
   * @param provisioning how long the cloud may take to bring a node that was asked for
   * @param backoff how long no node is asked for after it did not come; doubles each time
   * @param longestBackoff the most that doubling comes to
   * @param backoffReset how long after the last failure the doubling begins anew
   * @param lead how long before a reservation nodes are asked for
   */
  public record Timing(
      Duration nodeStartup,
      Duration unreadyGrace,
      Duration provisioning,
      Duration backoff,
      Duration longestBackoff,
      Duration backoffReset,
      Duration lead) {

    /** 15 minutes to start and to be provisioned, 5 to 30 minutes of backing off. */
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofMinutes(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(15),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(3),
            Duration.ofMinutes(10));
  }

  /**
   * When and how nodes may go.
   *
   * @param enabled whether they may at all
   * @param unneededFor how long a node must have got no new servers, and be empty at the end
   * @param delayAfterAdd how long after nodes were asked for none is taken out of use
   * @param hysteresisNodes how many nodes' slots stay free beyond the buffer
   * @param settle how long a taint must have stood before the node is looked at for the last time
   * @param atOnce how many nodes may be on their way out at the same time
   * @param percentAtOnce the same as a part of all nodes; the smaller of both holds, at least one
   * @param othersDrained whether a node counts as empty while pods that are no servers run there:
   *     the cloud drains them
   */
  public record Shrinking(
      boolean enabled,
      Duration unneededFor,
      Duration delayAfterAdd,
      int hysteresisNodes,
      Duration settle,
      int atOnce,
      int percentAtOnce,
      boolean othersDrained) {

    /** Ten minutes, one node of hysteresis, a tenth of the nodes, and only when really empty. */
    public static final Shrinking DEFAULT =
        new Shrinking(
            true,
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            1,
            Duration.ofSeconds(5),
            Integer.MAX_VALUE,
            10,
            false);
  }
}
