package dev.ebb.runtime.config;

import dev.ebb.runtime.kube.ProcessEnd;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process with status 1 in an orderly way, and with status 2 by force when that takes too
 * long. Kubernetes starts it anew. Only the first reason counts. Thread-safe.
 */
public final class ProcessExit implements ProcessEnd {

  private static final Logger log = LoggerFactory.getLogger(ProcessExit.class);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final AtomicBoolean ending = new AtomicBoolean();

  @Override
  public void end(String why) {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    log.error("ending the process: {}", why);
    // From other threads: whoever calls may be waited for when the context closes.
    Thread.ofPlatform().name("process-exit").start(() -> System.exit(1));
    Thread.ofPlatform().daemon().name("process-halt").start(ProcessExit::halt);
  }

  private static void halt() {
    try {
      Thread.sleep(LONGEST);
      Runtime.getRuntime().halt(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
