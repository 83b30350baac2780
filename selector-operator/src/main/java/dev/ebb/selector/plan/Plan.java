package dev.ebb.selector.plan;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for one pool, and why.
 *
 * @param seats its pods
 * @param claims its Services
 * @param target which Service belongs to which pod; those that nobody can take are missing
 * @param changes what is to be written now, what has to move first
 * @param slices what is to be written for Services without a selector, after the changes
 * @param deferred how many moves wait, because there were enough in this minute or the last is not
 *     long ago
 * @param contested the Services that others changed, and that are left so for now
 * @param create the names of the Services that are to be made
 * @param findings what is wrong
 * @param held why nothing is written; empty when it is
 * @param resume whether a pause is over: then its mode is written, and all else comes after that
 * @param lookAgain when the decision may change by itself; null for never
 */
public record Plan(
    List<Seat> seats,
    Claims claims,
    Map<String, String> target,
    List<Change> changes,
    List<SliceStep> slices,
    int deferred,
    List<Member> contested,
    List<String> create,
    List<Finding> findings,
    Optional<Held> held,
    boolean resume,
    @Nullable Instant lookAgain) {

  /**
   * Why nothing is written.
   *
   * @param reason of the condition
   * @param message for humans
   */
  public record Held(String reason, String message) {}

  /** Returns how many pods take Services. */
  public int eligible() {
    return (int) seats.stream().filter(s -> s.standing() == Seat.Standing.ELIGIBLE).count();
  }

  /** Returns how many Services go from one pod to another. */
  public int moves() {
    return (int) changes.stream().filter(c -> c.cause().move()).count();
  }
}
