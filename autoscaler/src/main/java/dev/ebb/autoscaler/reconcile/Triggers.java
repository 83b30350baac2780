package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.activity.ActivityHub;
import dev.ebb.autoscaler.plan.Annotated;
import dev.ebb.autoscaler.plan.GatewayView;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.Informer.Change;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.PodOwners;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Says which resources a change concerns. Handlers only add keys to queues. Thread-safe. */
public final class Triggers {

  private final Lookout lookout;
  private final GatewayWatch gateway;
  private final ActivityHub activity;
  private final Consumer<ResourceKey> resources;
  private final Consumer<WorkloadKey> workloads;

  /**
   * Creates the triggers.
   *
   * @param resources takes ScaledResources to look at
   * @param workloads takes workloads whose annotation is to be looked at
   */
  public Triggers(
      Lookout lookout,
      GatewayWatch gateway,
      ActivityHub activity,
      Consumer<ResourceKey> resources,
      Consumer<WorkloadKey> workloads) {
    this.lookout = lookout;
    this.gateway = gateway;
    this.activity = activity;
    this.resources = resources;
    this.workloads = workloads;
  }

  /** Starts listening; before the informers are started. */
  public void follow() {
    lookout.scaledResources().onChange(this::onResource);
    lookout.services().onChange(change -> addNamespace(change.any().metadata().namespace()));
    lookout.pods().onChange(this::onPod);
    lookout.hpas().onChange(this::onHpa);
    lookout.deployments().onChange(change -> onWorkload("Deployment", change));
    lookout.statefulSets().onChange(change -> onWorkload("StatefulSet", change));
    lookout
        .gatewaySlices()
        .onChange(change -> {
          String service = change.any().serviceName();
          addWhere(
              change.any().metadata().namespace(),
              r -> r.mappedServices().stream().anyMatch(s -> s.name().equals(service)));
        });
    lookout.gatewayEndpoints().onChange(change -> onGateway());
  }

  /** Adds everything, for who begins to lead. */
  public void addAll() {
    addAll("");
  }

  /**
   * Adds what lies in a namespace, when a freeze begins or ends.
   *
   * @param namespace where; empty for everywhere
   */
  public void addAll(String namespace) {
    lookout.scaledResources().list().stream()
        .map(ScaledResource::key)
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(resources);
    addWorkloads("Deployment", lookout.deployments(), namespace);
    addWorkloads("StatefulSet", lookout.statefulSets(), namespace);
  }

  private void addWorkloads(String kind, Informer<Workload> all, String namespace) {
    all.list().stream()
        .filter(w -> namespace.isEmpty() || w.key().namespace().equals(namespace))
        .forEach(w -> workloads.accept(key(kind, w)));
  }

  private void onResource(Change<ScaledResource> change) {
    ScaledResource any = change.any();
    if (seenByOthers(change)) {
      addNamespace(any.metadata().namespace());
    }
    resources.accept(any.key());
    Meta.Owner owner = any.metadata().controller();
    if (Annotated.made(any) && owner != null) {
      workloads.accept(
          new WorkloadKey(owner.kind(), new ResourceKey(any.metadata().namespace(), owner.name())));
    }
  }

  private static boolean seenByOthers(Change<ScaledResource> change) {
    ScaledResource before = change.before();
    ScaledResource after = change.after();
    return before == null
        || after == null
        || before.metadata().generation() != after.metadata().generation()
        || before.metadata().deleting() != after.metadata().deleting()
        || !before.mappedServices().equals(after.mappedServices());
  }

  private void onPod(Change<Pod> change) {
    Pod before = change.before();
    Pod after = change.after();
    boolean same =
        before != null
            && after != null
            && before.ready() == after.ready()
            && before.metadata().deleting() == after.metadata().deleting()
            && before.metadata().labels().equals(after.metadata().labels());
    if (!same) {
      addWhere(change.any().metadata().namespace(), r -> concerns(r, change.any()));
    }
  }

  private boolean concerns(ScaledResource resource, Pod pod) {
    ScaleTarget target = resource.target();
    if (target != null && PodOwners.owns(target, resource.status().selector(), pod)) {
      return true;
    }
    return resource.mappedServices().stream()
        .map(s -> new ResourceKey(resource.metadata().namespace(), s.name()))
        .flatMap(key -> lookout.services().get(key).stream())
        .anyMatch(service -> service.selects(pod.metadata().labels()));
  }

  private void onHpa(Change<HorizontalPodAutoscaler> change) {
    addWhere(
        change.any().metadata().namespace(),
        r -> {
          ScaleTarget target = r.target();
          return target != null && change.any().scales(target);
        });
  }

  private void onWorkload(String kind, Change<Workload> change) {
    WorkloadKey key = key(kind, change.any());
    addWhere(key.key().namespace(), r -> key.target().equals(r.target()));
    if (!Objects.equals(annotation(change.before()), annotation(change.after()))) {
      workloads.accept(key);
    }
  }

  private static String annotation(@org.jspecify.annotations.Nullable Workload workload) {
    return workload == null
        ? ""
        : workload.metadata().annotations().getOrDefault(Workload.SCALE_TO_ZERO_ANNOTATION, "");
  }

  private void onGateway() {
    GatewayView view = gateway.see(lookout.gatewayEndpoints().list());
    activity.listed(view.addresses());
    lookout.scaledResources().list().forEach(r -> resources.accept(r.key()));
  }

  private void addNamespace(String namespace) {
    addWhere(namespace, r -> true);
  }

  private void addWhere(String namespace, Predicate<ScaledResource> concerned) {
    lookout
        .scaledResources()
        .inNamespace(namespace)
        .filter(concerned)
        .forEach(r -> resources.accept(r.key()));
  }

  private static WorkloadKey key(String kind, Workload workload) {
    return new WorkloadKey(kind, workload.key());
  }
}
