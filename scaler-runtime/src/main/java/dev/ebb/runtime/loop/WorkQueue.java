package dev.ebb.runtime.loop;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which key is next. Each key waits at most once; of what it was asked for the higher priority and
 * the earlier time count. A key that is taken is not given out again before it is {@link #done},
 * but may wait meanwhile. The queue has no bound and drops nothing.
 *
 * <p>Among keys that are due, one from a list gives way to changes, but for no longer than {@link
 * #PATIENCE}: then it is in line with them, so that a flood of changes starves nobody. Within a
 * priority the first due is the first out.
 *
 * <p>Times are values of a monotonic clock in nanoseconds; they may wrap round. Not thread-safe,
 * does not block.
 *
 * @param <K> the key of an object
 */
final class WorkQueue<K> {

  /** For how long keys from a list give way to changes. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What {@link #untilDue} returns when nothing waits. */
  static final long NEVER = Long.MAX_VALUE;

  /** The longest delay; more would not fit the clock. */
  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * A key that waits.
   *
   * @param due when it may be taken
   * @param number in which order keys came
   */
  record Entry<K>(K key, Priority priority, long due, long number) {

    private long rank() {
      return priority == Priority.LIST ? due + PATIENCE.toNanos() : due;
    }

    private Entry<K> or(Priority otherPriority, long otherDue) {
      long earlier = otherDue - due < 0 ? otherDue : due;
      return new Entry<>(key, priority.or(otherPriority), earlier, number);
    }
  }

  private final Map<K, Entry<K>> waiting = new HashMap<>();
  private final NavigableSet<Entry<K>> delayed = new TreeSet<>(WorkQueue::byDue);
  private final NavigableSet<Entry<K>> ready = new TreeSet<>(WorkQueue::byRank);
  private final Set<K> taken = new HashSet<>();
  private long numbers;

  private static <K> int byDue(Entry<K> a, Entry<K> b) {
    int order = Long.signum(a.due() - b.due());
    return order != 0 ? order : Long.compare(a.number(), b.number());
  }

  private static <K> int byRank(Entry<K> a, Entry<K> b) {
    int order = Long.signum(a.rank() - b.rank());
    return order != 0 ? order : Long.compare(a.number(), b.number());
  }

  /**
   * Lets a key wait.
   *
   * @param now the time
   * @param delay after which it may be taken; less than none is none, more than a year is a year
   * @return false when the key waited already
   */
  boolean add(K key, Priority priority, long now, Duration delay) {
    Duration clamped = delay.isNegative() ? Duration.ZERO : delay;
    long due = now + (clamped.compareTo(LONGEST) > 0 ? LONGEST : clamped).toNanos();
    Entry<K> before = waiting.get(key);
    if (before == null) {
      enqueue(new Entry<>(key, priority, due, numbers++));
      return true;
    }
    delayed.remove(before);
    ready.remove(before);
    enqueue(before.or(priority, due));
    return false;
  }

  private void enqueue(Entry<K> entry) {
    waiting.put(entry.key(), entry);
    if (!taken.contains(entry.key())) {
      delayed.add(entry);
    }
  }

  /** Takes the key that is next, or returns null when none is due. */
  @Nullable Entry<K> take(long now) {
    mature(now);
    Entry<K> next = ready.pollFirst();
    if (next != null) {
      waiting.remove(next.key());
      taken.add(next.key());
    }
    return next;
  }

  /** Gives a key back that was taken; it may be taken again if it was added meanwhile. */
  void done(K key) {
    Entry<K> again = waiting.get(key);
    if (taken.remove(key) && again != null) {
      delayed.add(again);
    }
  }

  /** Returns for how many nanoseconds nothing is due; 0 for now, {@link #NEVER} for never. */
  long untilDue(long now) {
    mature(now);
    if (!ready.isEmpty()) {
      return 0;
    }
    return delayed.isEmpty() ? NEVER : delayed.first().due() - now;
  }

  /** Returns how many keys are due and can be taken. */
  int depth(long now) {
    mature(now);
    return ready.size();
  }

  /** Returns how many keys wait for whatever reason. */
  int size() {
    return waiting.size();
  }

  /** Returns when a key is due, or nothing when it does not wait. */
  OptionalLong due(K key) {
    Entry<K> entry = waiting.get(key);
    return entry == null ? OptionalLong.empty() : OptionalLong.of(entry.due());
  }

  private void mature(long now) {
    while (!delayed.isEmpty() && delayed.first().due() - now <= 0) {
      ready.add(delayed.removeFirst());
    }
  }
}
