package dev.ebb.nodescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.nodescaler.api.Resources;
import dev.ebb.nodescaler.plan.NodeView.Readiness;
import dev.ebb.nodescaler.plan.Observed.Cloud;
import dev.ebb.nodescaler.plan.Verdict.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every pool there may be. A failure names the seed. */
class RandomPoolsTest {

  private static final int POOLS = 3000;

  private static Observed random(Random random) {
    int min = random.nextInt(4);
    Rules.Shrinking shrinking =
        new Rules.Shrinking(
            random.nextInt(10) > 0,
            Duration.ofSeconds(random.nextInt(900)),
            Duration.ofSeconds(random.nextInt(300)),
            random.nextInt(2),
            Duration.ofSeconds(5),
            1 + random.nextInt(5),
            1 + random.nextInt(100),
            random.nextBoolean());
    Rules rules =
        new Rules(
            Resources.of(Resources.CPU, 100 + random.nextInt(400)),
            random.nextInt(20),
            random.nextInt(3) == 0 ? random.nextInt(60) : 0,
            List.of(
                new Rules.Reservation(
                    "r",
                    random.nextInt(10),
                    Pool.NOW.plusSeconds(random.nextInt(2000) - 1000),
                    Pool.NOW.plusSeconds(random.nextInt(2000) - 900))),
            min,
            min + random.nextInt(10),
            null,
            Rules.Timing.DEFAULT,
            shrinking);
    List<NodeView> nodes = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      nodes.add(node(random, "n" + i));
    }
    Cloud cloud =
        random.nextInt(10) == 0
            ? null
            : new Cloud(Math.max(0, nodes.size() + random.nextInt(5) - 2), random.nextInt(20) == 0);
    List<PodView> waiting = random.nextInt(4) == 0 ? List.of(Pool.server("w", 100)) : List.of();
    return new Observed(rules, nodes, waiting, cloud, Memory.NONE, Pool.NOW);
  }

  private static NodeView node(Random random, String name) {
    List<PodView> pods = new ArrayList<>();
    for (int i = random.nextInt(3) == 0 ? 0 : random.nextInt(12); i > 0; i--) {
      boolean server = random.nextInt(3) > 0;
      pods.add(
          new PodView(
              name + "/" + i,
              Pool.NOW.minusSeconds(random.nextInt(1000)),
              server,
              server && random.nextInt(4) > 0,
              !server && random.nextBoolean(),
              Resources.of(Resources.CPU, random.nextInt(300))));
    }
    Instant past = Pool.NOW.minusSeconds(random.nextInt(2000));
    return new NodeView(
        name,
        past,
        readiness(random),
        Pool.NOW.minusSeconds(random.nextInt(100)),
        random.nextInt(10) == 0 ? "cordoned" : null,
        random.nextInt(3) == 0 ? Pool.NOW.minusSeconds(random.nextInt(1000)) : null,
        random.nextInt(12) == 0 ? Pool.NOW.minusSeconds(random.nextInt(100)) : null,
        random.nextInt(20) == 0,
        Resources.of(Resources.CPU, 1000L * random.nextInt(5))
            .plus(Resources.of(Resources.PODS, 20_000)),
        pods);
  }

  private static Readiness readiness(Random random) {
    return switch (random.nextInt(24)) {
      case 0 -> Readiness.STARTING;
      case 1 -> Readiness.LOST;
      default -> Readiness.READY;
    };
  }

  private interface Rule {
    void check(Observed observed, Plan plan);
  }

  private static void always(Rule rule) {
    for (int seed = 0; seed < POOLS; seed++) {
      Observed observed = random(new Random(seed));
      try {
        rule.check(observed, Planner.plan(observed));
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static <T extends Step> List<T> steps(Plan plan, Class<T> type) {
    return plan.steps().stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Test
  void aPoolOnlyGrowsAndNotBeyondItsMaximum() {
    always((observed, plan) -> {
      for (Step.Grow grow : steps(plan, Step.Grow.class)) {
        assertThat(grow.to())
            .isGreaterThan(observed.cloud().size())
            .isGreaterThan((int) observed.nodes().stream().filter(n -> !n.going()).count())
            .isLessThanOrEqualTo(observed.rules().max());
      }
    });
  }

  @Test
  void noNodeWithAServerOrAProtectedPodGoes() {
    always((observed, plan) ->
        assertThat(steps(plan, Step.Delete.class))
            .allSatisfy(delete -> {
              assertThat(delete.node().mark()).isNotNull();
              assertThat(delete.node().pods()).noneMatch(p -> p.kept() || p.server());
              assertThat(delete.node().mark()).isBeforeOrEqualTo(observed.now().minusSeconds(5));
              if (!observed.rules().shrinking().othersDrained()) {
                assertThat(delete.node().pods()).allMatch(PodView::ofTheNode);
              }
            }));
  }

  @Test
  void thePoolDoesNotFallBelowItsMinimum() {
    always((observed, plan) -> {
      int gone = steps(plan, Step.Delete.class).size();
      if (gone > 0) {
        long fresh =
            steps(plan, Step.Delete.class).stream()
                .filter(d -> d.node().deletingSince() == null)
                .count();
        long registered = observed.nodes().stream().filter(n -> !n.going()).count();
        assertThat(registered - fresh)
            .isGreaterThanOrEqualTo(fresh == 0 ? 0 : observed.rules().min());
        assertThat(observed.cloud().size() - gone).isGreaterThanOrEqualTo(observed.rules().min());
      }
      if (!steps(plan, Step.Mark.class).isEmpty()) {
        long active = plan.nodes().stream().filter(v -> v.state() == State.ACTIVE).count();
        assertThat(active - steps(plan, Step.Mark.class).size())
            .isGreaterThanOrEqualTo(observed.rules().min());
      }
    });
  }

  @Test
  void whatIsTakenOutOfUseLeavesTheBufferFull() {
    always((observed, plan) -> {
      if (!steps(plan, Step.Mark.class).isEmpty()) {
        int taken =
            steps(plan, Step.Mark.class).stream()
                .mapToInt(mark -> verdict(plan, mark.node()).free())
                .sum();
        assertThat(plan.counts().confirmed() - taken)
            .isGreaterThanOrEqualTo(plan.counts().desired());
        assertThat(steps(plan, Step.Grow.class)).isEmpty();
        assertThat(steps(plan, Step.Unmark.class)).isEmpty();
      }
    });
  }

  @Test
  void whoeverHasFewerProtectedPodsGoesFirst() {
    always((observed, plan) -> {
      int most =
          steps(plan, Step.Mark.class).stream()
              .mapToInt(mark -> mark.node().protectedPods())
              .max()
              .orElse(-1);
      List<String> marked =
          steps(plan, Step.Mark.class).stream().map(m -> m.node().name()).toList();
      for (NodeView node : observed.nodes()) {
        if (verdict(plan, node).state() == State.ACTIVE && !marked.contains(node.name())) {
          assertThat(node.protectedPods()).isGreaterThanOrEqualTo(most);
        }
      }
    });
  }

  @Test
  void othersCordonsAreNeitherLiftedNorUsed() {
    always((observed, plan) ->
        assertThat(plan.steps())
            .noneMatch(step ->
                switch (step) {
                  case Step.Unmark unmark -> unmark.node().repels() != null;
                  case Step.Mark mark -> mark.node().repels() != null;
                  case Step.Grow grow -> false;
                  case Step.Delete delete -> delete.node().repels() != null;
                }));
  }

  @Test
  void nothingIsDoneAtACloudThatCannotBeReadOrSteersItself() {
    always((observed, plan) -> {
      if (observed.cloud() == null || observed.cloud().steered()) {
        assertThat(plan.steps()).allMatch(step -> step instanceof Step.Unmark);
      }
    });
  }

  @Test
  void everyNodeHasOneVerdictInTheSameOrder() {
    always((observed, plan) ->
        assertThat(plan.nodes().stream().map(Verdict::node).collect(Collectors.toList()))
            .isEqualTo(observed.nodes().stream().map(NodeView::name).toList()));
  }

  /** At most so many passes are needed until nothing is to be done, when everything works. */
  @ParameterizedTest
  @ValueSource(ints = {40})
  void comesToRest(int passes) {
    for (int seed = 0; seed < POOLS; seed++) {
      Observed observed = random(new Random(seed));
      int pass = 0;
      while (!Planner.plan(observed).steps().isEmpty()) {
        observed = World.after(observed, Planner.plan(observed));
        assertThat(++pass).as("seed %d", seed).isLessThan(passes);
      }
    }
  }

  private static Verdict verdict(Plan plan, NodeView node) {
    return plan.nodes().stream()
        .filter(v -> v.node().equals(node.name()))
        .findFirst()
        .orElseThrow();
  }
}
