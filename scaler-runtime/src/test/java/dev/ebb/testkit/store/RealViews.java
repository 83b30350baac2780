package dev.ebb.testkit.store;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What readers knew at which version of a collection, by a list or by the end of a watch: what a
 * watch from there begins with. The latest of each collection are remembered. Thread-safe.
 */
final class RealViews {

  /** A list and the watch that goes on from it are at most so many other lists apart. */
  private static final int REMEMBERED = 500;

  private final Map<String, Map<String, Map<String, String>>> views = new HashMap<>();

  /**
   * Remembers what a reader knows.
   *
   * @param collection path and selectors
   * @param version where it is
   * @param known versions by UID
   */
  synchronized void knows(String collection, String version, Map<String, String> known) {
    Map<String, Map<String, String>> of =
        views.computeIfAbsent(collection, key -> new LinkedHashMap<>());
    of.put(version, Map.copyOf(known));
    if (of.size() > REMEMBERED) {
      of.remove(of.keySet().iterator().next());
    }
  }

  /** Returns what a reader knows who is at a version. */
  synchronized Optional<Map<String, String>> at(String collection, String version) {
    return Optional.ofNullable(views.getOrDefault(collection, Map.of()).get(version));
  }
}
