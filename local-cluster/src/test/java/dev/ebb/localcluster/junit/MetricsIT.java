package dev.ebb.localcluster.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.MetricValue;
import dev.ebb.localcluster.Metrics;
import dev.ebb.localcluster.Result;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metrics APIs answer through the API server what a test has set. */
@WithCluster(pods = false)
class MetricsIT {

  private Cluster cluster;
  private String namespace;
  private Metrics metrics;

  @BeforeEach
  void where(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
    metrics = shared.metrics();
  }

  @Test
  void aMetricOfAnObjectIsWhatWasSetLast() {
    String path = custom("/deployments.apps/shop/requests_per_second");
    assertThat(get(path).err()).contains("NotFound");

    metrics.set(ofShop("1500m"));
    assertThat(get(path).orThrow().out()).contains("\"value\":\"1500m\"", "\"name\":\"shop\"");

    metrics.set(ofShop("250"));
    assertThat(get(path).orThrow().out()).contains("\"value\":\"250\"").doesNotContain("1500m");
  }

  @Test
  void metricsOfObjectsAreFoundByTheObjectsLabels() {
    for (String name : new String[] {"one", "two"}) {
      cluster.kubectl("create", "configmap", name, "-n", namespace).orThrow();
      metrics.set(MetricValue.ofObject(namespace, "configmaps", name, "size", "1Ki"));
    }
    cluster.kubectl("label", "configmap", "two", "-n", namespace, "chosen=yes").orThrow();

    String found = get(custom("/configmaps/*/size?labelSelector=chosen%3Dyes")).orThrow().out();

    assertThat(found).contains("\"name\":\"two\"").doesNotContain("\"name\":\"one\"");
  }

  @Test
  void anExternalMetricIsChosenByItsLabels() {
    metrics.set(MetricValue.external(namespace, "depth", "3").withLabel("queue", "a"));
    metrics.set(MetricValue.external(namespace, "depth", "4").withLabel("queue", "b"));
    String path = "/apis/external.metrics.k8s.io/v1beta1/namespaces/" + namespace + "/depth";

    assertThat(get(path).orThrow().out()).contains("\"value\":\"3\"", "\"value\":\"4\"");
    assertThat(get(path + "?labelSelector=queue%3Db").orThrow().out())
        .contains("\"value\":\"4\"")
        .doesNotContain("\"value\":\"3\"");
  }

  @Test
  void anAutoscalerFollowsAnExternalMetric() {
    metrics.set(MetricValue.external(namespace, "queue_length", "30").withLabel("queue", "jobs"));
    String manifest = "src/test/resources/scaled.yaml";

    cluster.kubectl("apply", "-n", namespace, "-f", manifest).orThrow();

    awaitReplicas("3");
    metrics.set(MetricValue.external(namespace, "queue_length", "50").withLabel("queue", "jobs"));
    awaitReplicas("5");
  }

  /** The autoscaler of Kubernetes looks every 15 s. */
  private void awaitReplicas(String wanted) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(
                    cluster
                        .kubectl(
                            "get",
                            "deployment",
                            "scaled",
                            "-n",
                            namespace,
                            "-o",
                            "jsonpath={.spec.replicas}")
                        .out())
                .isEqualTo(wanted));
  }

  private MetricValue ofShop(String value) {
    return MetricValue.ofObject(
        namespace, "deployments.apps", "shop", "requests_per_second", value);
  }

  private String custom(String rest) {
    return "/apis/custom.metrics.k8s.io/v1beta2/namespaces/" + namespace + rest;
  }

  private Result get(String path) {
    return cluster.kubectl("get", "--raw=" + path);
  }
}
