package dev.ebb.testkit.proxy;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What lists said at a moment in the past. Serves each client the old answer to the first list of
 * each kind, as an API server that lags behind would, and nothing after that: later lists are live
 * reads. Thread-safe.
 */
public final class Snapshot {

  private final Map<ApiRequest, byte[]> lists = new LinkedHashMap<>();
  private final Set<String> served = new HashSet<>();

  /** Remembers the answer to a list; the latest one counts. */
  synchronized void put(ApiRequest list, byte[] answer) {
    lists.keySet().removeIf(list::sameObjectsAs);
    lists.put(list, answer);
  }

  /** Returns the old answer, the first time that a client asks for it. */
  synchronized Optional<byte[]> first(ApiRequest list) {
    return lists.entrySet().stream()
        .filter(entry -> entry.getKey().sameObjectsAs(list))
        .filter(entry -> served.add(list.client() + " " + entry.getKey().uri()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Returns how many lists it remembers. */
  public synchronized int size() {
    return lists.size();
  }
}
