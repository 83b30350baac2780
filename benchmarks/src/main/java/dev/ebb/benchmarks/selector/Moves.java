package dev.ebb.benchmarks.selector;

import dev.ebb.selector.api.Strategy;
import dev.ebb.selector.plan.Assigner;
import dev.ebb.selector.plan.Assigner.Rule;
import dev.ebb.selector.plan.Bucket;
import dev.ebb.selector.plan.Host;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What happens to the map of a pool when its number of pods changes: a row of the guide's table.
 *
 * @param services how many Services
 * @param from how many pods there were
 * @param to how many there are then
 */
record Moves(int services, int from, int to) {

  /** The guide's rows. */
  static final List<Moves> TABLE =
      List.of(
          new Moves(8, 3, 4),
          new Moves(8, 4, 3),
          new Moves(12, 3, 4),
          new Moves(32, 5, 6),
          new Moves(64, 8, 9),
          new Moves(64, 9, 8),
          new Moves(64, 4, 8),
          new Moves(64, 10, 11),
          new Moves(1000, 50, 51),
          new Moves(10_000, 500, 501),
          new Moves(10_000, 500, 250));

  private static final List<Strategy> COLUMNS =
      List.of(
          Strategy.Modulo,
          Strategy.Rendezvous,
          Strategy.BoundedLoad,
          Strategy.Ordinal,
          Strategy.Sticky);

  static List<Bucket> services(int count) {
    return IntStream.range(0, count).mapToObj(i -> Bucket.named("svc-" + i, null)).toList();
  }

  static List<Host> pods(int count) {
    return IntStream.range(0, count).mapToObj(i -> Host.named("p-" + i)).toList();
  }

  static List<Bucket> at(List<Bucket> services, Map<String, String> map) {
    return services.stream().map(s -> s.at(map.get(s.name()))).toList();
  }

  /** The table in Markdown: Services that move, and in brackets how unequal the pods are then. */
  static List<String> table() {
    String names = COLUMNS.stream().map(s -> " `" + s.name() + "` |").collect(Collectors.joining());
    return Stream.concat(
            Stream.of(
                "| Services | pods |" + names + " fewest for balance |",
                "|---|---|" + "---|".repeat(6)),
            TABLE.stream().map(Moves::row))
        .toList();
  }

  private String row() {
    return "| %d | %d → %d |".formatted(services, from, to)
        + COLUMNS.stream().map(this::cell).collect(Collectors.joining())
        + " %d |".formatted(fewest());
  }

  private String cell(Strategy strategy) {
    Outcome outcome = outcome(strategy);
    return " %d (%d) |".formatted(outcome.moves(), outcome.imbalance());
  }

  /** The fewest moves that leave no pod with more than one more than another. */
  long fewest() {
    if (to < from) {
      return outcome(Strategy.Sticky).gone();
    }
    // The new pods get their shares, and those that are rounded down first.
    return (long) (to - from) * (services / to);
  }

  /**
   * What became of the Services.
   *
   * @param moves how many have another pod than before
   * @param gone how many had to: their pod is gone
   * @param imbalance the most Services of a pod without the fewest of a pod
   */
  record Outcome(long moves, long gone, int imbalance) {}

  Outcome outcome(Strategy strategy) {
    Rule rule = Rule.of(strategy);
    List<Bucket> buckets = services(services);
    Map<String, String> before = Assigner.assign(rule, buckets, pods(from));
    List<Host> then = pods(to);
    Map<String, String> after = Assigner.assign(rule, at(buckets, before), then);
    Map<String, Integer> counts = new TreeMap<>();
    then.forEach(pod -> counts.put(pod.name(), 0));
    after.values().forEach(pod -> counts.merge(pod, 1, Integer::sum));
    return new Outcome(
        after.entrySet().stream().filter(e -> !e.getValue().equals(before.get(e.getKey()))).count(),
        before.values().stream().filter(pod -> !counts.containsKey(pod)).count(),
        Collections.max(counts.values()) - Collections.min(counts.values()));
  }
}
