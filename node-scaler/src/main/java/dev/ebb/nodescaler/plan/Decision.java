package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Node;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for one buffer, and why.
 *
 * @param buffer the buffer
 * @param belonging which nodes and pods are its, and whom else it spares
 * @param observed what the plan was made on; null when the buffer makes no sense
 * @param plan what to do; null when the buffer makes no sense
 * @param strays nodes that it marked once and that are none of its any more
 * @param held why nothing is done of it; empty when it is
 * @param resume whether a pause is over: then its mode is written, and all else comes after that
 * @param cloudProblem why the cloud cannot be read; empty when it can
 * @param now when
 */
public record Decision(
    Buffer buffer,
    Belonging belonging,
    @Nullable Observed observed,
    @Nullable Plan plan,
    List<Node> strays,
    Optional<Held> held,
    boolean resume,
    String cloudProblem,
    Instant now) {

  /** Copies the list. */
  public Decision {
    strays = List.copyOf(strays);
  }

  /** Returns what is to be carried out now. */
  public List<Step> steps() {
    return plan == null || held.isPresent() ? List.of() : plan.steps();
  }
}
