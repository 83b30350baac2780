package dev.ebb.benchmarks.selector;

import dev.ebb.benchmarks.lab.Crew;
import dev.ebb.benchmarks.lab.Manifest;
import dev.ebb.runtime.kube.ResourceType;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Pools of equal size, whose pods the benchmark plays: no controller makes them and no node runs
 * them. kube-proxy is told to leave the Services alone.
 *
 * @param crew makes them
 * @param pools how many
 * @param services how many Services each of them has
 * @param pods how many pods each of them has
 */
record Pools(Crew crew, int pools, int services, int pods) {

  static final ResourceType<JsonNode> SETS = Crew.kind("apps", "v1", "statefulsets", "StatefulSet");
  static final ResourceType<JsonNode> PODS = Crew.kind("", "v1", "pods", "Pod");
  static final ResourceType<JsonNode> SERVICES = Crew.kind("", "v1", "services", "Service");
  private static final ResourceType<JsonNode> POOLS =
      Crew.kind("ebb.dev", "v1alpha1", "servicepools", "ServicePool");
  private static final String POD = "statefulset.kubernetes.io/pod-name";

  /** Makes all of them, the pools last. */
  void make() {
    Manifest set = Manifest.of("selector/set.json");
    Manifest pod = Manifest.of("selector/pod.json");
    Manifest service = Manifest.of("selector/service.json");
    Manifest pool = Manifest.of("selector/pool.json");
    String[] uids = new String[pools];
    crew.each(
        pools,
        p -> {
          JsonNode made =
              crew.create(SETS, set.with("@NAME@", name(p), "@REPLICAS@", String.valueOf(pods)));
          uids[p] = made.at("/metadata/uid").asString();
        });
    crew.each(
        pools * pods,
        i -> {
          int p = i / pods;
          int n = i % pods;
          crew.create(
              PODS, pod.with("@SET@", name(p), "@ORDINAL@", String.valueOf(n), "@UID@", uids[p]));
          ready(p, n, true);
        });
    crew.each(
        pools * services,
        i -> {
          String of = name(i / services);
          crew.create(SERVICES, service.with("@NAME@", of + "-" + i % services, "@SET@", of));
        });
    crew.each(pools, p -> crew.create(POOLS, pool.with("@NAME@", name(p))));
  }

  /** The name of a pool and of its set. */
  static String name(int pool) {
    return "p" + pool;
  }

  /** The name of a pod. */
  static String pod(int pool, int ordinal) {
    return name(pool) + "-" + ordinal;
  }

  /** Says what a kubelet would: whether a pod is ready. */
  void ready(int pool, int ordinal, boolean ready) {
    crew.status(
        PODS,
        pod(pool, ordinal),
        Map.of(
            "phase",
            "Running",
            "conditions",
            List.of(
                Map.of(
                    "type",
                    "Ready",
                    "status",
                    ready ? "True" : "False",
                    "lastTransitionTime",
                    "2026-01-01T00:00:00Z"))));
  }

  /** Changes how many pods a set is to have. */
  void scale(int pool, int replicas) {
    crew.patch(SETS, name(pool), Map.of("spec", Map.of("replicas", replicas)));
  }

  /** How many Services point at one of the pods. */
  long assigned() {
    return crew.list(SERVICES).stream()
        .filter(s -> !s.at("/spec/selector").path(POD).asString("").isEmpty())
        .count();
  }
}
