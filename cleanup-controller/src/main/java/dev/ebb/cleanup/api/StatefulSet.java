package dev.ebb.cleanup.api;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A StatefulSet as far as it says which ordinals are wanted, and whose claims are its own. */
public record StatefulSet(Meta metadata, Spec spec, Status status) implements KubeObject {

  /** Where StatefulSets are served. */
  public static final ResourceType<StatefulSet> TYPE =
      new ResourceType<>("apps", "v1", "statefulsets", "StatefulSet", StatefulSet.class);

  /** Replaces what is absent by empty values. */
  public StatefulSet {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec(null, null, null, null, null, List.of(), null, null) : spec;
    status = status == null ? new Status(0) : status;
  }

  /** What is read of the spec. */
  public record Spec(
      @Nullable Integer replicas,
      @Nullable Ordinals ordinals,
      @Nullable Selector selector,
      @Nullable String serviceName,
      @Nullable String podManagementPolicy,
      List<ClaimTemplate> volumeClaimTemplates,
      @Nullable Retention persistentVolumeClaimRetentionPolicy,
      @Nullable Template template) {
    /** Copies the list. */
    public Spec {
      volumeClaimTemplates =
          volumeClaimTemplates == null ? List.of() : List.copyOf(volumeClaimTemplates);
    }
  }

  /** Where ordinals begin. */
  public record Ordinals(int start) {}

  /** Which pods are the set's. */
  public record Selector(Map<String, String> matchLabels, List<Expression> matchExpressions) {
    /** Copies the collections. */
    public Selector {
      matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
      matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
    }

    /** Returns whether a pod with these labels is the set's. */
    public boolean matches(Map<String, String> labels) {
      return labels.entrySet().containsAll(matchLabels.entrySet())
          && matchExpressions.stream().allMatch(expression -> expression.matches(labels));
    }
  }

  /** A term of a selector. */
  public record Expression(@Nullable String key, @Nullable String operator, List<String> values) {
    /** Copies the list. */
    public Expression {
      values = values == null ? List.of() : List.copyOf(values);
    }

    private boolean matches(Map<String, String> labels) {
      String value = key == null ? null : labels.get(key);
      return switch (operator == null ? "" : operator) {
        case "In" -> value != null && values.contains(value);
        case "NotIn" -> value == null || !values.contains(value);
        case "Exists" -> value != null;
        case "DoesNotExist" -> value == null;
        default -> false;
      };
    }
  }

  /** A template of claims; its name is a part of theirs. */
  public record ClaimTemplate(@Nullable Named metadata) {
    /** Returns the name; empty when it has none. */
    public String name() {
      return metadata == null || metadata.name() == null ? "" : metadata.name();
    }
  }

  /** A name. */
  public record Named(@Nullable String name) {}

  /** What Kubernetes itself does with claims. */
  public record Retention(@Nullable String whenDeleted, @Nullable String whenScaled) {}

  /** The pod template. */
  public record Template(@Nullable PodDefaults spec) {}

  /** What a cleanup pod takes over from the pods of the set. */
  public record PodDefaults(
      @Nullable JsonNode tolerations,
      @Nullable JsonNode nodeSelector,
      @Nullable JsonNode imagePullSecrets,
      @Nullable JsonNode securityContext,
      @Nullable JsonNode affinity,
      @Nullable String serviceAccountName,
      @Nullable String priorityClassName) {}

  /** What is read of the status. */
  public record Status(long observedGeneration) {}

  /** Returns the wanted replica count; Kubernetes' default is 1. */
  public int replicas() {
    return spec.replicas() == null ? 1 : spec.replicas();
  }

  /** Returns the first ordinal. */
  public int start() {
    return spec.ordinals() == null ? 0 : spec.ordinals().start();
  }

  /** Returns whether the set is to have a pod of this ordinal. A set that goes wants none. */
  public boolean wants(int ordinal) {
    return !metadata.deleting()
        && ordinal >= start()
        && (long) ordinal < (long) start() + replicas();
  }

  /** Returns whether pods come and go one after the other. */
  public boolean ordered() {
    return !"Parallel".equals(spec.podManagementPolicy());
  }

  /** Returns whether Kubernetes itself deletes claims when the set is scaled down. */
  public boolean deletesWhenScaled() {
    return spec.persistentVolumeClaimRetentionPolicy() != null
        && "Delete".equals(spec.persistentVolumeClaimRetentionPolicy().whenScaled());
  }

  /** Returns whether Kubernetes itself deletes claims when the set is deleted. */
  public boolean deletesWhenDeleted() {
    return spec.persistentVolumeClaimRetentionPolicy() != null
        && "Delete".equals(spec.persistentVolumeClaimRetentionPolicy().whenDeleted());
  }

  /** Returns the names of the claim templates. */
  public List<String> claimTemplates() {
    return spec.volumeClaimTemplates().stream().map(ClaimTemplate::name).toList();
  }

  /** Returns whether a pod with these labels is the set's. */
  public boolean selects(Map<String, String> labels) {
    return spec.selector() != null && spec.selector().matches(labels);
  }

  /** Returns the labels that the set's controller gives each of its claims. */
  public Map<String, String> claimLabels() {
    return spec.selector() == null ? Map.of() : spec.selector().matchLabels();
  }

  /** Returns the name of an ordinal's pod. */
  public String podName(int ordinal) {
    return metadata.name() + "-" + ordinal;
  }
}
