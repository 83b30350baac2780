package dev.ebb.localcluster;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for conditions of other processes, which tell nobody when they change. Stateless. */
public final class Waiting {

  private Waiting() {}

  /**
   * Returns true as soon as the condition holds, false when the limit is over. Blocks.
   *
   * @param everyMillis the pause between two looks
   * @throws ClusterException when the thread is interrupted
   */
  public static boolean until(BooleanSupplier condition, Duration limit, long everyMillis) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      pause(everyMillis);
    }
    return true;
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", interrupted);
    }
  }
}
