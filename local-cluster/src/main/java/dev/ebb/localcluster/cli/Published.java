package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A port of the cluster's network that this machine reaches, until it is closed. */
record Published(Optional<Process> process) implements AutoCloseable {

  static Published open(Cluster cluster, Optional<Integer> port) {
    List<String> command = port.map(cluster::publishCommand).orElseGet(List::of);
    if (command.isEmpty()) {
      return new Published(Optional.empty());
    }
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      // It ends with us too when we are killed together, as a terminal does it
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "ebb-publish-end"));
      return new Published(Optional.of(process));
    } catch (IOException failed) {
      throw new ClusterException("cannot publish the port: " + failed.getMessage());
    }
  }

  @Override
  public void close() {
    process.ifPresent(Process::destroy);
  }
}
