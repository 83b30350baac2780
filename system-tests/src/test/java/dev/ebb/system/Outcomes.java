package dev.ebb.system;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What became of many requests. Immutable.
 *
 * @param byCause how many there were, and how long the longest took
 * @param pods how many pods have answered; more than there are workloads: some were woken
 */
record Outcomes(Map<String, Sum> byCause, int pods) {

  /** Nothing yet. */
  static final Outcomes NONE = new Outcomes(Map.of(), 0);

  /**
   * Of one cause.
   *
   * @param count how many
   * @param longestMillis from the request to its outcome
   */
  record Sum(long count, long longestMillis) {
    Sum plus(Sum other) {
      return new Sum(count + other.count, Math.max(longestMillis, other.longestMillis));
    }
  }

  /** Copies the map. */
  Outcomes {
    byCause = Map.copyOf(byCause);
  }

  /**
   * Reads what {@link Roam} says; an {@link IllegalStateException} when it did not come to an end.
   */
  static Outcomes parse(List<String> lines) {
    if (!lines.contains("DONE")) {
      throw new IllegalStateException("the callers did not come to an end: " + lines);
    }
    Map<String, Sum> byCause = new TreeMap<>();
    int pods = 0;
    for (String line : lines) {
      String[] words = line.split(" ", 4);
      if (words[0].equals("C")) {
        byCause.put(words[3], new Sum(Long.parseLong(words[1]), Long.parseLong(words[2])));
      } else if (words[0].equals("P")) {
        pods = Integer.parseInt(words[1]);
      }
    }
    return new Outcomes(byCause, pods);
  }

  Outcomes plus(Outcomes other) {
    Map<String, Sum> sum = new TreeMap<>(byCause);
    other.byCause.forEach((cause, more) -> sum.merge(cause, more, Sum::plus));
    return new Outcomes(sum, pods + other.pods);
  }

  /** Those that a pattern does not allow. */
  Map<String, Sum> unlike(String allowed) {
    return byCause.entrySet().stream()
        .filter(entry -> !entry.getKey().matches(allowed))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  long requests() {
    return byCause.values().stream().mapToLong(Sum::count).sum();
  }

  @Override
  public String toString() {
    return new TreeMap<>(byCause)
        .entrySet().stream()
            .map(entry ->
                entry.getKey()
                    + ": "
                    + entry.getValue().count()
                    + " (longest "
                    + entry.getValue().longestMillis()
                    + " ms)")
            .collect(Collectors.joining(", ", "", "; by " + pods + " pods"));
  }
}
