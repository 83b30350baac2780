package dev.ebb.localcluster.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which pod each Service of a pool points at.
 *
 * @param pods the pod of each Service
 */
record PoolMap(SortedMap<String, String> pods) {

  /** Copies the map. */
  PoolMap {
    pods = new TreeMap<>(pods);
  }

  /** How many Services point at another pod than before. */
  long moved(PoolMap before) {
    return pods.entrySet().stream()
        .filter(e -> !e.getValue().equals(before.pods.get(e.getKey())))
        .count();
  }

  /** How many would, if Service i went to pod i modulo their number, as in 3S. */
  static long movedByModulo(Collection<String> services, int from, int to) {
    List<String> sorted = services.stream().sorted().toList();
    long moved = 0;
    for (int i = 0; i < sorted.size(); i++) {
      moved += i % from == i % to ? 0 : 1;
    }
    return moved;
  }

  /** Whether so many pods share all Services, none having two more than another. */
  boolean sharedAmong(int count, int services) {
    Map<String, Integer> held = new TreeMap<>();
    pods.values().forEach(pod -> held.merge(pod, 1, Integer::sum));
    int most = held.values().stream().mapToInt(n -> n).max().orElse(0);
    int least = held.values().stream().mapToInt(n -> n).min().orElse(0);
    return pods.size() == services && held.size() == count && most - least <= 1;
  }

  /** The table that a human reads; Services that were elsewhere before are marked. */
  List<String> table(PoolMap before) {
    List<String> lines = new ArrayList<>();
    for (String pod : new TreeSet<>(pods.values())) {
      StringBuilder line = new StringBuilder("  ").append(pod).append(' ');
      pods.forEach((service, at) -> {
        if (at.equals(pod)) {
          boolean same = before.pods.isEmpty() || pod.equals(before.pods.get(service));
          line.append(' ').append(service).append(same ? " " : "*");
        }
      });
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
