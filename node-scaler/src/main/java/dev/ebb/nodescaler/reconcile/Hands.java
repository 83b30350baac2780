package dev.ebb.nodescaler.reconcile;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.apply.Clouds;
import dev.ebb.nodescaler.apply.Deletion;
import dev.ebb.nodescaler.apply.NodeWriter;
import dev.ebb.nodescaler.plan.Buffer;
import dev.ebb.nodescaler.plan.Decision;
import dev.ebb.nodescaler.plan.Memory;
import dev.ebb.nodescaler.plan.NodeView;
import dev.ebb.nodescaler.plan.Plan;
import dev.ebb.nodescaler.plan.Rules;
import dev.ebb.nodescaler.plan.Step;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.scaler.nodes.NodeProviderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries steps out. Each stands alone: one that fails keeps no other from being done. Blocks.
 * Thread-safe.
 */
public final class Hands {

  private static final Logger log = LoggerFactory.getLogger(Hands.class);

  private final Lookout lookout;
  private final Clouds clouds;
  private final Freezes freezes;
  private final Writers writers;
  private final Deletion deletion;
  private final Reports reports;
  private final Observations observations;

  /**
   * What nodes are written with.
   *
   * @param usual unless it is frozen
   * @param restores also while it is frozen: whoever deletes a buffer wants its marks gone
   */
  public record Writers(NodeWriter usual, NodeWriter restores) {}

  /** Creates it. */
  public Hands(
      Lookout lookout,
      Clouds clouds,
      Freezes freezes,
      Writers writers,
      Deletion deletion,
      Reports reports,
      Observations observations) {
    this.lookout = lookout;
    this.clouds = clouds;
    this.freezes = freezes;
    this.writers = writers;
    this.deletion = deletion;
    this.reports = reports;
    this.observations = observations;
  }

  /** What became of a decision. Not thread-safe. */
  public static final class Outcome {
    private final List<String> failures = new ArrayList<>();
    private Memory memory;
    private boolean again;
    private @Nullable KubeException fault;

    Outcome(Memory memory) {
      this.memory = memory;
    }

    /** Returns what has to be known at the next decision. */
    Memory memory() {
      return memory;
    }

    /** Returns what was refused. */
    List<String> failures() {
      return List.copyOf(failures);
    }

    /** Returns whether somebody was quicker, so that it has to be decided anew. */
    boolean again() {
      return again;
    }

    /** Returns what the API server refused last; null for nothing. */
    @Nullable KubeException fault() {
      return fault;
    }

    void failed(String what, KubeException e) {
      if (e.conflict() || e.notFound()) {
        log.debug("{}: somebody was quicker: {}", what, e.getMessage());
        again = true;
        return;
      }
      failures.add(what + ": " + e.getMessage());
      fault = e;
    }
  }

  /**
   * Carries a decision out.
   *
   * @param before what was known before it
   * @param subject what Events are about
   */
  Outcome carryOut(Decision decision, Memory before, Subject subject) {
    Plan plan = decision.plan();
    boolean held = decision.held().isPresent();
    // What is not asked for is not owed: a plan that is held remembers no growth.
    boolean grows = plan != null && plan.growth().isPresent();
    Outcome outcome = new Outcome(plan == null || (held && grows) ? before : plan.memory());
    if (held) {
      return outcome;
    }
    for (Node stray : decision.strays()) {
      unmark(stray, writers.usual(), "it is none of the buffer's any more", outcome);
    }
    for (Step step : decision.steps()) {
      switch (step) {
        case Step.Unmark unmark ->
            node(unmark.node())
                .ifPresent(node -> unmark(node, writers.usual(), "slots are missing", outcome));
        case Step.Grow grow -> grow(decision, grow, before, subject, outcome);
        case Step.Mark mark -> node(mark.node()).ifPresent(node -> mark(node, decision, outcome));
        case Step.Delete delete -> delete(decision, delete, subject, outcome);
      }
    }
    return outcome;
  }

  /** Takes marks back, also while it is frozen. */
  Outcome release(List<Node> nodes, String why) {
    Outcome outcome = new Outcome(Memory.NONE);
    nodes.forEach(node -> unmark(node, writers.restores(), why, outcome));
    return outcome;
  }

  private Optional<Node> node(NodeView seen) {
    return lookout.node(seen.name());
  }

  private void unmark(Node node, NodeWriter writer, String why, Outcome outcome) {
    try {
      writer.unmark(node);
      reports.unmarked(node, why);
    } catch (KubeException e) {
      outcome.failed(node.metadata().name(), e);
    }
  }

  private void mark(Node node, Decision decision, Outcome outcome) {
    try {
      writers.usual().mark(node, Buffer.name(decision.buffer().key()), decision.now());
      reports.marked(node, decision.buffer());
    } catch (KubeException e) {
      outcome.failed(node.metadata().name(), e);
    }
  }

  private void grow(
      Decision decision, Step.Grow step, Memory before, Subject subject, Outcome outcome) {
    Plan plan = decision.plan();
    try {
      Buffer buffer = decision.buffer();
      int size = clouds.provider(buffer.pool().type()).grow(buffer.pool(), step.to());
      observations.grown(Math.max(0, size - step.from()));
      if (plan != null) {
        reports.grown(subject, step, size, plan.counts());
      }
    } catch (NodeProviderException e) {
      observations.failed(e.kind());
      reports.notGrown(subject, step, String.valueOf(e.getMessage()));
      outcome.failures.add(String.valueOf(e.getMessage()));
      // A refusal counts at once; of what has no answer the cloud's size will tell.
      outcome.memory = Clouds.refusal(e) ? before.refused(decision.now()) : before;
    }
  }

  private void delete(Decision decision, Step.Delete step, Subject subject, Outcome outcome) {
    Rules rules = decision.buffer().rules();
    Node node = node(step.node()).orElse(null);
    if (rules == null || node == null) {
      outcome.again = true;
      return;
    }
    try {
      Buffer buffer = decision.buffer();
      Optional<Freeze> freeze = freezes.live(buffer.key().namespace());
      if (freeze.isPresent()) {
        outcome.again = true;
        return;
      }
      Deletion.Result result =
          deletion.run(
              step,
              decision.belonging(),
              rules,
              clouds.provider(buffer.pool().type()),
              buffer.pool(),
              decision.now());
      switch (result) {
        case Deletion.Result.Asked _ -> {
          observations.deleted();
          reports.deleted(subject, node);
        }
        case Deletion.Result.Occupied occupied -> reports.occupied(node, occupied.pod());
        case Deletion.Result.Changed changed ->
            log.info("node {} is not deleted: {}", node.metadata().name(), changed.what());
      }
    } catch (KubeException e) {
      outcome.failed(node.metadata().name(), e);
    } catch (NodeProviderException e) {
      outcome.failures.add(node.metadata().name() + ": " + e.getMessage());
    }
  }
}
