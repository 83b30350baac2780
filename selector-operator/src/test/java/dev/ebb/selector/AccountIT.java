package dev.ebb.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Result;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service's account may write, with the chart's roles and policies: R-A12. */
@WithCluster(pods = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountIT {

  private static final String ACCOUNT = "system:serviceaccount:ebb-system:ebb-selector-operator";
  private static final String PREFIX = "charts/selector-operator/templates/";
  private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";

  private Path folder;
  private Cluster cluster;
  private String namespace;

  @BeforeAll
  void start(Cluster shared, TestNamespace own, @TempDir Path temporary) {
    folder = temporary;
    cluster = shared;
    namespace = own.name();
    Harness.define(cluster);
    // Others may have made it.
    cluster.kubectl("create", "namespace", "ebb-system");
    apply(rendered("rbac.yaml"));
    apply(rendered("policies.yaml"));
    // kubectl reads before it patches; the service does not.
    kubectl("create", "role", "reader", "--verb=get", "--resource=services,servicepools.ebb.dev");
    kubectl("create", "rolebinding", "reader", "--role=reader", "--user=" + ACCOUNT);
    apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: svc-0, namespace: %1$s, annotations: {mine: "1"}}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        ---
        apiVersion: ebb.dev/v1alpha1
        kind: ServicePool
        metadata: {name: pool, namespace: %1$s}
        spec: {pods: {statefulSet: set}, services: {prefix: svc-}}
        """
            .formatted(namespace));
    // Policies hold a moment after they are there. A patch that went through before would change
    // nothing the second time and be allowed for ever, so nothing of this may stay.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            patch(
                    "service",
                    "svc-0",
                    "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}",
                    "--dry-run=server")
                .err()
                .contains("this account may"));
  }

  private String rendered(String template) {
    return cluster
        .helm(
            "template",
            "ebb",
            "../charts/ebb",
            "-n",
            "ebb-system",
            "--set",
            "selector-operator.enabled=true",
            "--show-only",
            PREFIX + template)
        .orThrow()
        .out();
  }

  private Path file(String yaml) {
    try {
      return Files.writeString(Files.createTempFile(folder, "o", ".yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void apply(String yaml) {
    cluster.kubectl("apply", "-f", file(yaml).toString()).orThrow();
  }

  /** As the service. */
  private Result create(String yaml) {
    return cluster.kubectlIn(namespace, "create", "-f", file(yaml).toString(), "--as=" + ACCOUNT);
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }

  private Result patch(String kind, String name, String merge, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("patch", kind, name, "--type=merge", "-p", merge, "--as=" + ACCOUNT));
    words.addAll(List.of(more));
    return cluster.kubectlIn(namespace, words.toArray(String[]::new));
  }

  @Test
  void pointsAServiceAtAPodAndGivesItBack() {
    String key = "\"" + POD_NAME + "\"";
    Result there =
        patch(
            "service",
            "svc-0",
            "{\"spec\":{\"selector\":{%s:\"set-0\"}},\"metadata\":{\"annotations\":".formatted(key)
                + "{\"ebb.dev/service-pool\":\"pool\"}}}");
    Result back =
        patch(
            "service",
            "svc-0",
            "{\"spec\":{\"selector\":{%s:null}},\"metadata\":{\"annotations\":".formatted(key)
                + "{\"ebb.dev/service-pool\":null}}}");

    assertThat(there.err()).isEmpty();
    assertThat(back.err()).isEmpty();
    assertThat(patch("servicepool", "pool", "{\"spec\":{\"mode\":\"Paused\"}}").err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"spec\":{\"selector\":{\"app\":\"other\"}}}",
        "{\"spec\":{\"selector\":{\"app\":null}}}",
        "{\"spec\":{\"selector\":{\"more\":\"x\"}}}",
        "{\"spec\":{\"ports\":[{\"port\":81}]}}",
        "{\"spec\":{\"type\":\"NodePort\"}}",
        "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}",
        "{\"metadata\":{\"finalizers\":[\"x.y/z\"]}}",
        "{\"metadata\":{\"annotations\":{\"mine\":null}}}",
        "{\"metadata\":{\"annotations\":{\"other\":\"1\"}}}"
      })
  void changesNothingElseOfAService(String patch) {
    assertThat(patch("service", "svc-0", patch).err()).contains("this account may change");
  }

  @Test
  void makesServicesAndSlicesOfItsOwnAlone() {
    String service =
        "{apiVersion: v1, kind: Service, metadata: {name: made%s}, spec: {ports: [{port: 1}]}}";
    String owner =
        ", ownerReferences: [{apiVersion: ebb.dev/v1alpha1, kind: ServicePool, name: pool, uid: "
            + kubectl("get", "servicepool", "pool", "-o", "jsonpath={.metadata.uid}")
            + "}]";
    String slice =
        "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s, labels:"
            + " {endpointslice.kubernetes.io/managed-by: %s}}, addressType: IPv4, endpoints: []}";

    assertThat(create(service.formatted("")).err())
        .contains("Services of its pools, and no others");
    assertThat(create(service.formatted(owner)).err()).isEmpty();
    assertThat(create(slice.formatted("somebody")).err())
        .contains("EndpointSlices managed by selector-operator.ebb.dev alone");
    assertThat(create(slice.formatted("selector-operator.ebb.dev")).err()).isEmpty();
    assertThat(cluster.kubectlIn(namespace, "delete", "service", "svc-0", "--as=" + ACCOUNT).err())
        .contains("Services of its pools, and no others");
    assertThat(patch("servicepool", "pool", "{\"spec\":{\"strategy\":\"Modulo\"}}").err())
        .contains("may change the mode of a ServicePool");
  }
}
