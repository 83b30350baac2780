package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.junit.WithCluster;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who is not root gets a control plane, with nodes that pretend and a clear word. */
@WithCluster(pods = false)
class PlainClusterIT {

  private static final String NOBODY = "65534";

  @Test
  void aUserWithoutRightsHasAControlPlaneWithFakeNodesThatEndsWithTheJvm(@TempDir Path home)
      throws Exception {
    Environment environment = Environment.system();
    assumeThat(environment.program("setpriv")).as("setpriv, to become nobody").isPresent();
    Programs programs = new Programs(environment);
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
    programs.build(GoBinary.controlPlane(), Progress.silent()).values().forEach(p -> lend(p, home));
    programs.build(GoBinary.fakeNodes(), Progress.silent()).values().forEach(p -> lend(p, home));
    Process user = start(home);
    long first;
    try (BufferedReader out = user.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).startsWith("Pods cannot run here").contains("not root");
      assertThat(out.readLine()).isEqualTo("runs pods: false");
      assertThat(out.readLine()).isEqualTo("ready: fake-0 fake-1");
      assertThat(out.readLine()).isEqualTo("pods: Running Running Running");
      assertThat(out.readLine()).isEqualTo("api server again: ok");
      first = Long.parseLong(out.readLine());
    }
    List<Long> family = family(first);
    assertThat(family).as("etcd, API server, controllers, scheduler, kwok").hasSizeGreaterThan(5);

    user.destroyForcibly().waitFor();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(family).noneMatch(pid -> ProcessId.of(pid).isPresent()));
  }

  private static Process start(Path home) throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      jars.add(copy(Path.of(entry), home.resolve("lib").resolve(Integer.toString(jars.size()))));
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            "setpriv",
            "--reuid=" + NOBODY,
            "--regid=" + NOBODY,
            "--clear-groups",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Duser.home=" + home,
            "-cp",
            String.join(File.pathSeparator, jars),
            User.class.getName());
    builder.environment().put("EBB_CACHE", home.resolve("c").toString());
    builder.environment().put("HOME", home.toString());
    return builder.directory(home.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** A program that is built already, where the user's own build would have put it. */
  private static void lend(Path program, Path home) {
    Path module = program.getParent();
    Path target =
        home.resolve("c/bin").resolve(module.getFileName()).resolve(program.getFileName());
    try {
      if (!Files.exists(target)) {
        Files.createDirectories(target.getParent());
        Files.copy(program, target);
      }
      for (Path folder : List.of(home.resolve("c"), home.resolve("c/bin"))) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Copies what may lie where only we can read. */
  private static String copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    return to.toString();
  }

  private static List<Long> family(long pid) {
    return Stream.concat(
            Stream.of(pid),
            ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid))
        .toList();
  }

  /** The JVM of somebody who is not root. */
  static final class User {
    private User() {}

    /** Uses a cluster of its own, says what it sees, and waits for its end. */
    public static void main(String[] args) throws Exception {
      System.out.println(Clusters.impossible(true).orElse("pods can run"));
      Cluster cluster = Clusters.start(Options.owned().withPods(false));
      System.out.println("runs pods: " + cluster.runsPods());
      cluster.fakeNodes(2);
      String ready = "{.items[?(@.status.conditions[-1:].status!='Unknown')].metadata.name}";
      System.out.println("ready: " + get(cluster, "nodes", ready));
      cluster
          .kubectl("create", "deployment", "web", "--image=nowhere/web:1", "--replicas=3")
          .orThrow();
      cluster.kubectl("rollout", "status", "deployment/web", "--timeout=60s").orThrow();
      System.out.println("pods: " + get(cluster, "pods", "{.items[*].status.phase}"));
      cluster.stopApiServer();
      cluster.startApiServer();
      System.out.println("api server again: " + cluster.kubectl("get", "--raw=/readyz").out());
      Instance instance = new Instance(cluster.kubeconfig().getParent());
      System.out.println(instance.state().orElseThrow().first().pid());
      Thread.sleep(Duration.ofMinutes(5));
    }

    private static String get(Cluster cluster, String kind, String path) {
      return cluster.kubectl("get", kind, "-o", "jsonpath=" + path).orThrow().out();
    }
  }
}
