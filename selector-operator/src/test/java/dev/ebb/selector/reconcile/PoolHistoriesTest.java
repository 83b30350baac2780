package dev.ebb.selector.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.model.Pod;
import dev.ebb.selector.api.Strategy;
import dev.ebb.selector.plan.Change;
import dev.ebb.selector.plan.Change.Cause;
import dev.ebb.selector.plan.Claims;
import dev.ebb.selector.plan.Observed;
import dev.ebb.selector.plan.Plan;
import dev.ebb.selector.plan.Planner;
import dev.ebb.selector.plan.Pool;
import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Seeds;
import dev.ebb.testkit.history.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories of a pool, and planted faults that they find. */
class PoolHistoriesTest {

  private static final int USUAL = 200;

  static Step<PoolWorld> step(Random random) {
    int pod = random.nextInt(6);
    int service = random.nextInt(9);
    boolean yes = random.nextBoolean();
    int seconds = 1 + random.nextInt(300);
    return switch (random.nextInt(12)) {
      case 0, 1 -> new Step<>("pod " + pod + " comes", w -> w.pod(pod));
      case 2 -> new Step<>("pod " + pod + " ready " + yes, w -> w.ready(pod, yes));
      case 3 -> new Step<>("pod " + pod + " terminates", w -> w.terminate(pod));
      case 4 -> new Step<>("pod " + pod + " goes", w -> w.gone(pod));
      case 5 -> new Step<>("scale to " + pod, w -> w.scale(pod));
      case 6 -> new Step<>("service " + service + " comes", w -> w.service(service));
      case 7 -> new Step<>("service " + service + " goes", w -> w.removeService(service));
      case 8 -> new Step<>("service " + service + " in " + yes, w -> w.opt(service, yes));
      case 9 -> new Step<>("service " + service + " edited", w -> w.edit(service));
      case 10 ->
          new Step<>(
              pod + " writes fail, operator restarts " + yes,
              w -> {
                w.failNext(Math.min(pod, 3));
                if (yes) {
                  w.restart();
                }
              });
      default -> new Step<>(seconds + " s pass", w -> w.pass(Duration.ofSeconds(seconds)));
    };
  }

  private static Histories<PoolWorld> histories(Function<Observed, Plan> planner) {
    return new Histories<>(() -> new PoolWorld(planner), PoolHistoriesTest::step, 24);
  }

  @Test
  void whateverHappensThePoolIsFairAndMovesTheFewest() {
    histories(Planner::plan).runOnAllCores(Seeds.upTo(USUAL));
  }

  private static Function<Observed, Plan> seeing(UnaryOperator<Observed> other) {
    return observed -> Planner.plan(other.apply(observed));
  }

  private static Function<Observed, Plan> writing(Function<Plan, List<Change>> other) {
    return observed -> {
      Plan p = Planner.plan(observed);
      return new Plan(
          p.seats(),
          p.claims(),
          p.target(),
          other.apply(p),
          p.slices(),
          p.deferred(),
          p.contested(),
          p.create(),
          p.findings(),
          p.held(),
          p.resume(),
          p.lookAgain());
    };
  }

  private static Observed with(Observed o, Pool pool, List<Pod> pods, boolean sets) {
    return new Observed(
        pool,
        o.pools(),
        o.services(),
        pods,
        o.slices(),
        o.published(),
        sets ? o.sets() : List.of(),
        o.freeze(),
        o.contests(),
        o.now());
  }

  private static Observed by(Observed o, Strategy strategy) {
    Pool p = o.pool();
    Pool other =
        new Pool(
            p.key(),
            p.uid(),
            p.created(),
            p.statefulSet(),
            p.podSelector(),
            p.prefix(),
            p.serviceSelector(),
            p.count(),
            p.ports(),
            p.via(),
            strategy,
            p.loadFactor(),
            p.minReady(),
            p.grace(),
            p.homeWindow(),
            p.releaseDelay(),
            p.maxMovesPerMinute(),
            p.whenNoPod(),
            p.mode(),
            p.pause(),
            p.findings());
    return with(o, other, List.copyOf(o.pods()), true);
  }

