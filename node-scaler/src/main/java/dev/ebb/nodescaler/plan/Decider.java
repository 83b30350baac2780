package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.runtime.freeze.Stance;
import dev.ebb.scaler.nodes.NodePool;
import dev.ebb.scaler.nodes.NodePool.Machine;
import dev.ebb.scaler.nodes.NodePool.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides for one buffer on everything that was read. A pure function. */
public final class Decider {

  private final Situation situation;
  private final Buffer buffer;

  private Decider(Situation situation) {
    this.situation = situation;
    this.buffer = situation.buffer();
  }

  /** Decides. */
  public static Decision decide(Situation situation) {
    return new Decider(situation).decide();
  }

  private Decision decide() {
    Belonging belonging = buffer.belonging().sparing(servers());
    Observed observed = observe(belonging);
    Plan plan = observed == null ? null : Planner.plan(observed);
    return new Decision(
        buffer,
        belonging,
        observed,
        plan,
        strays(),
        held(),
        buffer.pause().filter(pause -> pause.over(situation.now())).isPresent(),
        situation.cloudProblem(),
        situation.now());
  }

  /** The servers of all other buffers: whoever deletes a node ends them too. */
  private Predicate<Map<String, String>> servers() {
    List<Belonging> others =
        situation.all().stream()
            .filter(other -> !other.key().equals(buffer.key()) && other.acts())
            .map(Buffer::belonging)
            .toList();
    return labels -> others.stream().anyMatch(other -> other.keeps(labels));
  }

  private @Nullable Observed observe(Belonging belonging) {
    Rules rules = buffer.rules();
    if (rules == null || buffer.invalid()) {
      return null;
    }
    NodePool cloud = situation.cloud();
    Set<String> leaving =
        cloud == null
            ? Set.of()
            : cloud.machines().stream()
                .filter(machine -> machine.state() == State.DELETING)
                .map(Machine::nodeName)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    Views.Seen seen =
        Views.of(belonging, situation.nodes(), situation.pods(), leaving, situation.now());
    return new Observed(
        rules,
        seen.nodes(),
        seen.waiting(),
        cloud == null ? null : new Observed.Cloud(cloud.size(), cloud.steered()),
        situation.memory(),
        situation.now());
  }

  /** One that the cloud is asked to delete stays marked: servers that came would end with it. */
  private List<Node> strays() {
    if (buffer.invalid()) {
      return List.of();
    }
    String name = Buffer.name(buffer.key());
    return situation.nodes().stream()
        .filter(Node::draining)
        .filter(node -> name.equals(node.metadata().annotations().get(Node.BUFFER)))
        .filter(node -> !buffer.belonging().nodes().test(node.metadata().labels()))
        .filter(node -> node.time(Node.DELETING) == null)
        .toList();
  }

  private Optional<Held> held() {
    Optional<Held> stance =
        switch (Stance.of(buffer.mode(), situation.freeze())) {
          case ACT -> Optional.empty();
          case WAKE -> situation.freeze().map(f -> new Held(f.scope().reason(), f.message()));
          case REPORT ->
              Optional.of(new Held("Observing", "spec.mode is Observe: nothing is changed"));
          case REST -> Optional.of(new Held("Paused", "spec.mode is Paused: nothing is changed"));
        };
    return stance.or(() -> Rivals.of(situation));
  }
}
