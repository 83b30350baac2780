package dev.ebb.benchmarks.lab;

import dev.ebb.benchmarks.client.Client;
import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A {@link Client} inside the cluster's network; one question at a time. Close it. */
public final class Caller implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  private Caller(Process process) {
    this.process = process;
    this.in = process.outputWriter(StandardCharsets.UTF_8);
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts the process. */
  public static Caller in(Cluster cluster) {
    List<String> command =
        cluster.enterJava(
            List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Client.class.getName()));
    try {
      return new Caller(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Sends one command; see {@link Client}. */
  public void tell(String... words) {
    try {
      in.write(String.join(" ", words) + "\n");
      in.flush();
    } catch (IOException failed) {
      throw new ClusterException("the client in the cluster ended: " + failed.getMessage(), failed);
    }
  }

  /** Waits for the next line of the answer. */
  public JsonNode hear() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new ClusterException("the client in the cluster ended");
      }
      return JSON.readTree(line);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Sends one command and waits for its answer. */
  public JsonNode ask(String... words) {
    tell(words);
    return hear();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
