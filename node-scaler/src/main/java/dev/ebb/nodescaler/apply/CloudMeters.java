package dev.ebb.nodescaler.apply;

import dev.ebb.scaler.nodes.NodeProviderException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** Counts and times what clouds are asked. Thread-safe. */
final class CloudMeters {

  private static final String NAME = "ebb_nodescaler_provider_calls";

  private final MeterRegistry meters;

  CloudMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  <T> T counted(String provider, String call, Supplier<T> request) {
    long begin = System.nanoTime();
    String result = "error";
    try {
      T answer = request.get();
      result = "ok";
      return answer;
    } catch (NodeProviderException e) {
      result = e.kind().name().toLowerCase(Locale.ROOT);
      throw e;
    } finally {
      Timer.builder(NAME)
          .tag("provider", provider)
          .tag("call", call)
          .tag("result", result)
          .register(meters)
          .record(Duration.ofNanos(System.nanoTime() - begin));
    }
  }
}
