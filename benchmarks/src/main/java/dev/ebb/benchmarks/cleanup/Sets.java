package dev.ebb.benchmarks.cleanup;

import dev.ebb.benchmarks.lab.Crew;
import dev.ebb.benchmarks.lab.Manifest;
import dev.ebb.runtime.kube.ResourceType;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * StatefulSets, claims and pods as Kubernetes would have made them; no controller and no node looks
 * at them.
 *
 * @param crew makes them
 */
record Sets(Crew crew) {

  private static final ResourceType<JsonNode> SETS =
      Crew.kind("apps", "v1", "statefulsets", "StatefulSet");
  private static final ResourceType<JsonNode> PODS = Crew.kind("", "v1", "pods", "Pod");
  private static final ResourceType<JsonNode> CLAIMS =
      Crew.kind("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");
  private static final Manifest SET = Manifest.of("cleanup/set.json");
  private static final Manifest CLAIM = Manifest.of("cleanup/claim.json");
  // As that of a pool's: it is a pod of a StatefulSet
  private static final Manifest POD = Manifest.of("selector/pod.json");

  /** Makes sets with all their claims and pods. */
  void make(String prefix, int count, int replicas) {
    String[] uids = new String[count];
    crew.each(count, s -> uids[s] = set(prefix + s, replicas, 1));
    crew.each(
        count * replicas,
        i -> {
          String name = prefix + i / replicas;
          String ordinal = String.valueOf(i % replicas);
          crew.create(CLAIMS, CLAIM.with("@SET@", name, "@ORDINAL@", ordinal));
          crew.create(
              PODS, POD.with("@SET@", name, "@ORDINAL@", ordinal, "@UID@", uids[i / replicas]));
        });
  }

  /** Makes a set with its claims, and without pods. */
  void bare(String name, int replicas, int parallel) {
    set(name, replicas, parallel);
    crew.each(
        replicas,
        n -> {
          crew.create(CLAIMS, CLAIM.with("@SET@", name, "@ORDINAL@", String.valueOf(n)));
          release(name, n);
        });
  }

  /** Lets a claim go when it is deleted, as its controller does when no pod uses it. */
  void release(String set, int ordinal) {
    crew.patch(
        CLAIMS, "data-" + set + "-" + ordinal, Map.of("metadata", Map.of("finalizers", List.of())));
  }

  private String set(String name, int replicas, int parallel) {
    JsonNode made =
        crew.create(
            SETS,
            SET.with(
                "@NAME@",
                name,
                "@REPLICAS@",
                String.valueOf(replicas),
                "@PARALLEL@",
                String.valueOf(parallel)));
    seen(name, 1);
    return made.at("/metadata/uid").asString();
  }

  /** Says that the set's controller has seen its spec. */
  private void seen(String name, long generation) {
    crew.status(SETS, name, Map.of("replicas", 0, "observedGeneration", generation));
  }

  /** Changes how many pods a set is to have, for the first time. */
  void scale(String name, int replicas) {
    crew.patch(SETS, name, Map.of("spec", Map.of("replicas", replicas)));
    seen(name, 2);
  }

  /** Ends a pod. */
  void delete(String pod) {
    crew.delete(PODS, pod);
  }

  /** Lets a cleanup pod end well. */
  void succeed(String pod) {
    crew.status(PODS, pod, Map.of("phase", "Succeeded"));
  }

  /** How many claims of a set are left. */
  int claims(String set) {
    return crew.list(CLAIMS, "app=" + set).size();
  }
}
