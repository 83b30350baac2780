package dev.ebb.localcluster.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A cloud for {@code ./ebb demo nodes}: the part of DigitalOcean's API that is about one node pool.
 * Its machines are nodes that KWOK pretends to run; each takes a while to boot. What happens is
 * told on standard output, a line each, and with every machine that is deleted how many servers
 * were on it.
 */
final class NodesCloud {

  /** Where it answers, on all addresses of the cluster's network. */
  static final int PORT = 18_099;

  static final String CLUSTER = "games";
  static final String POOL = "arena";

  private static final Duration BOOT = Duration.ofSeconds(3);
  private static final String BASE = "/v2/kubernetes/clusters";
  private static final String THE_POOL = BASE + "/" + CLUSTER + "-id/node_pools/" + POOL + "-id";

  private final List<String> kubectl;
  private final JsonMapper json = JsonMapper.shared();
  private final Map<String, Boolean> machines = new TreeMap<>();
  private int count;
  private int made;

  private NodesCloud(List<String> kubectl) {
    this.kubectl = List.copyOf(kubectl);
  }

  /** Serves until it is ended; the words are kubectl and what it is told always. */
  public static void main(String[] words) throws IOException {
    NodesCloud cloud = new NodesCloud(List.of(words));
    HttpServer server = HttpServer.create(new InetSocketAddress(PORT), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", cloud::handle);
    server.start();
    cloud.resize(1);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    byte[] sent = exchange.getRequestBody().readAllBytes();
    ObjectNode answer = json.createObjectNode();
    int code = 200;
    if (path.equals(BASE)) {
      named(answer.putArray("kubernetes_clusters"), CLUSTER);
    } else if (path.equals(BASE + "/" + CLUSTER + "-id/node_pools")) {
      named(answer.putArray("node_pools"), POOL);
    } else if (path.equals(THE_POOL)) {
      if (method.equals("PUT")) {
        code = 202;
        resize(json.readTree(sent).path("count").asInt());
      }
      answer.set("node_pool", pool());
    } else if (path.startsWith(THE_POOL + "/nodes/") && method.equals("DELETE")) {
      code = delete(path.substring(path.lastIndexOf('/') + 1)) ? 202 : 404;
    } else {
      code = 404;
    }
    byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void named(ArrayNode list, String name) {
    list.addObject().put("id", name + "-id").put("name", name);
  }

  private synchronized JsonNode pool() {
    ObjectNode pool = json.createObjectNode();
    pool.put("id", POOL + "-id").put("name", POOL).put("count", count).put("auto_scale", false);
    ArrayNode nodes = pool.putArray("nodes");
    machines.forEach((name, up) -> {
      ObjectNode node = nodes.addObject().put("id", name).put("name", up ? name : "");
      node.putObject("status").put("state", up ? "running" : "provisioning");
    });
    return pool;
  }

  private synchronized void resize(int wanted) {
    if (wanted < count) {
      throw new IllegalStateException("a cloud that is told less chooses who dies");
    }
    System.out.println("size " + count + " " + wanted);
    count = wanted;
    while (machines.size() < count) {
      String name = POOL + "-" + made++;
      machines.put(name, false);
      Thread.ofVirtual().start(() -> boot(name));
    }
  }

  private void boot(String name) {
    try {
      Thread.sleep(BOOT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    run(
        """
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%1$s",
           "annotations": {"kwok.x-k8s.io/node": "fake"},
           "labels": {"type": "kwok", "role": "arena", "kubernetes.io/hostname": "%1$s"}},
         "spec": {"taints": [{"key": "kwok.x-k8s.io/node", "value": "fake", "effect": "NoSchedule"}]},
         "status": {"allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
           "capacity": {"cpu": "4", "memory": "16Gi", "pods": "110"}}}
        """
            .formatted(name),
        "create",
        "-f",
        "-");
    synchronized (this) {
      machines.put(name, true);
    }
    System.out.println("node " + name);
  }

  private boolean delete(String name) {
    synchronized (this) {
      if (machines.remove(name) == null) {
        return false;
      }
      count--;
    }
    String pods =
        run("", "get", "pods", "-A", "-o", "name", "--field-selector", "spec.nodeName=" + name);
    System.out.println("deleted " + name + " " + pods.lines().count());
    run("", "delete", "node", name, "--wait=false");
    return true;
  }

  private String run(String input, String... words) {
    List<String> command = new ArrayList<>(kubectl);
    command.addAll(List.of(words));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      process.outputWriter(StandardCharsets.UTF_8).append(input).close();
      try (InputStream out = process.getInputStream()) {
        return new String(out.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
