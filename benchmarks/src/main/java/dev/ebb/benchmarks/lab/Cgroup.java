package dev.ebb.benchmarks.lab;

import dev.ebb.localcluster.ClusterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A container's control group, of version 1 or 2.
 *
 * @param memory the folder of its memory accounting
 * @param cpu the folder of its CPU accounting
 */
public record Cgroup(Path memory, Path cpu) {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** Finds that of a process. */
  static Cgroup of(long pid) {
    try {
      return of(Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup")), ROOT);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Reads lines of {@code /proc/PID/cgroup}. */
  static Cgroup of(List<String> lines, Path root) {
    Path unified = null;
    Path memory = null;
    Path cpu = null;
    for (String line : lines) {
      String[] parts = line.split(":", 3);
      String path = parts[2].substring(1);
      List<String> controllers = List.of(parts[1].split(",", -1));
      if (parts[1].isEmpty()) {
        unified = root.resolve(path);
      }
      if (controllers.contains("memory")) {
        memory = root.resolve("memory").resolve(path);
      }
      if (controllers.contains("cpuacct")) {
        cpu = root.resolve("cpuacct").resolve(path);
      }
    }
    if (memory != null && cpu != null) {
      return new Cgroup(memory, cpu);
    }
    if (unified == null) {
      throw new ClusterException("no control group with memory and CPU in " + lines);
    }
    return new Cgroup(unified, unified);
  }

  /** CPU time that was used so far, in microseconds. */
  public long cpuMicros() {
    Path usage = cpu.resolve("cpuacct.usage");
    return Files.exists(usage)
        ? number(usage) / 1000
        : entry(cpu.resolve("cpu.stat"), "usage_usec");
  }

  /** Bytes of the working set, as the kubelet reckons it: usage without inactive file pages. */
  public long workingSet() {
    Path usage = memory.resolve("memory.usage_in_bytes");
    Path stat = memory.resolve("memory.stat");
    return Files.exists(usage)
        ? number(usage) - entry(stat, "total_inactive_file")
        : number(memory.resolve("memory.current")) - entry(stat, "inactive_file");
  }

  private static long number(Path file) {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static long entry(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name + " "))
          .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new ClusterException("no " + name + " in " + file));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
