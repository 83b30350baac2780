package dev.ebb.system;

import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.http.RawHttp;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** A {@link Load} process inside the cluster's network, and what it says. Close it. */
final class Callers implements AutoCloseable {

  /** One request's outcome; status 0 means that no answer came. */
  record Call(int caller, int attempt, long start, long end, int status, String text) {

    static Call parse(String line) {
      String[] parts = line.split(" ", 7);
      return new Call(
          Integer.parseInt(parts[1]),
          Integer.parseInt(parts[2]),
          Long.parseLong(parts[3]),
          Long.parseLong(parts[4]),
          Integer.parseInt(parts[5]),
          parts.length > 6 ? parts[6] : "");
    }

    boolean good() {
      return status == 200;
    }
  }

  private final Process process;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final AtomicBoolean sent = new AtomicBoolean();
  private final AtomicBoolean done = new AtomicBoolean();

  private Callers(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::read);
  }

  /** So many requests at once; one that fails is tried once more after a pause, if there is one. */
  static Callers once(Cluster cluster, int count, Duration retryAfter, String url) {
    return start(
        cluster,
        List.of("once", Integer.toString(count), Long.toString(retryAfter.toMillis()), url));
  }

  /** One caller for each URL, without end, each request on a connection of its own. */
  static Callers loop(Cluster cluster, Duration pause, List<String> urls) {
    return loop(cluster, pause, false, urls);
  }

  /** One caller without end on one connection. */
  static Callers onOneConnection(Cluster cluster, Duration pause, String url) {
    return loop(cluster, pause, true, List.of(url));
  }

  private static Callers loop(
      Cluster cluster, Duration pause, boolean keepAlive, List<String> urls) {
    List<String> arguments =
        new ArrayList<>(
            List.of("loop", Long.toString(pause.toMillis()), Boolean.toString(keepAlive)));
    arguments.addAll(urls);
    return start(cluster, arguments);
  }

  private static Callers start(Cluster cluster, List<String> arguments) {
    List<String> command =
        new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(placeOf(Load.class) + File.pathSeparator + placeOf(RawHttp.class));
    command.add(Load.class.getName());
    command.addAll(arguments);
    try {
      return new Callers(
          new ProcessBuilder(cluster.enterJava(command))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path placeOf(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("R ")) {
          calls.add(Call.parse(line));
        }
        sent.compareAndSet(false, line.equals("SENT"));
        done.compareAndSet(false, line.equals("DONE"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until all requests of {@link #once} are written. */
  Callers awaitSent() {
    await().atMost(Duration.ofSeconds(30)).until(sent::get);
    return this;
  }

  /** Waits until so many outcomes are there. */
  Callers awaitCalls(int count) {
    await().atMost(Duration.ofSeconds(90)).until(() -> calls.size() >= count);
    return this;
  }

  /** Waits until all requests are answered, and returns the outcomes in their order. */
  List<Call> awaitAll(Duration limit) {
    await().atMost(limit).until(done::get);
    return List.copyOf(calls);
  }

  /** Ends {@link #loop} and returns all outcomes. */
  List<Call> end() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return awaitAll(Duration.ofSeconds(60));
  }

  /** Returns the outcomes so far. */
  List<Call> soFar() {
    return List.copyOf(calls);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
