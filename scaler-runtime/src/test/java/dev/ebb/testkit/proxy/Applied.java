package dev.ebb.testkit.proxy;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A rule in force; closing it withdraws it and heals what it did. Thread-safe. */
public final class Applied implements AutoCloseable {

  private final Rule rule;
  private final Consumer<Applied> withdraw;
  private final CountDownLatch withdrawn = new CountDownLatch(1);
  private int matched;
  private int hits;

  Applied(Rule rule, Consumer<Applied> withdraw) {
    this.rule = rule;
    this.withdraw = withdraw;
  }

  /** Returns the rule. */
  public Rule rule() {
    return rule;
  }

  /** Returns to how many requests the fault happened so far. */
  public synchronized int hits() {
    return hits;
  }

  /** Returns whether the fault happens to this request, and counts. */
  synchronized boolean strikes(ApiRequest request, double dice) {
    if (!active() || !rule.match().test(request)) {
      return false;
    }
    boolean happens = rule.often().happens(matched++, dice);
    hits += happens ? 1 : 0;
    return happens;
  }

  /** Returns whether the rule is still in force. */
  boolean active() {
    return withdrawn.getCount() > 0;
  }

  void awaitWithdrawn() throws InterruptedException {
    withdrawn.await();
  }

  /** Withdraws the rule: what is held goes on. */
  @Override
  public void close() {
    withdraw.accept(this);
    withdrawn.countDown();
  }
}
