package dev.ebb.localcluster.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A scale test's nodes: many pods that cost nothing, beside pods that run. */
@WithCluster
class FakeNodesST {

  private static final Path MANIFEST = Path.of("src/test/resources/fakes.yaml");

  @AfterAll
  static void removeTheNodes(Cluster cluster) {
    cluster.fakeNodes(0);
  }

  @Test
  void twentyFakeNodesRunTwoHundredPodsBesideARealOne(Cluster cluster, TestNamespace namespace) {
    cluster.fakeNodes(20);

    assertThat(nodes(cluster)).hasSize(20);
    cluster.kubectl("apply", "-n", namespace.name(), "-f", MANIFEST.toString()).orThrow();
    await()
        .atMost(Duration.ofSeconds(120))
        .untilAsserted(() -> {
          Map<Boolean, List<String>> fake =
              running(cluster, namespace)
                  .collect(Collectors.partitioningBy(n -> n.startsWith("fake-")));
          assertThat(fake.get(true)).hasSize(200);
          assertThat(fake.get(false)).containsExactly("ebb-node");
        });

    cluster.fakeNodes(3);

    assertThat(nodes(cluster)).containsExactlyInAnyOrder("fake-0", "fake-1", "fake-2");
  }

  /** The node of each pod that is ready. */
  private static Stream<String> running(Cluster cluster, TestNamespace namespace) {
    String columns =
        "jsonpath={range .items[*]}{.spec.nodeName} {.status.conditions[?(@.type=='Ready')].status}\n{end}";
    return cluster
        .kubectl("get", "pods", "-n", namespace.name(), "-o", columns)
        .orThrow()
        .out()
        .lines()
        .filter(line -> line.endsWith(" True"))
        .map(line -> line.substring(0, line.indexOf(' ')));
  }

  private static List<String> nodes(Cluster cluster) {
    return cluster
        .kubectl("get", "node", "-l", "type=kwok", "-o", "name")
        .orThrow()
        .out()
        .lines()
        .map(line -> line.replace("node/", ""))
        .toList();
  }
}
