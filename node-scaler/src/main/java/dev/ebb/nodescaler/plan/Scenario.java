package dev.ebb.nodescaler.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What would be decided if things were otherwise. Stateless. */
public final class Scenario {

  private Scenario() {}

  /**
   * Decides on what is there, with more servers and at another time.
   *
   * @param servers how many more servers wait for a node
   * @param at the time; what would have happened until then is left out
   */
  public static Plan of(Observed observed, int servers, Instant at) {
    List<PodView> waiting = new ArrayList<>(observed.waiting());
    IntStream.range(0, servers)
        .mapToObj(
            i -> new PodView("simulated-" + i, at, true, true, false, observed.rules().slot()))
        .forEach(waiting::add);
    return Planner.plan(
        new Observed(
            observed.rules(), observed.nodes(), waiting, observed.cloud(), observed.memory(), at));
  }
}
