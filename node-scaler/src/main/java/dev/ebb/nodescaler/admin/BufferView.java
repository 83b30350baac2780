package dev.ebb.nodescaler.admin;

import dev.ebb.nodescaler.plan.Decision;
import dev.ebb.nodescaler.plan.Finding;
import dev.ebb.nodescaler.plan.Held;
import dev.ebb.nodescaler.plan.Observed;
import dev.ebb.nodescaler.plan.Plan;
import dev.ebb.nodescaler.plan.Rules;
import dev.ebb.nodescaler.plan.Statuses;
import dev.ebb.nodescaler.plan.Verdict;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told about a buffer. */
final class BufferView {

  private BufferView() {}

  /**
   * One line.
   *
   * @param ready whether as many servers as wanted can start now
   * @param message why, in a few words
   * @param free how many can
   * @param desired how many should be able to
   * @param pending how many wait for a node
   * @param used how many have one
   * @param coming how many more can start with nodes that start or were asked for
   * @param nodes how many nodes there are
   * @param draining how many of them get no new servers
   * @param min the fewest
   * @param max the most
   */
  record Summary(
      String namespace,
      String name,
      String provider,
      Mode mode,
      boolean ready,
      String message,
      int free,
      int desired,
      int pending,
      int used,
      int coming,
      int nodes,
      int draining,
      int min,
      int max) {

    static Summary of(Decision decision) {
      Condition said = Statuses.judged(decision);
      Plan plan = decision.plan();
      Plan.Counts counts = plan == null ? new Plan.Counts(0, 0, 0, 0, 0, 0, 0) : plan.counts();
      List<Verdict> nodes = plan == null ? List.of() : plan.nodes();
      Rules rules = decision.buffer().rules();
      return new Summary(
          decision.buffer().key().namespace(),
          decision.buffer().key().name(),
          decision.buffer().pool().type(),
          decision.buffer().mode(),
          said.isTrue(),
          said.message(),
          counts.free(),
          counts.desired(),
          counts.pending(),
          counts.used(),
          counts.starting() + counts.upcoming(),
          nodes.size(),
          (int) nodes.stream().filter(v -> v.state() == Verdict.State.DRAINING).count(),
          rules == null ? 0 : rules.min(),
          rules == null ? 0 : rules.max());
    }
  }

  /**
   * The decision as it would be made now.
   *
   * @param at when it was made
   * @param message what it comes to
   * @param held why nothing is done; null when it is
   * @param counts what was counted
   * @param size how many nodes the cloud is to have; null when it cannot be read
   * @param cloudProblem why not; null when it can
   * @param limit what keeps the buffer from being full; null when nothing does
   * @param steps what would be done
   * @param nodes what each node counts as, and why it stays
   * @param findings what is wrong with the spec
   * @param conditions what the status says
   * @param lookAgainAt when the decision may change by itself; null for never
   */
  record Why(
      Instant at,
      String message,
      @Nullable String held,
      Plan.@Nullable Counts counts,
      @Nullable Integer size,
      @Nullable String cloudProblem,
      @Nullable String limit,
      List<String> steps,
      List<Node> nodes,
      List<String> findings,
      List<Condition> conditions,
      @Nullable Instant lookAgainAt) {

    static Why of(Decision decision, List<Condition> conditions) {
      Plan plan = decision.plan();
      Observed observed = decision.observed();
      Observed.Cloud cloud = observed == null ? null : observed.cloud();
      Plan.Limit limit = plan == null ? null : plan.limit();
      return new Why(
          decision.now(),
          Statuses.judged(decision).message(),
          decision.held().map(Held::message).orElse(null),
          plan == null ? null : plan.counts(),
          cloud == null ? null : cloud.size(),
          decision.cloudProblem().isEmpty() ? null : decision.cloudProblem(),
          limit == null ? null : Statuses.word(limit),
          texts(plan),
          plan == null ? List.of() : plan.nodes().stream().map(Node::of).toList(),
          decision.buffer().findings().stream().map(Finding::text).toList(),
          conditions,
          plan == null ? null : plan.lookAgain());
    }
  }

  private static List<String> texts(@Nullable Plan plan) {
    return plan == null ? List.of() : plan.steps().stream().map(Statuses::text).toList();
  }

  /**
   * One node.
   *
   * @param state what it counts as
   * @param free how many servers fit on it now
   * @param stays why it stays; null when it does not
   * @param detail what keeps it; may be empty
   */
  record Node(String name, String state, int free, @Nullable String stays, String detail) {
    static Node of(Verdict verdict) {
      return new Node(
          verdict.node(),
          Statuses.word(verdict.state()),
          verdict.free(),
          verdict.stays() == Verdict.Reason.NONE ? null : Statuses.word(verdict.stays()),
          verdict.detail());
    }
  }

  /**
   * What would be decided.
   *
   * @param at at which time
   * @param servers with how many more servers
   * @param counts what would be counted
   * @param limit what would keep the buffer from being full; null when nothing would
   * @param steps what would be done
   */
  record Simulation(
      Instant at, int servers, Plan.Counts counts, @Nullable String limit, List<String> steps) {

    static Simulation of(Plan plan, int servers, Instant at) {
      Plan.Limit limit = plan.limit();
      return new Simulation(
          at, servers, plan.counts(), limit == null ? null : Statuses.word(limit), texts(plan));
    }
  }
}
