package dev.ebb.runtime.loop;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a loop does at a moment, for people.
 *
 * @param name the controller's name
 * @param workers how many keys may be reconciled at the same time; 0 before the loop is started
 * @param depth how many keys are due and wait for a worker
 * @param delayed how many keys wait for their time, or for the reconcile of the same key to end
 * @param running what is being reconciled, the longest first
 * @param lastSuccess when a reconcile last succeeded; null for never
 * @param lastError when a reconcile last failed, in whatever way; null for never
 * @param failing how many keys failed when they were last reconciled
 * @param failures those keys, the most persistent first, at most {@value #MOST_FAILURES}
 */
public record LoopStatus(
    String name,
    int workers,
    int depth,
    int delayed,
    List<Running> running,
    @Nullable Instant lastSuccess,
    @Nullable Instant lastError,
    int failing,
    List<Failing> failures) {

  /** How many failing keys are listed. */
  public static final int MOST_FAILURES = 50;

  /**
   * A key that is being reconciled.
   *
   * @param key the key as text
   * @param since when its reconcile began
   */
  public record Running(String key, Instant since) {}

  /**
   * A key whose last reconcile failed.
   *
   * @param key the key as text
   * @param count how often it failed since it last succeeded
   * @param lastError the last failure
   * @param nextTry when it is tried again; null while it is being tried, or when it waits for a
   *     change
   */
  public record Failing(String key, int count, String lastError, @Nullable Instant nextTry) {}
}
