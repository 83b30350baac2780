package dev.ebb.testkit.matrix;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
    // Whoever ends the tests in their midst must not leave services behind.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    Thread.ofVirtual().name("kubelet").start(this::keepUp);
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

  /** Returns the stack traces in its log that name code of ours, and what no thread caught. */
  @Override
  public List<String> mistakes() {
    if (!output.isFile()) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(output.toPath())) {
      return lines
          .filter(
              line -> line.startsWith("\tat dev.ebb.") || line.startsWith("Exception in thread"))
          .map(line -> line + " in " + output)
          .distinct()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts what is alive after a collection. */
  @Override
  public OptionalLong heap() {
    if (!process.isAlive()) {
      return OptionalLong.empty();
    }
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(process.pid()),
                  "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      try (BufferedReader lines = jcmd.inputReader()) {
        return lines
            .lines()
            .filter(line -> line.startsWith("Total"))
            .mapToLong(line -> Long.parseLong(line.trim().split(" +", -1)[2]))
            .max();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
