package dev.ebb.cleanup.history;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.Lock;
import dev.ebb.cleanup.plan.OrdinalName;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeClient.PatchType;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.scaler.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Kubernetes' own controllers, as far as StatefulSets, their pods and claims need them: the set's
 * controller, the protection of claims in use, the kubelet.
 */
final class Kube {

  static final String NS = "apps";
  static final String PROTECTION = "kubernetes.io/pvc-protection";
  static final List<String> SEEN = List.of("statefulsets", "pods", "persistentvolumeclaims");

  /** The spec of a set's pods. */
  static final Map<String, Object> POD =
      Map.of("containers", List.of(Map.of("name", "main", "image", "none")));

  /** The spec of a set's claims. */
  static final Map<String, Object> CLAIM =
      Map.of(
          "accessModes",
          List.of("ReadWriteOnce"),
          "resources",
          Map.of("requests", Map.of("storage", "1Mi")));

  private final KubeClient client;

  Kube(KubeClient client) {
    this.client = client;
  }

  List<StatefulSet> sets() {
    return client.list(StatefulSet.TYPE, NS, Map.of()).items();
  }

  List<SetPod> pods() {
    return client.list(SetPod.TYPE, NS, Map.of()).items();
  }

  List<Claim> claims() {
    return client.list(Claim.TYPE, NS, Map.of()).items();
  }

  Optional<SetPod> pod(String name) {
    return client.find(SetPod.TYPE, new ResourceKey(NS, name));
  }

  Optional<StatefulSet> set(String name) {
    return client.find(StatefulSet.TYPE, new ResourceKey(NS, name));
  }

  /** Does one thing that is due; returns whether there was one. */
  boolean act() {
    View view = new View(pods(), claims());
    return sets().stream().anyMatch(set -> sync(set, view)) || protect(view) || start(view);
  }

  /** What is there, read once. */
  private record View(List<SetPod> pods, List<Claim> claims) {
    Optional<SetPod> pod(String name) {
      return pods.stream().filter(p -> p.metadata().name().equals(name)).findFirst();
    }

    Optional<Claim> claim(String name) {
      return claims.stream().filter(c -> c.metadata().name().equals(name)).findFirst();
    }
  }

  private boolean sync(StatefulSet set, View view) {
    if (set.metadata().deleting()) {
      return false;
    }
    if (set.status().observedGeneration() < set.metadata().generation()) {
      client.patch(
          StatefulSet.TYPE,
          set.key(),
          "status",
          PatchType.MERGE,
          Map.of("status", Map.of("observedGeneration", set.metadata().generation())));
      return true;
    }
    for (int n = set.start(); n < set.start() + set.replicas(); n++) {
      SetPod pod = view.pod(set.podName(n)).orElse(null);
      if (pod == null && create(set, n, view)) {
        return true;
      }
      if (pod == null || !own(set, pod)) {
        if (set.ordered()) {
          return false;
        }
      }
    }
    return shrink(set, view);
  }

  private static boolean own(StatefulSet set, SetPod pod) {
    Meta.Owner owner = pod.metadata().controller();
    return owner != null && owner.uid().equals(set.metadata().uid());
  }

  private boolean shrink(StatefulSet set, View view) {
    List<SetPod> above =
        view.pods().stream()
            .filter(p -> own(set, p) && !p.metadata().deleting())
            .filter(p -> !set.wants(ordinal(set, p)))
            .sorted((a, b) -> ordinal(set, b) - ordinal(set, a))
            .toList();
    if (above.isEmpty()) {
      return false;
    }
    client.delete(SetPod.TYPE, above.getFirst().metadata());
    return true;
  }

  private static int ordinal(StatefulSet set, SetPod pod) {
    OptionalInt ordinal = OrdinalName.after(set.metadata().name(), pod.metadata().name());
    return ordinal.orElse(-1);
  }

  private boolean create(StatefulSet set, int n, View view) {
    for (String template : set.claimTemplates()) {
      String name = OrdinalName.claim(template, set.metadata().name(), n);
      Claim claim = view.claim(name).orElse(null);
      if (claim != null && !claim.live()) {
        return false;
      }
      if (claim == null) {
        client.create(
            Claim.TYPE,
            NS,
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "PersistentVolumeClaim",
                "metadata",
                Map.of(
                    "name", name,
                    "labels", set.claimLabels(),
                    "finalizers", List.of(PROTECTION)),
                "spec",
                CLAIM));
      }
    }
    try {
      client.create(
          SetPod.TYPE,
          NS,
          Map.of(
              "apiVersion",
              "v1",
              "kind",
              "Pod",
              "metadata",
              Map.of(
                  "name", set.podName(n),
                  "labels", set.claimLabels(),
                  "ownerReferences", List.of(owner(set))),
              "spec",
              POD));
      return true;
    } catch (KubeException e) {
      return false;
    }
  }

  private static Map<String, Object> owner(StatefulSet set) {
    return Map.of(
        "apiVersion",
        "apps/v1",
        "kind",
        "StatefulSet",
        "name",
        set.metadata().name(),
        "uid",
        set.metadata().uid(),
        "controller",
        true);
  }

  /** Lets claims go that no pod uses any more. */
  private boolean protect(View view) {
    List<String> pods = view.pods().stream().map(p -> p.metadata().name()).toList();
    for (Claim claim : view.claims()) {
      boolean used = pods.stream().anyMatch(pod -> claim.metadata().name().endsWith("-" + pod));
      if (!claim.live() && claim.metadata().finalizers().contains(PROTECTION) && !used) {
        client.patch(
            Claim.TYPE,
            claim.key(),
            null,
            PatchType.MERGE,
            Map.of("metadata", Map.of("finalizers", List.of())));
        return true;
      }
    }
    return false;
  }

  /** Starts the pods of sets; those that clean up start when a step says so. */
  private boolean start(View view) {
    for (SetPod pod : view.pods()) {
      if (pod.metadata().controller() != null && !pod.status().phase().equals("Running")) {
        status(
            pod,
            Map.of(
                "phase",
                "Running",
                "conditions",
                List.of(Map.of("type", "Ready", "status", "True"))));
        return true;
      }
    }
    return false;
  }

  void status(SetPod pod, Map<String, Object> status) {
    client.patch(SetPod.TYPE, pod.key(), "status", PatchType.MERGE, Map.of("status", status));
  }

  /** Returns the pods that clean up. */
  List<SetPod> cleanups() {
    return pods().stream().filter(p -> Lock.owner(p.metadata()).isPresent()).toList();
  }

  /** Returns whether a pod could run: all its claims are there to stay. */
  boolean mountable(SetPod pod) {
    List<Claim> claims = new ArrayList<>(claims());
    claims.removeIf(c -> !c.metadata().name().endsWith("-" + pod.metadata().name()));
    return claims.size() == 2 && claims.stream().allMatch(Claim::live);
  }
}
