package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Namespace;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.Steerable;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that the time-scaler watches. Thread-safe. */
public final class Lookout implements AutoCloseable {

  private final Informer<ServiceScaler> scalers;
  private final Informer<Hpa> hpas;
  private final Informer<ScalingSchedule> schedules;
  private final Informer<ScaledResource> resources;
  private final Informer<Namespace> namespaces;
  private final Map<String, Informer<Steerable>> others = new LinkedHashMap<>();

  /**
   * Creates the informers; none is started.
   *
   * @param namespace the only namespace to look at; null for all
   * @param labelSelector which ServiceScalers are looked at; empty for all
   * @param others more kinds of targets; one that cannot be listed concerns its targets alone
   */
  public Lookout(
      KubeClient client,
      @Nullable String namespace,
      String labelSelector,
      List<ResourceType<Steerable>> others,
      InstantSource clock) {
    Map<String, String> selected =
        labelSelector.isBlank() ? Map.of() : Map.of("labelSelector", labelSelector.strip());
    this.scalers = new Informer<>(client, ServiceScaler.TYPE, namespace, selected, clock);
    this.hpas = new Informer<>(client, Hpa.TYPE, namespace, Map.of(), clock);
    this.schedules = new Informer<>(client, ScalingSchedule.TYPE, namespace, Map.of(), clock);
    this.resources = new Informer<>(client, ScaledResource.TYPE, namespace, Map.of(), clock);
    this.namespaces =
        new Informer<>(
            client,
            Namespace.TYPE,
            null,
            namespace == null ? Map.of() : Map.of("fieldSelector", "metadata.name=" + namespace),
            clock);
    for (ResourceType<Steerable> type : others) {
      this.others.put(
          type.group() + "/" + type.kind(),
          new Informer<>(client, type, namespace, Map.of(), clock));
    }
  }

  /** Returns the informer of ServiceScalers. */
  public Informer<ServiceScaler> scalers() {
    return scalers;
  }

  /** Returns the informer of HPAs. */
  public Informer<Hpa> hpas() {
    return hpas;
  }

  /** Returns the informer of ScalingSchedules. */
  public Informer<ScalingSchedule> schedules() {
    return schedules;
  }

  /** Returns the informer of ScaledResources. */
  public Informer<ScaledResource> resources() {
    return resources;
  }

  /** Returns the informer of namespaces, whose labels are looked at. */
  public Informer<Namespace> namespaces() {
    return namespaces;
  }

  /** Returns the informer of another kind, by group and kind; null when nobody looks at it. */
  public @Nullable Informer<Steerable> other(String id) {
    return others.get(id);
  }

  /** Returns the informers of other kinds, by group and kind. */
  public Map<String, Informer<Steerable>> others() {
    return Map.copyOf(others);
  }

  /** Returns the informers without which nothing can be decided. */
  public List<Informer<?>> informers() {
    return List.of(scalers, hpas, schedules, resources, namespaces);
  }

  /** Returns all informers. */
  public List<Informer<?>> all() {
    return Stream.<Informer<?>>concat(informers().stream(), others.values().stream()).toList();
  }

  @Override
  public void close() {
    all().forEach(Informer::close);
  }
}
