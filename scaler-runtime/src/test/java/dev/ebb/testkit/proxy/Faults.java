package dev.ebb.testkit.proxy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The rules in force, the dice, and the watches that are open. Thread-safe. */
final class Faults {

  private final List<Applied> rules = new CopyOnWriteArrayList<>();
  private final Set<WatchStream> watches = ConcurrentHashMap.newKeySet();
  private final Random random;

  Faults(long seed) {
    this.random = new Random(seed);
  }

  /** Puts a rule in force, for watches that are open too. */
  Applied apply(Rule rule) {
    Applied applied = new Applied(rule, rules::remove);
    rules.add(applied);
    if (rule.fault() instanceof Fault.OfWatch) {
      watches.stream()
          .filter(watch -> applied.strikes(watch.request(), dice()))
          .forEach(watch -> watch.suffer(applied));
    }
    return applied;
  }

  /** Withdraws all rules. */
  void withdrawAll() {
    rules.forEach(Applied::close);
  }

  /** Returns what happens to a request as a whole, in the order of the rules. */
  List<Applied> ofRequest(ApiRequest request) {
    return striking(Fault.OfRequest.class, request);
  }

  /** Notes that a watch is open, and lets happen to it what the rules say. */
  void opened(WatchStream watch) {
    watches.add(watch);
    striking(Fault.OfWatch.class, watch.request()).forEach(watch::suffer);
  }

  /** Notes that a watch ended. */
  void ended(WatchStream watch) {
    watches.remove(watch);
  }

  /** Ends all watches. */
  void endWatches() {
    watches.forEach(WatchStream::close);
  }

  private List<Applied> striking(Class<? extends Fault> kind, ApiRequest request) {
    return rules.stream()
        .filter(applied -> kind.isInstance(applied.rule().fault()))
        .filter(applied -> applied.strikes(request, dice()))
        .toList();
  }

  private double dice() {
    synchronized (random) {
      return random.nextDouble();
    }
  }

  /** Returns a random duration of the seed. */
  Duration between(Duration least, Duration most) {
    return least.plusNanos((long) (dice() * most.minus(least).toNanos()));
  }
}
