package dev.ebb.selector.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Shares Services out so that no pod has more than one more than another (by weight, its share
 * rounded up or down), and the fewest possible move.
 *
 * <p>Each pod has a quota: its share rounded down, and one more for as many as it takes, those that
 * hold the most beyond it first. It keeps what it has up to its quota; what is too much and what
 * has no pod goes where there is room. A Service whose home is back counts as being there already,
 * so that a pod that was away for a moment gets back exactly what it had; where that is too much,
 * those that are not yet back stay where they are.
 */
final class Sticky {

  private static final class Seat {
    final Host host;
    final int index;
    final long digest;
    final List<Bucket> residents = new ArrayList<>();
    final List<Bucket> returning = new ArrayList<>();
    int quota;
    int taken;

    Seat(Host host, int index) {
      this.host = host;
      this.index = index;
      this.digest = Scores.digest(host.name());
    }

    int held() {
      return residents.size() + returning.size();
    }

    boolean free() {
      return taken < quota;
    }
  }

  private final Map<String, Seat> seats = new HashMap<>();
  private final List<Seat> ordered = new ArrayList<>();
  private final Map<String, String> result = new TreeMap<>(Natural.ORDER);
  private final List<Bucket> orphans = new ArrayList<>();

  private Sticky() {}

  /**
   * Assigns.
   *
   * @param buckets in their order
   * @param hosts in their order; not empty
   */
  static Map<String, String> assign(List<Bucket> buckets, List<Host> hosts) {
    Sticky sticky = new Sticky();
    for (Host host : hosts) {
      Seat seat = new Seat(host, sticky.ordered.size());
      sticky.ordered.add(seat);
      sticky.seats.put(host.name(), seat);
    }
    buckets.forEach(sticky::sit);
    sticky.quotas(buckets.size());
    sticky.ordered.forEach(sticky::keep);
    sticky.place();
    return sticky.result;
  }

  private void sit(Bucket bucket) {
    Seat current = seat(bucket.current());
    Seat home = seat(bucket.home());
    if (home != null && home != current) {
      home.returning.add(bucket);
    } else if (current != null) {
      current.residents.add(bucket);
    } else {
      orphans.add(bucket);
    }
  }

  private @Nullable Seat seat(@Nullable String pod) {
    return pod == null ? null : seats.get(pod);
  }

  private void quotas(int services) {
    long weights = ordered.stream().mapToLong(s -> s.host.weight()).sum();
    long left = services;
    for (Seat seat : ordered) {
      seat.quota = (int) ((long) services * seat.host.weight() / weights);
      left -= seat.quota;
    }
    ordered.stream()
        .sorted(
            Comparator.comparingInt((Seat s) -> s.quota - s.held()).thenComparingInt(s -> s.index))
        .limit(left)
        .toList()
        .forEach(seat -> seat.quota++);
  }

  private void keep(Seat seat) {
    List<Bucket> wanted = best(seat, seat.residents);
    wanted.addAll(best(seat, seat.returning));
    for (Bucket bucket : wanted) {
      if (seat.free()) {
        give(bucket, seat);
      } else {
        orphans.add(bucket);
      }
    }
  }

  /** Those that like the pod most come first. */
  private static List<Bucket> best(Seat seat, List<Bucket> buckets) {
    if (seat.held() <= seat.quota) {
      return new ArrayList<>(buckets);
    }
    Map<Bucket, Long> scores = new HashMap<>();
    buckets.forEach(b -> scores.put(b, Scores.of(Scores.digest(b.name()), seat.digest)));
    List<Bucket> sorted = new ArrayList<>(buckets);
    sorted.sort(
        Comparator.comparingLong((Bucket b) -> scores.getOrDefault(b, 0L))
            .reversed()
            .thenComparing(Bucket.ORDER));
    return sorted;
  }

  private void place() {
    // Who did not find room at home stays where it is, before others come there.
    List<Bucket> homeless = new ArrayList<>();
    orphans.sort(Bucket.ORDER);
    for (Bucket bucket : orphans) {
      Seat current = seat(bucket.current());
      if (current != null && current.free()) {
        give(bucket, current);
      } else {
        homeless.add(bucket);
      }
    }
    List<Seat> open = new ArrayList<>(ordered.stream().filter(Seat::free).toList());
    for (Bucket bucket : homeless) {
      Seat best = favourite(Scores.digest(bucket.name()), open);
      give(bucket, best);
      if (!best.free()) {
        open.remove(best);
      }
    }
  }

  private static Seat favourite(long service, List<Seat> open) {
    Seat best = open.getFirst();
    long highest = Long.MIN_VALUE;
    for (Seat seat : open) {
      long score = Scores.of(service, seat.digest);
      if (score > highest) {
        highest = score;
        best = seat;
      }
    }
    return best;
  }

  private void give(Bucket bucket, Seat seat) {
    result.put(bucket.name(), seat.host.name());
    seat.taken++;
  }
}
