package dev.ebb.nodescaler.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * DigitalOcean's API of node pools, as its published reference describes it: lists in pages with
 * {@code links.pages.next}; a PUT needs name and count and answers 202; a pool that is cut loses
 * nodes of the cloud's choice; a node that is deleted drains first, unless {@code skip_drain=1},
 * and the count goes down with it; new nodes take as long as the test wants. Answers errors on
 * demand.
 */
public final class FakeDigitalOcean implements AutoCloseable {

  /** A pool and its nodes: name to state. */
  public static final class FakePool {
    final String id;
    final String name;
    public int count;
    public boolean autoScale;
    final Map<String, String> labels = Map.of("role", "scalable");
    public final Map<String, String> nodes = new LinkedHashMap<>();
    int made;

    FakePool(String id, String name, int count) {
      this.id = id;
      this.name = name;
      this.count = count;
      fill("running");
    }

    /** Makes the nodes that are missing. */
    void fill(String state) {
      while (nodes.size() < count) {
        nodes.put(name + "-" + made++, state);
      }
    }
  }

  private record Failure(int code, String retryAfter, boolean afterwards) {}

  private static final Pattern NODE =
      Pattern.compile("/v2/kubernetes/clusters/([^/]+)/node_pools/([^/]+)/nodes/([^/]+)");
  private static final Pattern POOL =
      Pattern.compile("/v2/kubernetes/clusters/([^/]+)/node_pools/([^/]+)");
  private static final Pattern POOLS =
      Pattern.compile("/v2/kubernetes/clusters/([^/]+)/node_pools");

  public final List<String> calls = new CopyOnWriteArrayList<>();
  final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
  final Map<String, FakePool> pools = new LinkedHashMap<>();
  private final List<String> clusters = new ArrayList<>();
  private final Deque<Failure> failures = new ArrayDeque<>();
  private final Deque<Failure> writeFailures = new ArrayDeque<>();
  private final JsonMapper json = JsonMapper.shared();
  private final HttpServer server;