  private static Pod living(Pod p) {
    dev.ebb.runtime.kube.Meta m = p.metadata();
    return new Pod(
        new dev.ebb.runtime.kube.Meta(
            m.name(),
            m.namespace(),
            m.uid(),
            m.resourceVersion(),
            m.generation(),
            m.creationTimestamp(),
            null,
            m.labels(),
            m.annotations(),
            m.finalizers(),
            m.ownerReferences()),
        p.spec(),
        p.status());
  }

  private static Change as(Change c, String pod, Cause cause, boolean adopts) {
    return new Change(c.service(), pod, c.from(), cause, c.home(), adopts);
  }

  static Map<String, Function<Observed, Plan>> mutants() {
    Map<String, Function<Observed, Plan>> all = new TreeMap<>();
    all.put(
        "does not see that a pod terminates",
        seeing(o ->
            with(o, o.pool(), o.pods().stream().map(PoolHistoriesTest::living).toList(), true)));
    all.put(
        "does not see that a set shrinks",
        seeing(o -> with(o, o.pool(), List.copyOf(o.pods()), false)));
    all.put("shares out by modulo", seeing(o -> by(o, Strategy.Modulo)));
    all.put("shares out by rendezvous", seeing(o -> by(o, Strategy.Rendezvous)));
    all.put("shares out by ordinal", seeing(o -> by(o, Strategy.Ordinal)));
    all.put(
        "does not see the first pod",
        seeing(o ->
            with(
                o,
                o.pool(),
                o.pods().stream().filter(p -> !p.metadata().name().equals("set-0")).toList(),
                true)));
    all.put(
        "writes all but the last",
        writing(p -> p.changes().subList(0, Math.max(0, p.changes().size() - 1))));
    all.put(
        "does not move for balance",
        writing(p -> p.changes().stream().filter(c -> c.cause() != Cause.BALANCE).toList()));
    all.put(
        "does not leave what is gone",
        writing(p -> p.changes().stream().filter(c -> c.cause() != Cause.GONE).toList()));
    all.put(
        "gives all to the first pod",
        writing(
            p -> p.changes().stream().map(c -> as(c, "set-0", c.cause(), c.adopts())).toList()));
    all.put(
        "does not keep what a selector said",
        writing(p ->
            p.changes().stream()
                .map(c -> as(c, "set-" + p.seats().size(), c.cause(), false))
                .toList()));
    all.put(
        "writes each again and again",
        observed -> {
          Plan p = Planner.plan(observed);
          List<Change> more =
              Stream.concat(
                      p.changes().stream(),
                      p.claims().members().stream()
                          .filter(m ->
                              m.decided() != null && m.service().metadata().name().equals("svc-1"))
                          .map(m ->
                              new Change(
                                  m.service(), m.decided(), m.decided(), Cause.BALANCE, "", false)))
                  .toList();
          return new Plan(
              p.seats(),
              p.claims(),
              p.target(),
              more,
              p.slices(),
              0,
              p.contested(),
              p.create(),
              p.findings(),
              Optional.empty(),
              false,
              p.lookAgain());
        });
    all.put(
        "does not let go of who opts out",
        observed -> {
          Plan p = Planner.plan(observed);
          Claims c = p.claims();
          return new Plan(
              p.seats(),
              new Claims(c.members(), c.refused(), List.of(), c.surplus()),
              p.target(),
              p.changes(),
              p.slices(),
              0,
              p.contested(),
              p.create(),
              p.findings(),
              p.held(),
              false,
              p.lookAgain());
        });
    return all;
  }

  static Stream<String> names() {
    return mutants().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aPlantedFaultIsFound(String mutant) {
    Function<Observed, Plan> planner = mutants().getOrDefault(mutant, Planner::plan);

    assertThat(histories(planner).firstFailure(new Seeds(USUAL, null), false))
        .as("a history that fails when it %s", mutant)
        .isNotNull();
  }
}
