package dev.ebb.autoscaler.history;

import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeClient.PatchType;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Kubernetes does by itself: pods for Deployments, their readiness, slices for Services. */
final class Controllers {

  /** The kinds that it acts on. */
  static final List<String> SEEN = List.of("deployments", "pods", "services", "endpointslices");

  private static final ResourceType<JsonNode> REPLICA_SETS =
      new ResourceType<>("apps", "v1", "replicasets", "ReplicaSet", JsonNode.class);

  private final KubeClient client;
  private final SteppedClock clock;
  private final Set<String> slow = new HashSet<>();
  private final Set<String> rollingOut = new HashSet<>();
  private int pods;

  Controllers(KubeClient client, SteppedClock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Says whether pods of a workload become ready. */
  void slow(String app, boolean value) {
    set(slow, app, value);
  }

  /** Says whether a rollout of a workload is stuck. */
  void rollingOut(String app, boolean value) {
    set(rollingOut, app, value);
  }

  private static void set(Set<String> set, String app, boolean value) {
    if (value) {
      set.add(app);
    } else {
      set.remove(app);
    }
  }

  /** Does what there is to do once; returns whether it wrote anything. */
  boolean act() {
    boolean wrote = false;
    List<Pod> all = client.list(Pod.TYPE, FakeGateway.APPS, Map.of()).items();
    for (Workload workload : client.list(Workload.DEPLOYMENT, FakeGateway.APPS, Map.of()).items()) {
      wrote |= !workload.metadata().deleting() && follow(workload, all);
    }
    for (Service service : client.list(Service.TYPE, FakeGateway.APPS, Map.of()).items()) {
      wrote |= publish(service, all);
    }
    return wrote;
  }

  private boolean follow(Workload workload, List<Pod> all) {
    String app = workload.metadata().name();
    List<Pod> own =
        all.stream().filter(p -> p.metadata().name().startsWith(app + "-abc-")).toList();
    boolean wrote = false;
    for (int i = own.size(); i < workload.replicas(); i++) {
      createPod(workload);
      wrote = true;
    }
    for (Pod surplus : own.subList(Math.min(own.size(), workload.replicas()), own.size())) {
      client.delete(Pod.TYPE, surplus.metadata());
      wrote = true;
    }
    for (Pod pod : own.subList(0, Math.min(own.size(), workload.replicas()))) {
      if (pod.ready() == slow.contains(app)) {
        ready(pod, !slow.contains(app));
        wrote = true;
      }
    }
    return tell(workload, own) || wrote;
  }

  private void createPod(Workload workload) {
    String app = workload.metadata().name();
    ResourceKey set = new ResourceKey(FakeGateway.APPS, app + "-abc");
    JsonNode owner =
        client.find(REPLICA_SETS, set).orElseGet(() -> createSet(workload, set.name()));
    client.create(
        Pod.TYPE,
        FakeGateway.APPS,
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Pod",
            "metadata",
            Map.of(
                "name",
                app + "-abc-" + ++pods,
                "labels",
                Map.of("app", app, "pod-template-hash", "abc"),
                "ownerReferences",
                List.of(owner("ReplicaSet", set.name(), owner.at("/metadata/uid").asString("")))),
            "spec",
            Map.of("containers", List.of(Map.of("name", "c", "image", "none")))));
  }

  private JsonNode createSet(Workload workload, String name) {
    return client.create(
        REPLICA_SETS,
        FakeGateway.APPS,
        Map.of(
            "apiVersion",
            "apps/v1",
            "kind",
            "ReplicaSet",
            "metadata",
            Map.of(
                "name",
                name,
                "ownerReferences",
                List.of(
                    owner("Deployment", workload.metadata().name(), workload.metadata().uid()))),
            "spec",
            Map.of(
                "selector",
                Map.of("matchLabels", Map.of("app", workload.metadata().name())),
                "template",
                Users.template(workload.metadata().name()))));
  }

  private static Map<String, Object> owner(String kind, String name, String uid) {
    return Map.of(
        "apiVersion", "apps/v1", "kind", kind, "name", name, "uid", uid, "controller", true);
  }

  private void ready(Pod pod, boolean ready) {
    Map<String, Object> condition =
        Map.of(
            "type",
            "Ready",
            "status",
            ready ? "True" : "False",
            "lastTransitionTime",
            clock.instant().toString());
    client.patch(
        Pod.TYPE,
        pod.key(),
        "status",
        PatchType.MERGE,
        Map.of(
            "status",
            Map.of(
                "phase",
                "Running",
                "podIPs",
                List.of(Map.of("ip", "10.2.0." + number(pod))),
                "conditions",
                List.of(condition))));
  }

  private static int number(Pod pod) {
    String name = pod.metadata().name();
    return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1)) % 250;
  }

  private boolean tell(Workload workload, List<Pod> own) {
    boolean behind = rollingOut.contains(workload.metadata().name());
    int there = Math.min(own.size(), workload.replicas());
    int updated = behind ? 0 : there;
    Workload.Status told = workload.status();
    long generation = workload.metadata().generation();
    if (told.replicas() == there
        && told.updatedReplicas() == updated
        && told.observedGeneration() == generation) {
      return false;
    }
    client.patch(
        Workload.DEPLOYMENT,
        workload.key(),
        "status",
        PatchType.MERGE,
        Map.of(
            "status",
            Map.of(
                "replicas", there, "updatedReplicas", updated, "observedGeneration", generation)));
    return true;
  }

  private boolean publish(Service service, List<Pod> all) {
    List<String> ready =
        all.stream()
            .filter(Pod::ready)
            .filter(p ->
                p.metadata().labels().entrySet().containsAll(service.spec().selector().entrySet()))
            .flatMap(p -> p.status().podIPs().stream().map(Pod.PodIp::ip))
            .sorted()
            .toList();
    String name = Slices.controllerName(service);
    EndpointSlice live =
        client.find(EndpointSlice.TYPE, new ResourceKey(FakeGateway.APPS, name)).orElse(null);
    if (live != null && Slices.addresses(live).equals(ready)) {
      return false;
    }
    Slices.write(client, service, name, false, ready, live != null);
    return true;
  }
}