  /** Starts with clusters {@code cluster-0} and so on, and pools in the last of them. */
  public FakeDigitalOcean(int clusterCount) throws IOException {
    for (int i = 0; i < clusterCount; i++) {
      clusters.add("cluster-" + i);
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where it answers. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Makes a pool of so many nodes that run. */
  public synchronized FakePool pool(String name, int count) {
    FakePool pool = new FakePool("id-" + name, name, count);
    pools.put(pool.id, pool);
    return pool;
  }

  /** The next requests fail. */
  public synchronized void fail(int times, int code, String retryAfter) {
    for (int i = 0; i < times; i++) {
      failures.add(new Failure(code, retryAfter, false));
    }
  }

  /** The next request is done, and its answer says that it was not. */
  public synchronized void failAfterwards(int code) {
    failures.add(new Failure(code, "", true));
  }

  /** The next writes fail; reads go on. */
  public synchronized void failWrites(int times, int code, String retryAfter) {
    for (int i = 0; i < times; i++) {
      writeFailures.add(new Failure(code, retryAfter, false));
    }
  }

  /** Everything succeeds again. */
  public synchronized void heal() {
    failures.clear();
    writeFailures.clear();
  }

  /** Brings the nodes that are being made; returns the names of all that run. */
  public synchronized List<String> bring(FakePool pool) {
    pool.nodes.replaceAll((name, state) -> state.equals("provisioning") ? "running" : state);
    return pool.nodes.entrySet().stream()
        .filter(e -> e.getValue().equals("running"))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Lets those that drain go; returns the names of all that are left. */
  public synchronized List<String> end(FakePool pool) {
    pool.nodes.values().removeIf("draining"::equals);
    return List.copyOf(pool.nodes.keySet());
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = exchange.getRequestURI().getQuery();
    calls.add(exchange.getRequestMethod() + " " + path + (query == null ? "" : "?" + query));
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    byte[] sent = exchange.getRequestBody().readAllBytes();
    boolean write = !exchange.getRequestMethod().equals("GET");
    Failure failure = write && !writeFailures.isEmpty() ? writeFailures.poll() : failures.poll();
    if (!"Bearer secret".equals(authorization)) {
      answer(exchange, 401, error("unauthorized"));
    } else if (failure != null && !failure.afterwards()) {
      if (!failure.retryAfter().isEmpty()) {
        exchange.getResponseHeaders().add("Retry-After", failure.retryAfter());
      }
      answer(exchange, failure.code(), error("failed"));
    } else {
      Answer answer = route(exchange.getRequestMethod(), path, query == null ? "" : query, sent);
      if (failure != null) {
        answer = new Answer(failure.code(), error("failed"));
      }
      answer(exchange, answer.code(), answer.body());
    }
  }

  private record Answer(int code, JsonNode body) {}

  private Answer route(String method, String path, String query, byte[] sent) {
    Matcher node = NODE.matcher(path);
    Matcher pool = POOL.matcher(path);
    Matcher list = POOLS.matcher(path);
    String last = clusters.getLast() + "-id";
    if (path.equals("/v2/kubernetes/clusters") && method.equals("GET")) {
      return page("kubernetes_clusters", clusters.stream().map(this::cluster).toList(), query);
    }
    if (list.matches() && method.equals("GET") && list.group(1).equals(last)) {
      return page("node_pools", pools.values().stream().map(this::json).toList(), query);
    }
    if (pool.matches() && pool.group(1).equals(last) && pools.containsKey(pool.group(2))) {
      FakePool found = pools.get(pool.group(2));
      return method.equals("PUT") ? update(found, sent) : new Answer(200, one(found));
    }
    if (node.matches() && method.equals("DELETE") && pools.containsKey(node.group(2))) {
      return delete(pools.get(node.group(2)), node.group(3).replace("id-of-", ""), query);
    }
    return new Answer(404, error("not_found"));
  }

  private Answer update(FakePool pool, byte[] sent) {
    JsonNode body = json.readTree(sent);
    bodies.add(body);
    if (!body.path("name").isString() || !body.path("count").isInt()) {
      return new Answer(422, error("unprocessable_entity"));
    }
    pool.count = body.path("count").asInt();
    while (pool.nodes.size() > pool.count) {
      // Which one, the cloud decides.
      pool.nodes.remove(pool.nodes.keySet().iterator().next());
    }
    pool.fill("provisioning");
    return new Answer(202, one(pool));
  }

  private Answer delete(FakePool pool, String name, String query) {
    if (!pool.nodes.containsKey(name)) {
      return new Answer(404, error("not_found"));
    }
    pool.count--;
    if (query.contains("skip_drain=1")) {
      pool.nodes.remove(name);
    } else {
      pool.nodes.put(name, "draining");
    }
    if (query.contains("replace=1")) {
      pool.count++;
      pool.fill("provisioning");
    }
    return new Answer(202, json.createObjectNode());
  }

  private Answer page(String name, List<ObjectNode> all, String query) {
    int number = number(query, "page", 1);
    int size = Math.min(200, number(query, "per_page", 20));
    ObjectNode body = json.createObjectNode();
    ArrayNode items = body.putArray(name);
    all.stream().skip((number - 1L) * size).limit(size).forEach(items::add);
    ObjectNode links = body.putObject("links");
    if ((long) number * size < all.size()) {
      links.putObject("pages").put("next", address() + "/next?page=" + (number + 1));
    }
    body.putObject("meta").put("total", all.size());
    return new Answer(200, body);
  }

  private static int number(String query, String name, int otherwise) {
    Matcher m = Pattern.compile("(?:^|&)" + name + "=([0-9]+)").matcher(query);
    return m.find() ? Integer.parseInt(m.group(1)) : otherwise;
  }

  private ObjectNode cluster(String name) {
    return json.createObjectNode().put("id", name + "-id").put("name", name);
  }

  private ObjectNode one(FakePool pool) {
    ObjectNode body = json.createObjectNode();
    body.set("node_pool", json(pool));
    return body;
  }

  private ObjectNode json(FakePool pool) {
    ObjectNode body = json.createObjectNode();
    body.put("id", pool.id).put("name", pool.name).put("size", "s-1vcpu-2gb");
    body.put("count", pool.count).put("auto_scale", pool.autoScale);
    body.set("labels", json.valueToTree(pool.labels));
    ArrayNode nodes = body.putArray("nodes");
    pool.nodes.forEach((name, state) -> {
      ObjectNode node = nodes.addObject().put("id", "id-of-" + name);
      node.put("name", state.equals("provisioning") ? "" : name);
      node.putObject("status").put("state", state);
    });
    return body;
  }

  private ObjectNode error(String id) {
    return json.createObjectNode().put("id", id).put("message", "what DigitalOcean says");
  }

  private static void answer(HttpExchange exchange, int code, JsonNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
