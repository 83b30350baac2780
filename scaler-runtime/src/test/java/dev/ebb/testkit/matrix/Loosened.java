package dev.ebb.testkit.matrix;

import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.testkit.TestClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Definitions that let everything in, as an older release's may have done; closing makes them as
 * they were. What is stored meanwhile stays.
 */
final class Loosened implements AutoCloseable {

  private static final String PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/";
  private static final String ANYTHING =
      "{\"openAPIV3Schema\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}";
  private static final Duration TAKES_EFFECT = Duration.ofMinutes(2);

  private final Cluster cluster;
  private final Map<String, String> schemas = new LinkedHashMap<>();

  /**
   * Loosens.
   *
   * @param definitions their names, as in {@code scaledresources.ebb.dev}
   */
  Loosened(Cluster cluster, List<String> definitions) {
    this.cluster = cluster;
    for (String name : definitions) {
      String schema =
          TestClients.of(cluster, "matrix")
              .getRaw(PATH + name)
              .at("/spec/versions/0/schema")
              .toString();
      schemas.put(name, schema);
      replace(name, ANYTHING);
    }
  }

  private void replace(String name, String schema) {
    try {
      Path patch = Files.createTempFile("matrix", ".json");
      Files.writeString(
          patch,
          "[{\"op\":\"replace\",\"path\":\"/spec/versions/0/schema\",\"value\":" + schema + "}]");
      cluster
          .kubectl("patch", "crd", name, "--type=json", "--patch-file", patch.toString())
          .orThrow();
      Files.delete(patch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does something again and again until the looser schema has taken effect. */
  void until(Runnable action) {
    await("the looser definition")
        .pollInterval(Duration.ofMillis(200))
        .atMost(TAKES_EFFECT)
        .ignoreExceptions()
        .until(() -> {
          action.run();
          return true;
        });
  }

  @Override
  public void close() {
    schemas.forEach(this::replace);
  }
}
