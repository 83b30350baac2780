package dev.ebb.selector.plan;

import java.util.Arrays;
import java.util.List;

/**
 * Finds the pod that a Service likes most, in arrays: of 10,000 Services and 500 pods each pair is
 * looked at, five million of them. Not thread-safe.
 */
final class Favourites {

  private final List<Host> pods;
  private final long[] seeds;
  private final long[] room;

  /** For each pod the number of its weight; pods of one weight differ by their pairs alone. */
  private final int[] classes;

  private final int[] weights;
  private final long[] highest;
  private final int[] best;

  /**
   * Takes the pods.
   *
   * @param pods in their order: of two that are liked the same the first one wins
   * @param room how much each of them takes
   */
  Favourites(List<Host> pods, long[] room) {
    this.pods = pods;
    this.room = room;
    seeds = pods.stream().mapToLong(pod -> Scores.seed(pod.name())).toArray();
    weights = pods.stream().mapToInt(Host::weight).distinct().toArray();
    classes = pods.stream().mapToInt(pod -> indexOf(pod.weight())).toArray();
    highest = new long[weights.length];
    best = new int[weights.length];
  }

  private int indexOf(int weight) {
    int index = 0;
    while (weights[index] != weight) {
      index++;
    }
    return index;
  }

  /** Pods with room for everything. */
  static Favourites unlimited(List<Host> pods) {
    long[] room = new long[pods.size()];
    Arrays.fill(room, Long.MAX_VALUE);
    return new Favourites(pods, room);
  }

  /** Returns the number of the pod with enough room that a Service likes most; -1 for none. */
  int of(long service, long needed) {
    // The first compiler reads a field each time that it is named.
    long[] highest = this.highest;
    long[] seeds = this.seeds;
    long[] room = this.room;
    int[] classes = this.classes;
    Arrays.fill(highest, -1);
    for (int i = 0; i < seeds.length; i++) {
      if (room[i] >= needed) {
        long bits = Scores.bits(service, seeds[i]);
        int c = classes[i];
        if (bits > highest[c]) {
          highest[c] = bits;
          best[c] = i;
        }
      }
    }
    int winner = -1;
    double score = 0;
    for (int c = 0; c < weights.length; c++) {
      if (highest[c] >= 0) {
        double own = Scores.weighted(highest[c], weights[c]);
        if (winner < 0 || own > score || own == score && best[c] < winner) {
          winner = best[c];
          score = own;
        }
      }
    }
    return winner;
  }

  /** Returns the score of a pair. */
  double score(long service, int pod) {
    return Scores.weighted(Scores.bits(service, seeds[pod]), pods.get(pod).weight());
  }
}
