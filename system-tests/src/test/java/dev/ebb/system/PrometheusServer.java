package dev.ebb.system;

import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.Prometheus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus that scrapes admin ports every second. Close it. */
final class PrometheusServer implements AutoCloseable {

  /** A pod to scrape, with the labels that the Prometheus operator gives it. */
  record Target(AdminPort port, String service, String pod) {
    String yaml(String namespace) {
      return """
          - targets: ["127.0.0.1:%d"]
            labels: {namespace: %s, service: %s, pod: %s}
      """
          .formatted(port.local(), namespace, service, pod);
    }
  }

  private static final Pattern LISTENING =
      Pattern.compile("\"Listening on\".* address=127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final String base;
  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();

  private PrometheusServer(Process process, String base) {
    this.process = process;
    this.base = base;
  }

  /**
   * Starts it.
   *
   * @param folder for its configuration and data
   */
  static PrometheusServer start(Path folder, String namespace, List<Target> targets)
      throws IOException {
    Path program = Prometheus.program(Progress.on(System.err, false));
    Path ca = Files.writeString(folder.resolve("ca.crt"), targets.getFirst().port().ca());
    StringBuilder config =
        new StringBuilder(
            """
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: ebb
                scheme: https
                metrics_path: /actuator/prometheus
                tls_config: {ca_file: %s, server_name: ebb-admin}
                static_configs:
            """
                .formatted(ca));
    targets.forEach(target -> config.append(target.yaml(namespace)));
    Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
    Process process =
        new ProcessBuilder(
                // Ends also when nobody is left to end it.
                "timeout",
                "900",
                program.toString(),
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:0")
            .redirectErrorStream(true)
            .start();
    return new PrometheusServer(
        process, "http://127.0.0.1:" + ProcessOutput.await(process, LISTENING) + "/api/v1/");
  }

  /** Evaluates an expression now; fails where Prometheus does not understand it. */
  JsonNode query(String expression) {
    return ask("query", expression).path("result");
  }

  /** Returns the syntax tree of an expression. */
  JsonNode parse(String expression) {
    return ask("parse_query", expression);
  }

  private JsonNode ask(String what, String expression) {
    URI uri =
        URI.create(base + what + "?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    try {
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalArgumentException(expression + ": " + answer.body());
      }
      return json.readTree(answer.body()).path("data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
