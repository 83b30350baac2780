package dev.ebb.timescaler.apply;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.Steerable;
import dev.ebb.timescaler.plan.HpaStep;
import dev.ebb.timescaler.plan.Saved;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every write to HPAs: only on top of what was read, both bounds at once, nothing that the plan did
 * not name. Blocks. Thread-safe.
 */
public final class HpaWriter {

  /** Annotations of a ServiceScaler that mean nothing on its HPA. */
  private static final Set<String> OWN_PREFIXES =
      Set.of("kubectl.kubernetes.io", "service-scaler.kubernetes.io", "ebb.dev");

  private final ObjectWriter writes;

  /** Creates a writer. */
  public HpaWriter(ObjectWriter writes) {
    this.writes = writes;
  }

  /** Makes an HPA that goes with its owner. */
  public Hpa create(ServiceScaler owner, HpaStep.Create step) {
    Meta meta = owner.metadata();
    ObjectNode body = writes.node();
    body.put("apiVersion", Hpa.TYPE.apiVersion()).put("kind", Hpa.TYPE.kind());
    ObjectNode head = body.putObject("metadata").put("name", meta.name());
    put(head, "labels", meta.labels());
    put(head, "annotations", others(meta.annotations()));
    head.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", ServiceScaler.TYPE.apiVersion())
        .put("kind", ServiceScaler.TYPE.kind())
        .put("name", meta.name())
        .put("uid", meta.uid())
        .put("controller", true);
    ObjectNode spec = body.putObject("spec");
    spec.putObject("scaleTargetRef")
        .put("apiVersion", "apps/v1")
        .put("kind", "Deployment")
        .put("name", meta.name());
    spec.put("minReplicas", step.min()).put("maxReplicas", step.max());
    if (!step.metrics().isEmpty()) {
      metrics(spec, step.metrics());
    }
    return writes.create(Hpa.TYPE, meta.namespace(), body);
  }

  private static Map<String, String> others(Map<String, String> annotations) {
    Map<String, String> others = new TreeMap<>(annotations);
    others.keySet().removeIf(key -> OWN_PREFIXES.contains(key.replaceAll("/.*", "")));
    return others;
  }

  private static void put(ObjectNode meta, String field, Map<String, String> values) {
    if (!values.isEmpty()) {
      ObjectNode node = meta.putObject(field);
      new TreeMap<>(values).forEach(node::put);
    }
  }

  /** Changes an HPA. */
  public Hpa change(HpaStep.Change step) {
    ObjectNode patch = writes.node();
    Saved save = step.save();
    if (save != null) {
      patch.putObject("metadata").putObject("annotations").put(Hpa.SAVED, save.text());
    }
    ObjectNode spec = spec(patch, step.min(), step.max(), step.metrics());
    if (step.correctTarget()) {
      spec.putObject("scaleTargetRef").put("apiVersion", "apps/v1");
    }
    return writes.patch(Hpa.TYPE, step.hpa().metadata(), null, patch);
  }

  private static ObjectNode spec(
      ObjectNode patch, int min, int max, @Nullable List<JsonNode> metrics) {
    ObjectNode spec = patch.putObject("spec");
    spec.put("minReplicas", min).put("maxReplicas", max);
    if (metrics != null) {
      metrics(spec, metrics);
    }
    return spec;
  }

  private static void metrics(ObjectNode spec, List<JsonNode> metrics) {
    ArrayNode list = spec.putArray("metrics");
    metrics.forEach(list::add);
  }

  /** Takes the owner's reference off an HPA, so that it stays when its owner goes. */
  public Hpa letGo(Hpa hpa, String ownerUid) {
    ObjectNode patch = writes.node();
    ArrayNode left = patch.putObject("metadata").putArray("ownerReferences");
    hpa.metadata().ownerReferences().stream()
        .filter(owner -> !owner.uid().equals(ownerUid))
        .forEach(owner -> left.add(writes.json(owner)));
    return writes.patch(Hpa.TYPE, hpa.metadata(), null, patch);
  }

  /**
   * Gives an HPA back what it said before.
   *
   * @param saved null when that cannot be read: then it stays as it is
   */
  public void restore(Hpa hpa, @Nullable Saved saved) {
    ObjectNode patch = writes.node();
    patch
        .putObject("metadata")
        .putObject("annotations")
        .putNull(Hpa.SAVED)
        .putNull(Steerable.SAVED_SCALE);
    if (saved != null) {
      spec(
          patch,
          Objects.requireNonNull(saved.min()),
          Objects.requireNonNull(saved.max()),
          saved.metrics());
    }
    writes.patch(Hpa.TYPE, hpa.metadata(), null, patch);
  }
}
