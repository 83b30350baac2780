package dev.ebb.localcluster.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Pods are real: the cluster's own CoreDNS program serves as a small image that answers HTTP. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodsST {

  private Cluster cluster;
  private String namespace;

  @BeforeAll
  void runAPod(Cluster shared, TestNamespace own, @TempDir Path folder) throws Exception {
    cluster = shared;
    namespace = own.name();
    Path tar = folder.resolve("image.tar");
    Path node = cluster.binDir().resolve("node");
    Path coredns = cluster.binDir().resolve("coredns").toRealPath();
    Process image =
        new ProcessBuilder(
                node.toString(),
                "image",
                "--name",
                "docker.io/ebb/test-server:1",
                "--entrypoint",
                "/server",
                "--out",
                tar.toString(),
                "/server=" + coredns)
            .inheritIO()
            .start();
    assertThat(image.waitFor()).isZero();
    cluster.loadImage(tar);
    kubectl("apply", "-f", Path.of("src/test/resources/server.yaml").toString());
    kubectl("rollout", "status", "deployment/server", "--timeout=90s");
  }

  @Test
  void aServiceIsReachedByItsNameFromInside() throws Exception {
    String url = "http://server." + namespace + ".svc.cluster.local/health";
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() ->
            assertThat(inside(cluster.binDir().resolve("node").toString(), "get", url))
                .contains("\"status\":200"));
  }

  @Test
  void logsAreRead() {
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(kubectl("logs", "deployment/server")).contains("CoreDNS-"));
  }

  @Test
  void commandsRunInPods() {
    assertThat(kubectl("exec", "deployment/server", "--", "/server", "-version"))
        .contains("CoreDNS-");
  }

  @Test
  void portsAreForwarded() throws Exception {
    Process forward =
        new ProcessBuilder(
                cluster.binDir().resolve("kubectl").toString(),
                "--kubeconfig",
                cluster.kubeconfig().toString(),
                "-n",
                namespace,
                "port-forward",
                "deployment/server",
                ":8080")
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = forward.inputReader(StandardCharsets.UTF_8);
        HttpClient client = HttpClient.newHttpClient()) {
      String line = out.readLine();
      String port = line.replaceFirst(".*127\\.0\\.0\\.1:(\\d+) .*", "$1");
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("OK");
    } finally {
      forward.destroy();
    }
  }

  @Test
  void commandsInsideKeepTheCallersFolderInputAndExitCode(@TempDir Path folder) throws Exception {
    List<String> command = new ArrayList<>(cluster.enterCommand());
    command.addAll(List.of("sh", "-c", "pwd; cat; exit 7"));
    Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write("input");
    }
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(folder.toRealPath() + "\ninput");
    assertThat(process.waitFor()).isEqualTo(7);
  }

  @Test
  void aPortOfACommandInsideIsPublishedOnTheMachine(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("word"), "from inside");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    List<String> server = new ArrayList<>(cluster.enterCommand());
    String jwebserver = Path.of(System.getProperty("java.home"), "bin", "jwebserver").toString();
    server.addAll(List.of(jwebserver, "-p", Integer.toString(port), "-d", folder.toString()));
    Process inside = new ProcessBuilder(server).inheritIO().start();
    Process published = new ProcessBuilder(cluster.publishCommand(port)).inheritIO().start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/word")).build();
      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .untilAsserted(() ->
              assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
                  .isEqualTo("from inside"));
    } finally {
      published.destroy();
      inside.destroy();
    }
  }

  /** As {@code ./ebb exec -- kubectl} runs it. */
  @Test
  void kubectlWorksInside() throws Exception {
    Process exec =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.ebb.localcluster.cli.Ebb",
                "exec",
                "--name=" + cluster.name(),
                "--",
                "kubectl",
                "get",
                "deployment",
                "server",
                "--namespace=" + namespace,
                "--output=name")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();

    assertThat(new String(exec.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines("deployment.apps/server");
    assertThat(exec.waitFor()).isZero();
  }

  private String inside(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(cluster.enterCommand());
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(namespace, words).orThrow().out();
  }
}
