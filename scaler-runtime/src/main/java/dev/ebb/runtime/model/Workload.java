package dev.ebb.runtime.model;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Deployment, StatefulSet or ReplicaSet, as far as all three look alike. */
public record Workload(String kind, Meta metadata, Spec spec, Status status) implements KubeObject {

  /** Where Deployments are served. */
  public static final ResourceType<Workload> DEPLOYMENT =
      new ResourceType<>("apps", "v1", "deployments", "Deployment", Workload.class);

  /** Where StatefulSets are served. */
  public static final ResourceType<Workload> STATEFUL_SET =
      new ResourceType<>("apps", "v1", "statefulsets", "StatefulSet", Workload.class);

  /** Where ReplicaSets are served. */
  public static final ResourceType<Workload> REPLICA_SET =
      new ResourceType<>("apps", "v1", "replicasets", "ReplicaSet", Workload.class);

  /** Asks for a {@link ScaledResource} with the given idle time, for example {@code 10m}. */
  public static final String SCALE_TO_ZERO_ANNOTATION =
      dev.ebb.runtime.kube.Ebb.key("scale-to-zero");

  /** Replaces what is absent by empty values. */
  public Workload {
    kind = Lists.text(kind);
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec(null, null, null, null) : spec;
    status = status == null ? new Status(0, 0, 0, 0, List.of()) : status;
  }

  /**
   * What Ebb reads of the spec.
   *
   * @param serviceName the headless Service of a StatefulSet's pods
   */
  public record Spec(
      @Nullable Integer replicas,
      @Nullable Template template,
      @Nullable Ordinals ordinals,
      @Nullable String serviceName) {}

  /** Where a StatefulSet begins to count its pods. */
  public record Ordinals(@Nullable Integer start) {}

  /** The pod template. */
  public record Template(@Nullable TemplateMeta metadata, @Nullable TemplateSpec spec) {}

  /** What Ebb reads of the pod template's spec. */
  public record TemplateSpec(boolean hostNetwork) {}

  /** The pod template's labels. */
  public record TemplateMeta(Map<String, String> labels) {
    /** Copies the map. */
    public TemplateMeta {
      labels = Lists.of(labels);
    }
  }

  /** What Ebb reads of the status. */
  public record Status(
      int replicas,
      int readyReplicas,
      int updatedReplicas,
      long observedGeneration,
      List<Condition> conditions) {
    /** Copies the list. */
    public Status {
      conditions = Lists.of(conditions);
    }
  }

  /** Returns the wanted replica count; Kubernetes' default is 1. */
  public int replicas() {
    Integer replicas = spec.replicas();
    return replicas == null ? 1 : replicas;
  }

  /** Returns the number of a StatefulSet's first pod. */
  public int firstOrdinal() {
    Ordinals ordinals = spec.ordinals();
    Integer start = ordinals == null ? null : ordinals.start();
    return start == null ? 0 : start;
  }

  /** Returns whether its pods use the host's network. */
  public boolean hostNetwork() {
    Template template = spec.template();
    return template != null && template.spec() != null && template.spec().hostNetwork();
  }

  /** Returns the pod template's labels. */
  public Map<String, String> podLabels() {
    Template template = spec.template();
    TemplateMeta meta = template == null ? null : template.metadata();
    return meta == null ? Map.of() : meta.labels();
  }
}
