package dev.ebb.testkit.store;

import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.testkit.TestClients;
import dev.ebb.testkit.history.WorldApi;
import io.kubernetes.client.openapi.ApiClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Worlds on a real API server, any number at the same time. Its cluster must have no controllers
 * ({@code @WithCluster(pods = false, controllers = false)}): the worlds play them. What a world
 * leaves behind stays, out of everybody's way, until the cluster ends. Thread-safe.
 */
public final class RealApis {

  private static final JsonMapper JSON = RealApi.JSON;

  private final Cluster cluster;
  private final ApiClient base;
  private final RawApi raw;
  private final Set<Path> defined = ConcurrentHashMap.newKeySet();
  private final LongAdder requests = new LongAdder();
  private final AtomicInteger made = new AtomicInteger();

  /** Keeps the worlds of several of these apart; a namespace's name is all that it is in. */
  private final String own =
      Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36), 36);

  /** Creates worlds on a cluster. */
  public RealApis(Cluster cluster) {
    this.cluster = cluster;
    this.base = TestClients.apiClient(cluster.kubeconfig());
    this.raw = new RawApi(base);
  }

  /** Makes the API of a world, with nothing in it, whose time is a clock's. */
  public WorldApi world(InstantSource clock) {
    return new RealApi(this, "w%s-%d-".formatted(own, made.incrementAndGet()), clock);
  }

  /** Returns how many requests all worlds have sent so far. */
  public long requests() {
    return requests.sum();
  }

  /** Notes a request of a world. */
  void count() {
    requests.increment();
  }

  ApiClient base() {
    return base;
  }

  /** Makes a namespace and what Kubernetes' controllers would put into it. */
  void createNamespace(String name) {
    post("/api/v1/namespaces", "{metadata: {name: %s}}".formatted(name));
    // No pod can be created without it.
    post(
        "/api/v1/namespaces/%s/serviceaccounts".formatted(name),
        "{metadata: {name: default}, automountServiceAccountToken: false}");
  }

  private void post(String path, String yaml) {
    RawApi.Answer answer = raw.post(path, yaml);
    if (answer.code() != 201) {
      throw new IllegalStateException("cannot create in " + path + ": " + answer);
    }
  }

  /** Makes a custom resource known, once; returns when it is served. */
  synchronized void define(Path definition) {
    if (!defined.add(definition)) {
      return;
    }
    JsonNode applied =
        JSON.readTree(
            cluster
                .kubectl("apply", "--server-side", "-o", "json", "-f", definition.toString())
                .orThrow()
                .out());
    String collection =
        "/apis/%s/%s/%s"
            .formatted(
                applied.at("/spec/group").asString(""),
                applied.at("/spec/versions/0/name").asString(""),
                applied.at("/spec/names/plural").asString(""));
    await(collection)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> raw.get(collection).code() == 200);
  }
}
