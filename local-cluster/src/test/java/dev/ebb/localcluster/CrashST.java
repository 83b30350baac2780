package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.junit.WithCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A JVM that owns a cluster is killed: its cluster ends, and the next start cleans up. */
@WithCluster
class CrashST {

  @Test
  void nothingOfAClusterOutlivesItsKilledOwnerAndTheNextStart() throws Exception {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Instance instance;
    try (BufferedReader out = owner.inputReader(StandardCharsets.UTF_8)) {
      instance = new Instance(Path.of(out.readLine()));
    }
    State state = instance.state().orElseThrow();
    assertThat(state.first()).isNotNull();
    List<Long> family = descendants(state.first().pid());
    assertThat(family).as("etcd and more").hasSizeGreaterThan(7);

    owner.destroyForcibly().waitFor();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(family).noneMatch(pid -> ProcessId.of(pid).isPresent()));
    new Instances(Environment.system().cache(), Progress.silent()).sweep();
    assertThat(instance.dir()).doesNotExist();
    assertThat(cgroups(state.cgroup())).isEmpty();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain(instance.dir().toString());
  }

  private static List<Long> descendants(long pid) {
    return Stream.concat(
            Stream.of(pid),
            ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid))
        .toList();
  }

  private static List<Path> cgroups(String root) throws IOException {
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      return hierarchies
          .map(hierarchy -> hierarchy.resolve(root.substring(1)))
          .filter(Files::exists)
          .toList();
    }
  }

  /** The JVM that is killed. */
  static final class Owner {
    private Owner() {}

    /** Starts a cluster of its own, says where it is, and waits for its end. */
    public static void main(String[] args) throws Exception {
      Cluster cluster = Clusters.start(Options.owned());
      System.out.println(cluster.kubeconfig().getParent());
      Thread.sleep(Duration.ofMinutes(5));
    }
  }
}
