package dev.ebb.selector.reconcile;

import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.plan.Change;
import dev.ebb.selector.plan.Plan;
import dev.ebb.selector.plan.Statuses;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What the last decisions were, for metrics. Nothing is decided on it. Thread-safe. */
public final class Observations {

  private record Seen(
      int services, int eligible, int unassigned, int imbalance, int refused, Instant at) {}

  private final Map<ResourceKey, Seen> seen = new ConcurrentHashMap<>();
  private final MeterRegistry meters;
  private final Map<String, MultiGauge> gauges;

  /** Creates it with its gauges. */
  public Observations(MeterRegistry meters) {
    this.meters = meters;
    this.gauges =
        Map.of(
            "services", gauge(meters, "services"),
            "eligible", gauge(meters, "eligible_pods"),
            "unassigned", gauge(meters, "unassigned_services"),
            "refused", gauge(meters, "refused_services"),
            "imbalance", gauge(meters, "imbalance"),
            "success", gauge(meters, "last_success_timestamp_seconds"));
    // From the beginning: who looks for a first one needs the zero before it.
    Stream.of(Change.Cause.values()).filter(Change.Cause::move).forEach(this::moves);
    List.of("done", "refused").forEach(this::writes);
  }

  private static MultiGauge gauge(MeterRegistry meters, String name) {
    return MultiGauge.builder("ebb_selector_" + name).register(meters);
  }

  void decided(ResourceKey key, Plan plan, Instant now) {
    int members = plan.claims().members().size();
    boolean known = plan.findings().stream().noneMatch(f -> f.fatal());
    int unassigned =
        known
            ? (int)
                plan.claims().members().stream()
                    .filter(m -> !plan.target().containsKey(m.service().metadata().name()))
                    .count()
            : members;
    seen.put(
        key,
        new Seen(
            members,
            plan.eligible(),
            unassigned,
            Statuses.imbalance(plan),
            plan.claims().refused().size(),
            now));
    publish();
  }

  void forget(ResourceKey key) {
    if (seen.remove(key) != null) {
      publish();
    }
  }

  private synchronized void publish() {
    rows("services", Seen::services);
    rows("eligible", Seen::eligible);
    rows("unassigned", Seen::unassigned);
    rows("refused", Seen::refused);
    rows("imbalance", Seen::imbalance);
    rows("success", s -> s.at().getEpochSecond());
  }

  private void rows(String gauge, java.util.function.ToDoubleFunction<Seen> value) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    seen.forEach((key, s) ->
        rows.add(MultiGauge.Row.of(Tags.of("pool", key.toString()), value.applyAsDouble(s))));
    MultiGauge found = gauges.get(gauge);
    if (found != null) {
      found.register(rows, true);
    }
  }

  void wrote(Change change) {
    if (change.cause().move()) {
      moves(change.cause()).increment();
    }
    writes("done").increment();
  }

  private Counter moves(Change.Cause cause) {
    return meters.counter("ebb_selector_moves", "cause", cause.name().toLowerCase(Locale.ROOT));
  }

  private Counter writes(String result) {
    return meters.counter("ebb_selector_writes", "result", result);
  }

  void refused() {
    writes("refused").increment();
  }
}
