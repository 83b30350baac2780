package dev.ebb.selector.plan;

import dev.ebb.selector.api.Strategy;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
   * @return a pod for each Service, in the Services' order; empty when there is no pod
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
    Map<String, String> placed = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      placed.put(names.get(i), targets.get(i % targets.size()));
    }
    return inOrder(services, placed);
  }

  private static Map<String, String> rendezvous(List<Bucket> services, List<Host> pods) {
    Favourites favourites = Favourites.unlimited(pods);
    Map<String, String> result = new LinkedHashMap<>();
    for (Bucket service : services) {
      result.put(service.name(), favourite(favourites, service, pods));
    }
    return result;
  }

  private static String favourite(Favourites favourites, Bucket service, List<Host> pods) {
    return pods.get(favourites.of(Scores.digest(service.name()), 0)).name();
  }

  private static Map<String, String> ordinal(Rule rule, List<Bucket> services, List<Host> pods) {
    int last = pods.stream().mapToInt(Host::ordinal).max().orElse(-1);
    int replicas = rule.replicas() > 0 ? rule.replicas() : last - rule.start() + 1;
    Map<Integer, String> byOrdinal = new HashMap<>();
    pods.forEach(pod -> byOrdinal.put(pod.ordinal(), pod.name()));
    Favourites favourites = Favourites.unlimited(pods);
    Map<String, String> result = new LinkedHashMap<>();
    for (Bucket service : services) {
      int wanted =
          replicas < 1 || service.number() < 0 ? -1 : rule.start() + service.number() % replicas;
      // While its pod is away it is anybody's, and no other Service moves.
      String own = wanted < 0 ? null : byOrdinal.get(wanted);
      result.put(service.name(), own == null ? favourite(favourites, service, pods) : own);
    }
    return result;
  }

  private static Map<String, String> bounded(List<Bucket> services, List<Host> pods, int factor) {
    long load = services.stream().mapToLong(Bucket::weight).sum();
    long weights = pods.stream().mapToLong(Host::weight).sum();
    long[] limits = pods.stream().mapToLong(pod -> limit(pod, load, weights, factor)).toArray();
    long[] room = limits.clone();
    Favourites favourites = new Favourites(pods, room);
    Map<String, String> placed = new HashMap<>();
    // The heavy ones first: they find room.
    for (Bucket service :
        services.stream().sorted(Comparator.comparingInt(Bucket::weight).reversed()).toList()) {
      long digest = Scores.digest(service.name());
      int favourite = favourites.of(digest, service.weight());
      int pod = favourite < 0 ? emptiest(digest, favourites, pods, limits, room) : favourite;
      room[pod] -= service.weight();
      placed.put(service.name(), pods.get(pod).name());
    }
    return inOrder(services, placed);
  }

  /** The pod's share with the factor, rounded up. */
  private static long limit(Host pod, long load, long weights, int factor) {
    return Math.ceilDiv(load * pod.weight() * Math.max(100, factor), weights * 100);
  }

  /** One that is heavier than any room goes where least is, and there to whom it likes most. */
  private static int emptiest(
      long service, Favourites favourites, List<Host> pods, long[] limits, long[] room) {
    return IntStream.range(0, pods.size())
        .boxed()
        .min(
            Comparator.comparingDouble(
                    (Integer i) -> (double) (limits[i] - room[i]) / pods.get(i).weight())
                .thenComparing(
                    (Integer i) -> favourites.score(service, i), Comparator.reverseOrder()))
        .orElseThrow();
  }

  /** Returns a map in the order of its Services. */
  static Map<String, String> inOrder(List<Bucket> services, Map<String, String> placed) {
    Map<String, String> result = LinkedHashMap.newLinkedHashMap(services.size());
    for (Bucket service : services) {
      String pod = placed.get(service.name());
      if (pod != null) {
        result.put(service.name(), pod);
      }
    }
    return result;
  }
}
