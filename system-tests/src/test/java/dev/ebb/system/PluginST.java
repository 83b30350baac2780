package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.scaler.LampScaler;
import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else's jar, mounted into the shipped image, drives a kind that Kubernetes has not. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PluginST {

  /** The platform behind the sample: the same jar, in a pod of its own. */
  private static final String PLATFORM =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: lamps, labels: {app: lamps}}
      spec:
        automountServiceAccountToken: false
        securityContext:
          {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
        containers:
          - name: lamps
            image: ebb/autoscaler:0.1.0-SNAPSHOT
            imagePullPolicy: IfNotPresent
            command: [/opt/java/bin/java, -Xmx32m, -cp, "/jars/*", com.example.scaler.LampPlatform]
            args: ["%s/hall=7"]
            readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
            resources: {requests: {cpu: 10m, memory: 48Mi}}
            securityContext:
              allowPrivilegeEscalation: false
              readOnlyRootFilesystem: true
              capabilities: {drop: [ALL]}
            volumeMounts: [{name: jars, mountPath: /jars}]
        volumes: [{name: jars, configMap: {name: lamp}}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: lamps}
      spec: {selector: {app: lamps}, ports: [{port: 80, targetPort: 8080}]}
      """;

  private Ebb ebb;

  @BeforeAll
  void install(Cluster cluster) {
    ebb = Ebb.in(cluster);
    ebb.kubectl("create", "configmap", "lamp", "--from-file=lamp.jar=" + jar());
    ebb.upgrade(
        "--set",
        "autoscaler.plugins.volume.configMap.name=lamp",
        "--set",
        "autoscaler.extraEnv[0].name=LAMPS_API",
        "--set",
        "autoscaler.extraEnv[0].value=http://lamps");
  }

  @AfterAll
  void remove() {
    ebb.upgrade();
    ebb.kubectl("delete", "--now", "--ignore-not-found", "pod/lamps", "service/lamps");
    ebb.kubectl("delete", "configmap", "lamp");
  }

  /** Returns the jar of the sample, which was written from docs/plugins.md. */
  private static Path jar() {
    Path jar =
        Path.of(LampScaler.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    assertThat(jar.toString()).as("the packaged sample").endsWith(".jar");
    return jar;
  }

  @Test
  void drivesWhatEbbItselfCannot(Cluster cluster, TestNamespace namespace, @TempDir Path folder)
      throws IOException {
    Path platform =
        Files.writeString(folder.resolve("platform.yaml"), PLATFORM.formatted(namespace.name()));
    ebb.kubectl("apply", "-f", platform.toString());
    Path manifest =
        Files.writeString(
            folder.resolve("lamp.yaml"),
            """
            apiVersion: ebb.dev/v1alpha1
            kind: ScaledResource
            metadata: {name: hall}
            spec:
              targetRef: {apiVersion: example.com/v1, kind: Lamp, name: hall}
            """);
    cluster.kubectl("apply", "-n", namespace.name(), "-f", manifest.toString()).orThrow();

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            cluster
                .kubectl(
                    "get",
                    "sr",
                    "hall",
                    "-n",
                    namespace.name(),
                    "-o",
                    "jsonpath={.status.replicas}")
                .out()
                .equals("7"));
    // Of all pods: the one that the upgrade replaced may still be on its way out.
    assertThat(ebb.kubectl("logs", "-l", "app.kubernetes.io/name=autoscaler", "--tail=-1"))
        .contains("plug-in /plugins/lamp.jar: scaler com.example.scaler.LampScaler");
  }
}
