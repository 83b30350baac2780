package dev.ebb.runtime.config;

import dev.ebb.runtime.kube.Informer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * What a service's caches hold, how old they are, and whether they keep up with the service's own
 * writes: {@code ebb_informer_…{resource}}.
 */
public final class InformerMeters implements MeterBinder {

  private final List<Informer<?>> informers;
  private final InstantSource clock;

  /** Looks at these informers. */
  public InformerMeters(List<? extends Informer<?>> informers, InstantSource clock) {
    this.informers = List.copyOf(informers);
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    for (int i = 0; i < informers.size(); i++) {
      Informer<?> informer = informers.get(i);
      // A service may watch a kind twice, with different selectors.
      Tags tags = Tags.of("resource", informer.type().plural(), "cache", Integer.toString(i));
      meters.gauge("ebb_informer_objects", tags, informer, c -> c.counts().objects());
      meters.gauge("ebb_informer_own_writes", tags, informer, c -> c.counts().ownWrites());
      meters.gauge("ebb_informer_silence_seconds", tags, informer, this::silence);
      FunctionCounter.builder(
              "ebb_informer_own_writes_expired", informer, c -> c.counts().expiredWrites())
          .tags(tags)
          .register(meters);
      FunctionCounter.builder("ebb_informer_stale_lists", informer, c -> c.counts().staleLists())
          .tags(tags)
          .register(meters);
    }
  }

  private double silence(Informer<?> informer) {
    return informer.synced()
        ? Duration.between(informer.lastContact(), clock.instant()).toMillis() / 1000.0
        : Double.NaN;
  }
}
