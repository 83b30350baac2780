package dev.ebb.selector.plan;

import dev.ebb.selector.api.Strategy;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says which Service belongs to which pod. The same for the same input, in any order. Stateless.
 */
public final class Assigner {

  /**
   * How it is done.
   *
   * @param strategy by which rule
   * @param loadFactor what a pod takes at most under {@link Strategy#BoundedLoad}, in percent of
   *     its share
   * @param start the first ordinal, for {@link Strategy#Ordinal}
   * @param replicas how many there are to be, for {@link Strategy#Ordinal}; 0 when nobody knows
   */
  public record Rule(Strategy strategy, int loadFactor, int start, int replicas) {

    /** Returns the rule of a strategy that needs no more. */
    public static Rule of(Strategy strategy) {
      return new Rule(strategy, 125, 0, 0);
    }
  }

  private Assigner() {}

  /**
   * Assigns.
   *
   * @return a pod for each Service; empty when there is no pod
   */
  public static Map<String, String> assign(Rule rule, List<Bucket> buckets, List<Host> hosts) {
    if (hosts.isEmpty()) {
      return Map.of();
    }
    List<Bucket> services = buckets.stream().sorted(Bucket.ORDER).toList();
    List<Host> pods = hosts.stream().sorted(Host.ORDER).toList();
    return switch (rule.strategy()) {
      case Sticky -> Sticky.assign(services, pods);
      case Rendezvous -> rendezvous(services, pods);
      case BoundedLoad -> bounded(services, pods, rule.loadFactor());
      case Ordinal -> ordinal(rule, services, pods);
      case Modulo -> modulo(services, pods);
    };
  }

  private static Map<String, String> modulo(List<Bucket> services, List<Host> pods) {
    List<String> names = services.stream().map(Bucket::name).sorted().toList();
    List<String> targets = pods.stream().map(Host::name).sorted().toList();
    Map<String, String> result = result();
    for (int i = 0; i < names.size(); i++) {
      result.put(names.get(i), targets.get(i % targets.size()));
    }
    return result;
  }

  private static Map<String, String> rendezvous(List<Bucket> services, List<Host> pods) {
    List<Ranked> ranked = Ranked.of(pods);
    Map<String, String> result = result();
    for (Bucket service : services) {
      result.put(service.name(), favourite(service, ranked).name());
    }
    return result;
  }

  private static Map<String, String> ordinal(Rule rule, List<Bucket> services, List<Host> pods) {
    int last = pods.stream().mapToInt(Host::ordinal).max().orElse(-1);
    int replicas = rule.replicas() > 0 ? rule.replicas() : last - rule.start() + 1;
    Map<Integer, String> byOrdinal = new HashMap<>();
    pods.forEach(pod -> byOrdinal.put(pod.ordinal(), pod.name()));
    List<Ranked> ranked = Ranked.of(pods);
    Map<String, String> result = result();
    for (Bucket service : services) {
      int wanted =
          replicas < 1 || service.number() < 0 ? -1 : rule.start() + service.number() % replicas;
      // While its pod is away it is anybody's, and no other Service moves.
      String own = wanted < 0 ? null : byOrdinal.get(wanted);
      result.put(service.name(), own == null ? favourite(service, ranked).name() : own);
    }
    return result;
  }

  private static Map<String, String> bounded(List<Bucket> services, List<Host> pods, int factor) {
    long load = services.stream().mapToLong(Bucket::weight).sum();
    long weights = pods.stream().mapToLong(Host::weight).sum();
    Map<String, Long> taken = new HashMap<>();
    List<Ranked> ranked = Ranked.of(pods);
    Map<String, String> result = result();
    // The heavy ones first: they find room.
    List<Bucket> order =
        services.stream()
            .sorted(Comparator.comparingInt(Bucket::weight).reversed().thenComparing(Bucket.ORDER))
            .toList();
    for (Bucket service : order) {
      List<Host> ranking = ranking(service, ranked);
      Host host =
          ranking.stream()
              .filter(
                  pod -> taken(taken, pod) + service.weight() <= limit(pod, load, weights, factor))
              .findFirst()
              .orElseGet(() -> emptiest(ranking, taken));
      taken.merge(host.name(), (long) service.weight(), Long::sum);
      result.put(service.name(), host.name());
    }
    return result;
  }

  private static long taken(Map<String, Long> taken, Host pod) {
    return taken.getOrDefault(pod.name(), 0L);
  }

  /** The pod's share with the factor, rounded up. */
  private static long limit(Host pod, long load, long weights, int factor) {
    return Math.ceilDiv(load * pod.weight() * Math.max(100, factor), weights * 100);
  }

  /** One that is heavier than any room goes where least is. */
  private static Host emptiest(List<Host> ranking, Map<String, Long> taken) {
    return ranking.stream()
        .min(Comparator.comparingDouble(pod -> (double) taken(taken, pod) / pod.weight()))
        .orElseThrow();
  }

  /** A pod with its digest. */
  private record Ranked(Host host, long digest) {
    static List<Ranked> of(List<Host> pods) {
      return pods.stream().map(pod -> new Ranked(pod, Scores.digest(pod.name()))).toList();
    }

    double score(long service) {
      return Scores.weighted(service, digest, host.weight());
    }
  }

  private static Host favourite(Bucket service, List<Ranked> pods) {
    long digest = Scores.digest(service.name());
    Ranked best = pods.getFirst();
    double highest = 0;
    for (Ranked pod : pods) {
      double score = pod.score(digest);
      if (score > highest) {
        highest = score;
        best = pod;
      }
    }
    return best.host();
  }

  private static List<Host> ranking(Bucket service, List<Ranked> pods) {
    long digest = Scores.digest(service.name());
    return pods.stream()
        .sorted(Comparator.comparingDouble((Ranked pod) -> pod.score(digest)).reversed())
        .map(Ranked::host)
        .toList();
  }

  private static Map<String, String> result() {
    return new TreeMap<>(Natural.ORDER);
  }
}
