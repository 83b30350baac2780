package dev.ebb.benchmarks.lab;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.runtime.config.ApiClients;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeClient.PatchType;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.scaler.ResourceKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Makes and changes thousands of objects of the benchmarks' namespace, many at the same time: what
 * kubectl needs minutes for. Thread-safe.
 */
public final class Crew {

  private static final int AT_ONCE = 48;

  private final KubeClient client;

  /** Works in a cluster, with all rights. */
  public Crew(Cluster cluster) {
    try {
      client =
          new KubeClient(
              ApiClients.create(cluster.kubeconfig().toString(), Map.of()),
              RuntimeAutoConfiguration.kubernetesJson(),
              "ebb-bench");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A kind whose objects are read as they are. */
  public static ResourceType<JsonNode> kind(
      String group, String version, String plural, String kind) {
    return new ResourceType<>(group, version, plural, kind, JsonNode.class);
  }

  /** Does something for each number from 0 on; the first failure ends it. */
  public void each(int count, IntConsumer work) {
    try (ExecutorService crew =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        tasks.add(crew.submit(() -> work.accept(number)));
      }
      try {
        for (Future<?> task : tasks) {
          task.get();
        }
      } catch (ExecutionException failed) {
        crew.shutdownNow();
        throw new ClusterException("objects: " + failed.getMessage(), failed);
      } catch (InterruptedException interrupted) {
        crew.shutdownNow();
        Thread.currentThread().interrupt();
        throw new ClusterException("interrupted", interrupted);
      }
    }
  }

  /** Makes an object. */
  public JsonNode create(ResourceType<JsonNode> type, JsonNode body) {
    return client.create(type, Lab.NAMESPACE, body);
  }

  /** Changes an object by a merge patch. */
  public void patch(ResourceType<JsonNode> type, String name, Map<String, ?> patch) {
    client.patch(type, new ResourceKey(Lab.NAMESPACE, name), null, PatchType.MERGE, patch);
  }

  /** Changes an object's status by a merge patch. */
  public void status(ResourceType<JsonNode> type, String name, Object status) {
    client.patch(
        type,
        new ResourceKey(Lab.NAMESPACE, name),
        "status",
        PatchType.MERGE,
        Map.of("status", status));
  }

  /** Deletes an object; it must be there. */
  public void delete(ResourceType<JsonNode> type, String name) {
    JsonNode object = client.get(type, new ResourceKey(Lab.NAMESPACE, name));
    client.delete(type, client.json().treeToValue(object.path("metadata"), Meta.class));
  }

  /** Reads all objects of a kind. */
  public List<JsonNode> list(ResourceType<JsonNode> type) {
    return client.list(type, Lab.NAMESPACE, Map.of()).items();
  }

  /** Reads all objects of a kind that have a label. */
  public List<JsonNode> list(ResourceType<JsonNode> type, String selector) {
    return client.list(type, Lab.NAMESPACE, Map.of("labelSelector", selector)).items();
  }
}
