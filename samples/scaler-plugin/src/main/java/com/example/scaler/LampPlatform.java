package com.example.scaler;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The platform that lamps run on, as small as it can be: counts in memory, each with a version.
 * Started by itself it serves port 8080, with the lamps of its arguments, as in {@code
 * house/hall=7}. Thread-safe.
 */
public final class LampPlatform implements AutoCloseable {

  private record Lamp(int count, int version) {}

  private final HttpServer server;
  private final Map<String, Lamp> lamps = new ConcurrentHashMap<>();

  /** Starts serving; port 0 takes any that is free. */
  public LampPlatform(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/lamps/", this::answer);
    server.start();
  }

  /** Serves the lamps that are named, until the process ends. */
  public static void main(String[] args) throws IOException {
    LampPlatform platform = new LampPlatform(8080);
    for (String lamp : args) {
      int at = lamp.indexOf('=');
      platform.put(lamp.substring(0, at), Integer.parseInt(lamp.substring(at + 1)));
    }
  }

  /** Puts a lamp there. */
  public LampPlatform put(String name, int count) {
    lamps.put(name, new Lamp(count, 1));
    return this;
  }

  /** Returns where it is served. */
  public String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().substring("/lamps/".length());
      int code = 200;
      if (exchange.getRequestMethod().equals("PUT")) {
        String match = exchange.getRequestHeaders().getFirst("If-Match");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        code = change(name, match, Integer.parseInt(body)) ? 200 : 412;
      }
      Lamp lamp = lamps.get(name);
      if (lamp == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.getResponseHeaders().add("ETag", "v" + lamp.version());
      byte[] count = Integer.toString(lamp.count()).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(code, count.length);
      exchange.getResponseBody().write(count);
    }
  }

  private boolean change(String name, @Nullable String match, int count) {
    Lamp before = lamps.get(name);
    return before != null
        && (match == null || match.equals("v" + before.version()))
        && lamps.replace(name, before, new Lamp(count, before.version() + 1));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
