package dev.ebb.benchmarks.lab;

import dev.ebb.localcluster.ClusterException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The JVM of a pod, seen from the machine.
 *
 * @param pid its id on the machine
 */
public record JavaProcess(long pid) {

  private static final long TICK_MICROS = 10_000;
  private static final int START_TIME = 19; // counted behind the name in brackets

  /** Finds the JVM in a pod; empty while there is none. */
  public static Optional<JavaProcess> in(String podUid) {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(folder -> folder.getFileName().toString().matches("[0-9]+"))
          .filter(folder -> read(folder.resolve("cgroup")).contains(podUid))
          .filter(folder -> read(folder.resolve("cmdline")).startsWith("/opt/java/bin/java"))
          .map(folder -> new JavaProcess(Long.parseLong(folder.getFileName().toString())))
          .findFirst();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /**
   * When the process began, in microseconds since 1970, to a hundredth of a second. The container
   * runtime makes the process a little before the JVM's program runs in it: that is counted too.
   */
  public long started() {
    return ticks(pid) * TICK_MICROS + epoch();
  }

  /** The zero of the kernel's start times, found by a process that starts now. */
  private static long epoch() {
    try {
      Process process = new ProcessBuilder("sleep", "10").start();
      long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
      try {
        return now - ticks(process.pid()) * TICK_MICROS;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static long ticks(long pid) {
    String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
    if (stat.isEmpty()) {
      throw new ClusterException("process " + pid + " ended");
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[START_TIME]);
  }

  /** Its control group. */
  public Cgroup cgroup() {
    return Cgroup.of(pid);
  }

  /** Collects all garbage, and returns how many bytes of live objects there are. */
  public long liveHeap() {
    List<String> histogram = jcmd("GC.class_histogram");
    String total =
        histogram.stream()
            .filter(line -> line.startsWith("Total"))
            .findFirst()
            .orElseThrow(() -> new ClusterException("jcmd said: " + histogram));
    return Long.parseLong(total.strip().split("\\s+")[2]);
  }

  private List<String> jcmd(String command) {
    try {
      String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      Process process =
          new ProcessBuilder(program, Long.toString(pid), command)
              .redirectErrorStream(true)
              .start();
      try (InputStream out = process.getInputStream()) {
        return new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
