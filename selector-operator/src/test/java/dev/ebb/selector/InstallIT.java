package dev.ebb.selector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** 3S's command and our chart, before a real API server; nothing runs here. */
@WithCluster(pods = false)
class InstallIT {

  private static final String CHART = "../charts/3s";
  private static final List<String> COMMAND =
      List.of(
          "--set",
          "podSelector=app.kubernetes.io/name=buildkit-service",
          "--set",
          "statefulsetNameFormat=buildkit-service-%d",
          "--set",
          "servicePrefix=svc-");

  private static String helm(Cluster cluster, List<String> words, String... more) {
    return cluster
        .helm(Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new))
        .orThrow()
        .out();
  }

  @Test
  void theCommandThatInstalled3sInstallsItsSuccessor(Cluster cluster, TestNamespace own) {
    // A-D13, A-D14: word for word, in charts/3s.
    List<String> words =
        Stream.concat(
                Stream.of("upgrade", "--install", "3s", CHART, "--namespace", own.name()),
                COMMAND.stream())
            .toList();
    String notes = helm(cluster, words);
    String again = helm(cluster, words);
    String env =
        cluster
            .kubectlIn(
                own.name(),
                "get",
                "deployment",
                "ebb-3s-" + own.name(),
                "-o",
                "jsonpath={.spec.template.spec.containers[0].env}")
            .orThrow()
            .out();

    assertThat(notes).contains("statefulsetNameFormat has no effect");
    assertThat(again).contains("REVISION: 2");
    assertThat(env)
        .contains(
            "{\"name\":\"SSS_POD_SELECTOR\",\"value\":\"app.kubernetes.io/name=buildkit-service\"}",
            "{\"name\":\"SSS_SERVICE_PREFIX\",\"value\":\"svc-\"}",
            "{\"name\":\"EBB_WATCHNAMESPACES_0\",\"value\":\"" + own.name() + "\"}");
    assertThat(cluster.kubectl("get", "crd", "servicepools.ebb.dev").ok()).isTrue();
    cluster.helm("uninstall", "3s", "--namespace", own.name()).orThrow();
  }

  @Test
  void aPullPolicyIsAPullPolicy(Cluster cluster) {
    // A-D12, A-D15
    String rendered =
        helm(
            cluster,
            List.of("template", "3s", CHART),
            "--set",
            "image.pullPolicy=Always",
            "--set",
            "image.tag=1.2.3");

    assertThat(rendered)
        .contains("name: servicepools.ebb.dev", "imagePullPolicy: Always")
        .contains("image: ebb/selector-operator:1.2.3", "runAsNonRoot: true")
        .contains("readinessProbe:", "memory: 384Mi");
  }
}
