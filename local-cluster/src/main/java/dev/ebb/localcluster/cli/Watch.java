package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/** A watch on the API server through kubectl, until it is closed. */
final class Watch implements AutoCloseable {

  private final Process process;

  private Watch(Process process) {
    this.process = process;
  }

  /** Hands every event with the time of its arrival to the receiver, from a thread of its own. */
  static Watch start(Cluster cluster, List<String> what, ObjLongConsumer<JsonNode> receiver) {
    List<String> command = new ArrayList<>();
    command.add(cluster.binDir().resolve("kubectl").toString());
    command.addAll(List.of("--kubeconfig", cluster.kubeconfig().toString(), "get"));
    command.addAll(what);
    command.addAll(List.of("--watch", "--output-watch-events", "-o", "json"));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      Thread.ofVirtual().start(() -> read(process, receiver));
      return new Watch(process);
    } catch (IOException failed) {
      throw new ClusterException("kubectl cannot be run: " + failed.getMessage(), failed);
    }
  }

  private static void read(Process process, ObjLongConsumer<JsonNode> receiver) {
    JsonMapper json = new JsonMapper();
    try (MappingIterator<JsonNode> events =
        json.readerFor(JsonNode.class).readValues(process.getInputStream())) {
      while (events.hasNextValue()) {
        JsonNode event = events.nextValue();
        receiver.accept(event, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
      }
    } catch (JacksonException closed) {
      // The process was ended in the middle of an event.
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(Duration.ofSeconds(2))) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
