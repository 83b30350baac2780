package dev.ebb.runtime.loop;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which keys fail, how often in a row and why. The delay before the next try doubles from 5 ms to
 * 30 s for each key alone, the shape of client-go's ItemExponentialFailureRateLimiter; there is no
 * bucket that all keys share, so that many failing keys do not hold each other up. Not thread-safe.
 *
 * @param <K> the key of an object
 */
final class Failures<K> {

  private static final Duration FIRST_RETRY = Duration.ofMillis(5);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
  // Shifts count modulo 64, so the exponent ends where the longest delay is reached.
  private static final int LARGEST_EXPONENT = 13;

  /**
   * The state of a key.
   *
   * @param count how often it failed in a row
   * @param error the last failure
   */
  record Failure(int count, String error) {}

  private final Map<K, Failure> failures = new HashMap<>();

  /** Returns the delay after so many failures in a row, at least one. */
  static Duration delay(int count) {
    Duration delay = FIRST_RETRY.multipliedBy(1L << Math.clamp(count - 1, 0, LARGEST_EXPONENT));
    return delay.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : delay;
  }

  /** Counts a failure and returns how many there were in a row. */
  int count(K key, String error) {
    Failure before = failures.get(key);
    int count = before == null ? 1 : before.count() + 1;
    failures.put(key, new Failure(count, error));
    return count;
  }

  /** Forgets what failed before: the key succeeded. */
  void forget(K key) {
    failures.remove(key);
  }

  /** Returns how many keys fail. */
  int size() {
    return failures.size();
  }

  /** Returns the keys that failed most often in a row, at most so many. */
  List<Map.Entry<K, Failure>> worst(int most) {
    return failures.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<K, Failure> e) -> e.getValue().count()).reversed())
        .limit(most)
        .map(e -> Map.entry(e.getKey(), e.getValue()))
        .toList();
  }
}
