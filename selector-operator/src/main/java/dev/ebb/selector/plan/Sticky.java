package dev.ebb.selector.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    final long seed;
    final List<Bucket> residents = new ArrayList<>();
    final List<Bucket> returning = new ArrayList<>();
    int quota;
    int taken;

    Seat(Host host, int index) {
      this.host = host;
      this.index = index;
      this.seed = Scores.seed(host.name());
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
  private final Map<String, String> placed = new HashMap<>();
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
    return Assigner.inOrder(buckets, sticky.placed);
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
    buckets.forEach(b -> scores.put(b, Scores.of(Scores.digest(b.name()), seat.seed)));
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
    Open open = new Open(ordered.stream().filter(Seat::free).toArray(Seat[]::new));
    for (Bucket bucket : homeless) {
      give(bucket, open.take(Scores.digest(bucket.name())));
    }
  }

  /** Seats with room, in arrays: each Service without a pod looks at all of them. */
  private static final class Open {
    private final Seat[] seats;
    private final long[] seeds;
    private int count;

    Open(Seat[] seats) {
      this.seats = seats;
      this.seeds = Arrays.stream(seats).mapToLong(seat -> seat.seed).toArray();
      this.count = seats.length;
    }

    /** Returns the seat that a Service likes most, which then has room for one less. */
    Seat take(long service) {
      int best = favourite(service, seeds, count);
      Seat seat = seats[best];
      if (seat.taken + 1 >= seat.quota) {
        count--;
        System.arraycopy(seats, best + 1, seats, best, count - best);
        System.arraycopy(seeds, best + 1, seeds, best, count - best);
      }
      return seat;
    }

    private static int favourite(long service, long[] seeds, int count) {
      int best = 0;
      long highest = Long.MIN_VALUE;
      for (int i = 0; i < count; i++) {
        long score = Scores.of(service, seeds[i]);
        if (score > highest) {
          highest = score;
          best = i;
        }
      }
      return best;
    }
  }

  private void give(Bucket bucket, Seat seat) {
    placed.put(bucket.name(), seat.host.name());
    seat.taken++;
  }
}
