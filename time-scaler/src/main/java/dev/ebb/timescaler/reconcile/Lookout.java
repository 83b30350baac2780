package dev.ebb.timescaler.reconcile;

import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ServiceScaler;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that the time-scaler watches. Thread-safe. */
public final class Lookout implements AutoCloseable {

  private final Informer<ServiceScaler> scalers;
  private final Informer<Hpa> hpas;
  private final Informer<ScalingSchedule> schedules;
  private final Informer<ScaledResource> resources;

  /**
   * Creates the informers; none is started.
   *
   * @param namespace the only namespace to look at; null for all
   * @param labelSelector which ServiceScalers are looked at; empty for all
   */
  public Lookout(
      KubeClient client, @Nullable String namespace, String labelSelector, InstantSource clock) {
    Map<String, String> selected =
        labelSelector.isBlank() ? Map.of() : Map.of("labelSelector", labelSelector.strip());
    this.scalers = new Informer<>(client, ServiceScaler.TYPE, namespace, selected, clock);
    this.hpas = new Informer<>(client, Hpa.TYPE, namespace, Map.of(), clock);
    this.schedules = new Informer<>(client, ScalingSchedule.TYPE, namespace, Map.of(), clock);
    this.resources = new Informer<>(client, ScaledResource.TYPE, namespace, Map.of(), clock);
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

  /** Returns all informers. */
  public List<Informer<?>> informers() {
    return List.of(scalers, hpas, schedules, resources);
  }

  @Override
  public void close() {
    informers().forEach(Informer::close);
  }
}
