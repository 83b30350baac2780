package dev.ebb.cleanup.api;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a program holds while it leads: a Lease, or an annotation of a ConfigMap or of Endpoints, as
 * client-go did it until 2022.
 */
public record LeaderLock(Meta metadata, @Nullable Spec spec) implements KubeObject {

  /** The name of statefulset-scaledown-controller's lock, wherever it lies. */
  public static final String PREDECESSOR = "statefulset-scaledown-controller";

  /** The kinds that it may be of. */
  public static final List<ResourceType<LeaderLock>> TYPES =
      List.of(
          new ResourceType<>("coordination.k8s.io", "v1", "leases", "Lease", LeaderLock.class),
          new ResourceType<>("", "v1", "configmaps", "ConfigMap", LeaderLock.class),
          new ResourceType<>("", "v1", "endpoints", "Endpoints", LeaderLock.class));

  private static final String ANNOTATION = "control-plane.alpha.kubernetes.io/leader";
  private static final long USUAL_SECONDS = 15;

  /** Replaces what is absent by empty values. */
  public LeaderLock {
    metadata = metadata == null ? Meta.named("", "") : metadata;
  }

  /** What is read of a Lease. */
  public record Spec(
      @Nullable String holderIdentity,
      @Nullable String renewTime,
      @Nullable Integer leaseDurationSeconds) {}

  /** Returns who holds it and has renewed it lately; empty when nobody does. */
  public Optional<String> holder(Instant now) {
    Spec held = spec != null && spec.holderIdentity() != null ? spec : annotated();
    if (held == null || held.holderIdentity() == null || held.holderIdentity().isEmpty()) {
      return Optional.empty();
    }
    long seconds =
        held.leaseDurationSeconds() == null ? USUAL_SECONDS : held.leaseDurationSeconds();
    try {
      Instant until =
          Instant.parse(String.valueOf(held.renewTime())).plus(Duration.ofSeconds(seconds));
      return now.isBefore(until) ? Optional.of(held.holderIdentity()) : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private @Nullable Spec annotated() {
    try {
      JsonNode record =
          JsonMapper.shared().readTree(metadata.annotations().getOrDefault(ANNOTATION, "{}"));
      return new Spec(
          record.path("holderIdentity").asString(""),
          record.path("renewTime").asString(""),
          record.path("leaseDurationSeconds").asInt((int) USUAL_SECONDS));
    } catch (JacksonException e) {
      return null;
    }
  }
}
