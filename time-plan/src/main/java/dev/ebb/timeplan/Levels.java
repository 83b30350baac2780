package dev.ebb.timeplan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Counts replicas that several ramps ask for, each of them once: replica number 7 is asked for by
 * who wants 5 to 9 of them. Not thread-safe.
 */
final class Levels {

  /** From one count, which does not belong to it, to another, which does. */
  private record Range(int above, int upTo) {}

  private final List<Range> ranges = new ArrayList<>();

  /** Begins with all up to a count. */
  Levels(int count) {
    ranges.add(new Range(Math.min(0, count), count));
  }

  void add(int above, int upTo) {
    if (upTo > above) {
      ranges.add(new Range(above, upTo));
    }
  }

  int count() {
    ranges.sort(Comparator.comparingInt(Range::above));
    int reached = ranges.getFirst().above();
    int count = reached;
    for (Range range : ranges) {
      int fresh = range.upTo() - Math.max(reached, range.above());
      if (fresh > 0) {
        count += fresh;
        reached = range.upTo();
      }
    }
    return count;
  }
}
