package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A metrics API server of the cluster's own, and the file that it reads its values from. */
final class MetricsServer implements Metrics {

  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<List<MetricValue>> VALUES = new TypeReference<>() {};

  private final Helpers helpers;
  private final Path values;
  private final Path port;

  MetricsServer(Helpers helpers) {
    this.helpers = helpers;
    this.values = helpers.instance().file("metrics.json");
    this.port = helpers.instance().file("metrics.port");
  }

  /** Starts the server, unless it runs, and registers it; returns when its APIs are available. */
  void start() {
    startDaemon();
    helpers
        .daemons()
        .await("the metrics server's port", Duration.ofSeconds(30), kubectl -> !served().isEmpty());
    helpers.apply(manifest());
    for (String api : List.of("v1beta2.custom.metrics.k8s.io", "v1beta1.external.metrics.k8s.io")) {
      helpers.await(api, "wait --for=condition=Available apiservice/" + api + " --timeout=2s");
    }
  }

  void restart() {
    helpers.restart(GoBinary.METRICS, this::startAnew);
  }

  private void startAnew() {
    try {
      Files.deleteIfExists(port);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    start();
  }

  private void startDaemon() {
    String kubeconfig = helpers.kubeconfig();
    Path certs = helpers.instance().certs();
    helpers.start(
        GoBinary.METRICS,
        List.of(
            "--values=" + values,
            "--port-file=" + port,
            "--lister-kubeconfig=" + kubeconfig,
            "--authentication-kubeconfig=" + kubeconfig,
            "--authorization-kubeconfig=" + kubeconfig,
            "--tls-cert-file=" + certs.resolve("metrics.crt"),
            "--tls-private-key-file=" + certs.resolve("metrics.key")));
  }

  private String served() {
    try {
      return Files.exists(port) ? Files.readString(port) : "";
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Path manifest() {
    Map<String, String> values = Map.of("@PORT@", served(), "@CA@", helpers.files().pem("ca.crt"));
    return helpers.files().write("metrics.yaml", "metrics.yaml", values);
  }

  @Override
  public void set(MetricValue value) {
    change(old ->
        Stream.concat(old.stream().filter(other -> !value.isOf(other)), Stream.of(value)).toList());
  }

  @Override
  public void clear() {
    change(old -> List.of());
  }

  /** A reader sees all of a change or nothing; two writers, of two JVMs too, take turns. */
  private void change(UnaryOperator<List<MetricValue>> change) {
    FileLocks.with(
        values.resolveSibling("metrics.lock"),
        () -> {},
        () -> {
          try {
            List<MetricValue> old =
                Files.exists(values)
                    ? JSON.readValue(Files.readString(values), VALUES)
                    : List.<MetricValue>of();
            Path next = values.resolveSibling("metrics.json.next");
            Files.writeString(next, JSON.writeValueAsString(change.apply(old)));
            return Files.move(next, values, StandardCopyOption.ATOMIC_MOVE);
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        });
  }
}
