package dev.ebb.nodescaler.plan;

import java.util.Locale;

/**
 * What a node is, and why it stays if it does.
 *
 * @param node its name
 * @param state what it counts as
 * @param free how many servers fit on it now
 * @param stays why it stays
 * @param detail names what keeps it, for humans; may be empty
 */
public record Verdict(String node, State state, int free, Reason stays, String detail) {

  /** What a node counts as. */
  public enum State {
    /** Servers are scheduled there. */
    ACTIVE,
    /** It is not up yet, or just went down. */
    STARTING,
    /** Ebb keeps new servers away. */
    DRAINING,
    /** It goes. */
    DELETING,
    /** Somebody else keeps servers away, or it is down for long. */
    IGNORED;

    /** Returns the value of a metric's label. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why a node stays. */
  public enum Reason {
    /** Its free slots are part of the buffer, or of what keeps it from flapping. */
    NEEDED,
    /** Another one with fewer servers goes first. */
    OTHERS_FIRST,
    /** The pool has no more than its fewest nodes. */
    MINIMUM,
    /** Nodes were asked for a short time ago. */
    JUST_GROWN,
    /** It has not been out of use for long enough. */
    WAITING,
    /** Servers are on it. */
    PROTECTED_POD,
    /** Pods are on it that are no servers. */
    OTHER_POD,
    /** Enough nodes go at this time. */
    BUDGET,
    /** It is not up yet. */
    NOT_STARTED,
    /** It was up and is not any more. */
    LOST,
    /** Somebody else keeps pods away from it. */
    FOREIGN,
    /** Too many nodes are down: something greater is wrong. */
    UNHEALTHY_POOL,
    /** Nodes may not go. */
    SWITCHED_OFF,
    /** The cloud cannot be read, or steers the size itself. */
    CLOUD,
    /** It does not stay. */
    NONE
  }
}
