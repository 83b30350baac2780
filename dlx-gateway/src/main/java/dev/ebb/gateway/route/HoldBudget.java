package dev.ebb.gateway.route;

import java.util.concurrent.atomic.AtomicInteger;

/** How many requests this replica may hold over all routes. Thread-safe. */
public final class HoldBudget {

  private final int limit;
  private final AtomicInteger held = new AtomicInteger();

  /** Creates a budget of so many places. */
  public HoldBudget(int limit) {
    this.limit = limit;
  }

  /** Takes a place; false when none is free. */
  boolean take() {
    int before;
    do {
      before = held.get();
      if (before >= limit) {
        return false;
      }
    } while (!held.compareAndSet(before, before + 1));
    return true;
  }

  /** Gives a place back. */
  void giveBack() {
    held.decrementAndGet();
  }

  /** Returns how many places are taken. */
  public int held() {
    return held.get();
  }

  /** Returns how many places there are. */
  public int limit() {
    return limit;
  }
}
