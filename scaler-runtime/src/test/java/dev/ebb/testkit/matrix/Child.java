package dev.ebb.testkit.matrix;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A replica in a process of its own, on the class path that it is shipped with and with the image's
 * flags, so that it can be killed, frozen and starved. Started anew when it ends, as the kubelet
 * does. Thread-safe.
 */
final class Child implements Replica {

  private final List<String> command;
  private final File output;
  private final int port;
  private final Probe probe = new Probe();
  private final AtomicInteger restarts = new AtomicInteger();
  private volatile @Nullable Instant endedAt;
  private volatile boolean stopped;
  private volatile Process process;

  Child(List<String> command, File output, int port) {
    this.command = List.copyOf(command);
    this.output = output;
    this.port = port;
    this.process = launch();
    Thread.ofVirtual().name("kubelet").start(this::keepUp);
  }

  /** Returns the command that starts a service, the JVM's options aside. */
  static List<String> command(Service service, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xmx160m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(options);
    command.add("-cp");
    command.add(shippedClassPath(service));
    command.add(service.application().getName());
    command.addAll(arguments);
    return command;
  }

  /** Test classes and the test kit are not shipped. */
  private static String shippedClassPath(Service service) {
    List<String> entries =
        List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
    return String.join(
        File.pathSeparator,
        entries.stream()
            .filter(entry -> !entry.contains("test-classes") && !entry.endsWith("-tests.jar"))
            .toList());
  }

  private Process launch() {
    try {
      Files.createDirectories(output.toPath().toAbsolutePath().getParent());
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keepUp() {
    try {
      while (!stopped) {
        process.waitFor();
        synchronized (this) {
          endedAt = Instant.now();
          if (!stopped) {
            restarts.incrementAndGet();
            process = launch();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills it at once (SIGKILL), and starts it anew. */
  void kill() {
    process.destroyForcibly();
  }

  /** Asks it to stop (SIGTERM), and does not start it anew. */
  synchronized void terminate() {
    stopped = true;
    process.destroy();
  }

  /** Stops its threads where they are (SIGSTOP). */
  void freeze() {
    signal("STOP");
  }

  /** Lets its threads go on (SIGCONT). */
  void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether its process runs, frozen or not. */
  boolean alive() {
    return process.isAlive();
  }

  @Override
  public int restarts() {
    return restarts.get();
  }

  @Override
  public @Nullable Instant endedAt() {
    return endedAt;
  }

  @Override
  public boolean ready() {
    return probe.ready(port);
  }

  @Override
  public void stop() {
    terminate();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("SIGTERM did not end the process within 30 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      stopped = true;
    }
    process.destroyForcibly();
  }
}
