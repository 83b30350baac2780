package dev.ebb.system;

import dev.ebb.localcluster.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Single requests from within the cluster's network. */
final class Fetch {

  private Fetch() {}

  /** Returns the body of an answer with 200; fails on any other. */
  static String text(Cluster cluster, String url) {
    List<String> command = new ArrayList<>(cluster.enterCommand());
    command.add(cluster.binDir().resolve("node").toString());
    command.addAll(List.of("get", url));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(url + ": " + out.strip());
      }
      var answer = new JsonMapper().readTree(out);
      if (answer.path("status").asInt() != 200) {
        throw new IOException(url + ": " + out.strip());
      }
      return answer.path("body").asString("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
