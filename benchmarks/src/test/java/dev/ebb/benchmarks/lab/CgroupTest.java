package dev.ebb.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTest {

  @Test
  void readsVersionOne(@TempDir Path root) throws IOException {
    Path memory = Files.createDirectories(root.resolve("memory/pods/a"));
    Path cpu = Files.createDirectories(root.resolve("cpuacct/pods/b"));
    Files.writeString(memory.resolve("memory.usage_in_bytes"), "5000\n");
    Files.writeString(memory.resolve("memory.stat"), "inactive_file 1\ntotal_inactive_file 2000\n");
    Files.writeString(cpu.resolve("cpuacct.usage"), "7000000\n");

    Cgroup cgroup =
        Cgroup.of(List.of("4:memory:/pods/a", "2:cpu,cpuacct:/pods/b", "0::/elsewhere"), root);

    assertThat(cgroup.workingSet()).isEqualTo(3000);
    assertThat(cgroup.cpuMicros()).isEqualTo(7000);
  }

  @Test
  void readsVersionTwo(@TempDir Path root) throws IOException {
    Path folder = Files.createDirectories(root.resolve("pods/a"));
    Files.writeString(folder.resolve("memory.current"), "5000\n");
    Files.writeString(folder.resolve("memory.stat"), "anon 1\ninactive_file 2000\n");
    Files.writeString(folder.resolve("cpu.stat"), "usage_usec 7000\nuser_usec 1\n");

    Cgroup cgroup = Cgroup.of(List.of("0::/pods/a"), root);

    assertThat(cgroup.workingSet()).isEqualTo(3000);
    assertThat(cgroup.cpuMicros()).isEqualTo(7000);
  }
}
