package dev.ebb.selector.plan;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a pool's map would be with another number of pods, all of them ready.
 *
 * @param map each Service and its pod
 * @param moves how many Services would go from one pod to another
 */
public record Scenario(Map<String, String> map, long moves) {

  /**
   * Works it out.
   *
   * @param pods how many pods there would be, from the first on
   */
  public static Scenario of(Observed observed, int pods) {
    Plan plan = Planner.plan(observed);
    Pool pool = observed.pool();
    String stem =
        plan.seats().stream()
            .map(Seat::set)
            .filter(set -> !set.isEmpty())
            .findFirst()
            .orElse(pool.statefulSet().isEmpty() ? "pod" : pool.statefulSet());
    int first =
        observed.sets().stream()
            .filter(set -> set.metadata().name().equals(stem))
            .mapToInt(set -> set.firstOrdinal())
            .findFirst()
            .orElse(0);
    List<Host> hosts =
        IntStream.range(first, first + pods).mapToObj(i -> Host.named(stem + "-" + i)).toList();
    List<Bucket> buckets =
        plan.claims().members().stream().map(m -> m.bucket(pool, observed.now())).toList();
    Map<String, String> map =
        Assigner.assign(
            new Assigner.Rule(pool.strategy(), pool.loadFactor(), first, pods), buckets, hosts);
    Map<String, String> before = new TreeMap<>();
    buckets.forEach(b -> {
      if (b.current() != null) {
        before.put(b.name(), b.current());
      }
    });
    long moves =
        map.entrySet().stream().filter(e -> !e.getValue().equals(before.get(e.getKey()))).count();
    return new Scenario(map, moves);
  }
}
