package dev.ebb.runtime.kube;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the caches of a service before anything is decided on them. A cache that cannot be filled
 * in time ends the process with a message that says which one and why: a controller that looks
 * alive and does nothing is worse than one that is started again.
 *
 * <p>Takes the place of client-java's {@code DefaultController}, which waits for 30 s and then
 * returns without a word, while the process stays up.
 */
public final class CacheSync implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CacheSync.class);

  private final List<Informer<?>> informers;
  private final Duration timeout;
  private final ProcessEnd end;

  /**
   * Creates a sync; {@link #start} starts it.
   *
   * @param timeout how long the caches may take together
   * @param end what is done when they take longer
   */
  public CacheSync(List<? extends Informer<?>> informers, Duration timeout, ProcessEnd end) {
    this.informers = List.copyOf(informers);
    this.timeout = timeout;
    this.end = end;
  }

  /**
   * Starts all informers. Returns at once.
   *
   * @param filled called on a virtual thread when all caches are filled, and not otherwise
   */
  public void start(Runnable filled) {
    informers.forEach(Informer::start);
    Thread.ofVirtual()
        .name("await-sync")
        .start(() -> {
          try {
            if (await()) {
              filled.run();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Stops all informers; the caches stay readable. */
  @Override
  public void close() {
    informers.forEach(Informer::close);
  }

  private boolean await() throws InterruptedException {
    long until = System.nanoTime() + timeout.toNanos();
    for (Informer<?> informer : informers) {
      if (!informer.awaitSync(Duration.ofNanos(Math.max(0, until - System.nanoTime())))) {
        if (informers.stream().noneMatch(Informer::closed)) {
          end.end(missing());
        }
        return false;
      }
    }
    log.info("all caches are filled");
    return true;
  }

  private String missing() {
    return informers.stream()
        .filter(informer -> !informer.synced())
        .map(informer ->
            informer.type().plural()
                + " cannot be listed ("
                + (informer.lastProblem() == null ? "no answer" : informer.lastProblem())
                + ")")
        .collect(
            Collectors.joining(
                "; ",
                "caches are not filled after " + timeout.toSeconds() + " s: ",
                "; grant list and watch, or see why the API server does not answer"));
  }
}
