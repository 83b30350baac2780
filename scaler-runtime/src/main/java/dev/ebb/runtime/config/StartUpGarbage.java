package dev.ebb.runtime.config;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Collects once what starting left behind. A service that idles allocates too little to ever fill
 * its old generation, so the heap would stay as large as starting made it: half of it garbage.
 * Measured in docs/benchmarks.md.
 */
final class StartUpGarbage implements ApplicationListener<ApplicationReadyEvent> {

  /** Long enough for the caches to be filled and for the first requests to be past. */
  private static final Duration SETTLED = Duration.ofSeconds(30);

  @Override
  public void onApplicationEvent(ApplicationReadyEvent ready) {
    CompletableFuture.delayedExecutor(SETTLED.toSeconds(), TimeUnit.SECONDS).execute(System::gc);
  }
}
