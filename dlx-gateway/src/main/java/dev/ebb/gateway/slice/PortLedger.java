package dev.ebb.gateway.slice;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which gateway port belongs to which Service port, as the ConfigMap's data says: {@code <service
 * uid>.<port name>} to {@code <number>} while used, {@code <number>@<epoch second>} since it was
 * given back. Pure; every change returns a new ledger.
 *
 * @param data the ConfigMap's data
 */
record PortLedger(Map<String, String> data) {

  /** The first gateway port. */
  static final int FIRST = 10_000;

  /** The last gateway port. */
  static final int LAST = 17_999;

  /** How long a port rests before another Service may have it. */
  static final Duration REST = Duration.ofHours(24);

  PortLedger {
    data = Map.copyOf(data);
  }

  static String key(String serviceUid, String portName) {
    return serviceUid + "." + (portName.isEmpty() ? "_" : portName);
  }

  OptionalInt find(String key) {
    String value = data.get(key);
    return value == null || value.contains("@")
        ? OptionalInt.empty()
        : OptionalInt.of(number(value));
  }

  /** Returns a ledger that holds a port for the key; the same one when it does already. */
  PortLedger allocate(String key, Instant now) {
    if (find(key).isPresent()) {
      return this;
    }
    Map<String, String> next = new HashMap<>(data);
    String mine = next.get(key);
    if (mine != null) {
      next.put(key, Integer.toString(number(mine)));
      return new PortLedger(next);
    }
    next.values().removeIf(value -> rested(value, now));
    Set<Integer> taken = new HashSet<>();
    next.values().forEach(value -> taken.add(number(value)));
    for (int port = FIRST; port <= LAST; port++) {
      if (!taken.contains(port)) {
        next.put(key, Integer.toString(port));
        return new PortLedger(next);
      }
    }
    return this;
  }

  /** Returns a ledger in which the Service's ports rest. */
  PortLedger release(String serviceUid, Instant now) {
    Map<String, String> next = new HashMap<>(data);
    next.replaceAll((key, value) ->
        key.startsWith(serviceUid + ".") && !value.contains("@")
            ? value + "@" + now.getEpochSecond()
            : value);
    return next.equals(data) ? this : new PortLedger(next);
  }

  private static boolean rested(String value, Instant now) {
    int at = value.indexOf('@');
    return at > 0
        && Instant.ofEpochSecond(Long.parseLong(value.substring(at + 1))).plus(REST).isBefore(now);
  }

  private static int number(String value) {
    int at = value.indexOf('@');
    return Integer.parseInt(at < 0 ? value : value.substring(0, at));
  }
}
