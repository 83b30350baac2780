package dev.ebb.nodescaler.reconcile;

import dev.ebb.nodescaler.plan.Decision;
import dev.ebb.nodescaler.plan.Observed;
import dev.ebb.nodescaler.plan.Plan;
import dev.ebb.nodescaler.plan.Rules;
import dev.ebb.nodescaler.plan.Verdict;
import dev.ebb.nodescaler.plan.Verdict.Reason;
import dev.ebb.nodescaler.plan.Verdict.State;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.nodes.NodeProviderException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What the last decisions were, for metrics that are shaped like Cluster Autoscaler's. Nothing is
 * decided on it. Thread-safe.
 */
public final class Observations {

  private static final String PREFIX = "ebb_nodescaler_";

  private final Map<ResourceKey, Decision> seen = new ConcurrentHashMap<>();
  private final MeterRegistry meters;
  private final Map<String, MultiGauge> gauges = new LinkedHashMap<>();

  /** Creates it with its gauges. */
  public Observations(MeterRegistry meters) {
    this.meters = meters;
    Stream.of(
            "slots",
            "nodes_count",
            "node_group_min_count",
            "node_group_max_count",
            "node_group_target_count",
            "node_group_backoff_status",
            "cloud_readable",
            "unremovable_nodes_count",
            "last_decision_timestamp_seconds")
        .forEach(name -> gauges.put(name, MultiGauge.builder(PREFIX + name).register(meters)));
    // From the beginning: who looks for a first one needs the zero before it.
    scaledUp();
    scaledDown();
    Stream.of(NodeProviderException.Kind.values()).forEach(this::failures);
  }

  void decided(Decision decision) {
    seen.put(decision.buffer().key(), decision);
    publish();
  }

  void forget(ResourceKey key) {
    if (seen.remove(key) != null) {
      publish();
    }
  }

  private synchronized void publish() {
    rows("slots", Observations::slots);
    rows("nodes_count", Observations::nodes);
    rows("unremovable_nodes_count", Observations::unremovable);
    rules("node_group_min_count", Rules::min);
    rules("node_group_max_count", Rules::max);
    rows(
        "node_group_target_count",
        (decision, row) -> {
          Observed observed = decision.observed();
          Observed.Cloud cloud = observed == null ? null : observed.cloud();
          if (cloud != null) {
            row.accept(Tags.empty(), (double) cloud.size());
          }
        });
    rows(
        "node_group_backoff_status",
        (decision, row) -> {
          Plan plan = decision.plan();
          boolean pausing = plan != null && plan.limit() == Plan.Limit.BACKING_OFF;
          row.accept(Tags.empty(), pausing ? 1.0 : 0.0);
        });
    rows(
        "cloud_readable",
        (decision, row) -> row.accept(Tags.empty(), decision.cloudProblem().isEmpty() ? 1.0 : 0.0));
    rows(
        "last_decision_timestamp_seconds",
        (decision, row) -> row.accept(Tags.empty(), (double) decision.now().getEpochSecond()));
  }

  private void rules(String gauge, ToDoubleFunction<Rules> value) {
    rows(
        gauge,
        (decision, row) -> {
          Rules rules = decision.buffer().rules();
          if (rules != null) {
            row.accept(Tags.empty(), value.applyAsDouble(rules));
          }
        });
  }

  private void rows(String gauge, BiConsumer<Decision, BiConsumer<Tags, Double>> values) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    seen.forEach((key, decision) ->
        values.accept(
            decision,
            (tags, value) ->
                rows.add(MultiGauge.Row.of(tags.and("buffer", key.toString()), value))));
    MultiGauge found = gauges.get(gauge);
    if (found != null) {
      found.register(rows, true);
    }
  }

  private static void slots(Decision decision, BiConsumer<Tags, Double> row) {
    Plan plan = decision.plan();
    if (plan == null) {
      return;
    }
    Plan.Counts counts = plan.counts();
    Map.of(
            "free", counts.free(),
            "starting", counts.starting(),
            "upcoming", counts.upcoming(),
            "pending", counts.pending(),
            "used", counts.used(),
            "desired", counts.desired())
        .forEach((state, count) -> row.accept(Tags.of("state", state), (double) count));
  }

  private static void nodes(Decision decision, BiConsumer<Tags, Double> row) {
    for (State state : State.values()) {
      row.accept(
          Tags.of("state", state.label()),
          (double) verdicts(decision).filter(v -> v.state() == state).count());
    }
  }

  private static void unremovable(Decision decision, BiConsumer<Tags, Double> row) {
    for (Reason reason : Reason.values()) {
      long count = verdicts(decision).filter(v -> v.stays() == reason).count();
      if (reason != Reason.NONE) {
        row.accept(Tags.of("reason", reason.name().toLowerCase(Locale.ROOT)), (double) count);
      }
    }
  }

  private static Stream<Verdict> verdicts(Decision decision) {
    Plan plan = decision.plan();
    return plan == null ? Stream.of() : plan.nodes().stream();
  }

  void grown(int nodes) {
    scaledUp().increment(nodes);
  }

  void deleted() {
    scaledDown().increment();
  }

  void failed(NodeProviderException.Kind kind) {
    failures(kind).increment();
  }

  private Counter scaledUp() {
    return meters.counter(PREFIX + "scaled_up_nodes");
  }

  private Counter scaledDown() {
    return meters.counter(PREFIX + "scaled_down_nodes");
  }

  private Counter failures(NodeProviderException.Kind kind) {
    return meters.counter(
        PREFIX + "failed_scale_ups", "reason", kind.name().toLowerCase(Locale.ROOT));
  }
}
