package dev.ebb.benchmarks.selector;

import dev.ebb.selector.api.Strategy;
import dev.ebb.selector.plan.Assigner;
import dev.ebb.selector.plan.Assigner.Rule;
import dev.ebb.selector.plan.Bucket;
import dev.ebb.selector.plan.Host;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Ten thousand Services are shared out among five hundred pods. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class Assignments {

  private static final int SERVICES = 10_000;
  private static final int PODS = 500;

  /** By which rule. */
  @Param public Strategy strategy = Strategy.Sticky;

  private Rule rule = Rule.of(strategy);
  private List<Bucket> fresh = List.of();
  private List<Bucket> placed = List.of();
  private List<Host> pods = List.of();
  private List<Host> more = List.of();
  private List<Host> fewer = List.of();
  private List<Host> unequal = List.of();

  /** Made by JMH. */
  public Assignments() {}

  /** Makes Services and pods, in their order, as the planner has them. */
  @Setup
  public void make() {
    rule = Rule.of(strategy);
    fresh = Moves.services(SERVICES);
    pods = Moves.pods(PODS);
    more = Moves.pods(PODS + 1);
    fewer = Moves.pods(PODS - 1);
    unequal = pods.stream().map(p -> new Host(p.name(), p.ordinal(), 1 + p.ordinal() % 4)).toList();
    placed = Moves.at(fresh, Assigner.assign(rule, fresh, pods));
  }

  /** No Service has a pod yet. */
  @Benchmark
  public Map<String, String> anew() {
    return Assigner.assign(rule, fresh, pods);
  }

  /** No Service has a pod yet, and pods have weights. */
  @Benchmark
  public Map<String, String> anewByWeight() {
    return Assigner.assign(rule, fresh, unequal);
  }

  /** All Services have pods, and one pod is gone. */
  @Benchmark
  public Map<String, String> onePodLess() {
    return Assigner.assign(rule, placed, fewer);
  }

  /** All Services have pods, and there is one more. */
  @Benchmark
  public Map<String, String> onePodMore() {
    return Assigner.assign(rule, placed, more);
  }
}
