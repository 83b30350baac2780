package dev.ebb.localcluster.http;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A {@link Dialer} inside the cluster's network, and what it says. Close it. */
public final class Dialing implements AutoCloseable {

  /**
   * What became of all connections to one target.
   *
   * @param connections how many there were
   * @param failures how many were not there
   * @param gapMillis the longest time without one
   */
  public record Target(int connections, int failures, long gapMillis) {}

  /**
   * An answer, or what failed.
   *
   * @param target whose
   * @param millis when, since 1970
   * @param text what was said
   */
  public record Line(String target, long millis, String text) {
    static Line parse(String line) {
      String[] parts = line.split(" ", 4);
      return new Line(parts[1], Long.parseLong(parts[2]), parts.length > 3 ? parts[3] : "");
    }
  }

  private static final Duration END = Duration.ofSeconds(60);

  private final Process process;
  private final List<Line> failures = new CopyOnWriteArrayList<>();
  private final List<Line> answers = new CopyOnWriteArrayList<>();
  private final Map<String, Target> targets = new TreeMap<>();
  private final CompletableFuture<Boolean> started = new CompletableFuture<>();
  private final CompletableFuture<Map<String, Target>> done = new CompletableFuture<>();

  private Dialing(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::read);
  }

  /**
   * Begins; returns when the first connection is made.
   *
   * @param period from one connection to the next
   * @param askEvery every so many connections to a target, one also asks
   * @param targets the URL of each name
   */
  public static Dialing start(
      Cluster cluster, Duration period, int askEvery, Map<String, URI> targets) {
    List<String> command =
        new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp"));
    command.add(
        Path.of(Dialer.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString());
    command.add(Dialer.class.getName());
    command.add(Long.toString(TimeUnit.NANOSECONDS.toMicros(period.toNanos())));
    command.add(Integer.toString(askEvery));
    targets.forEach((name, uri) -> command.add(name + "=" + uri));
    try {
      Dialing dialing =
          new Dialing(
              new ProcessBuilder(cluster.enterJava(command))
                  .redirectError(ProcessBuilder.Redirect.INHERIT)
                  .start());
      get(dialing.started);
      return dialing;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        switch (line.substring(0, 1)) {
          case "S" -> started.complete(true);
          case "F" -> failures.add(Line.parse(line));
          case "A" -> answers.add(Line.parse(line));
          case "T" -> {
            String[] words = line.split(" ", 5);
            targets.put(
                words[1],
                new Target(
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]),
                    Long.parseLong(words[4])));
          }
          default -> done.complete(Map.copyOf(targets));
        }
      }
    } catch (IOException | RuntimeException e) {
      done.completeExceptionally(e);
    }
    ClusterException early = new ClusterException("the dialer in the cluster ended");
    started.completeExceptionally(early);
    done.completeExceptionally(early);
  }

  /** What failed so far. */
  public List<Line> failures() {
    return List.copyOf(failures);
  }

  /** What was answered so far. */
  public List<Line> answers() {
    return List.copyOf(answers);
  }

  /** Ends it, and returns what became of the connections to each target. */
  public Map<String, Target> end() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return get(done);
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(END.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new ClusterException("the dialer in the cluster: " + e, e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
