package dev.ebb.samples.members;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Keeps messages, one a line, on its volume.
 *
 * <ul>
 *   <li>{@code POST /messages}: keeps those of the body, and answers how many it holds
 *   <li>{@code GET /messages}: all of them
 *   <li>{@code GET /fill?count=}: makes so many of its own, for demonstrations
 *   <li>{@code GET /ready}
 * </ul>
 */
final class Broker implements AutoCloseable {

  private static final Pattern COUNT = Pattern.compile("count=(\\d{1,4})");

  private final Store store;
  private final String name;
  private final HttpServer server;

  /**
   * Opens the port.
   *
   * @param name what its own messages begin with
   * @param port where it listens; 0 for any free one
   */
  Broker(Store store, String name, int port) throws IOException {
    this.store = store;
    this.name = name;
    this.server = HttpServer.create(new InetSocketAddress(port), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/ready", exchange -> answer(exchange, 200, "ready\n"));
    server.createContext("/messages", this::messages);
    server.createContext("/fill", this::fill);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void messages(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("POST")) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      store.add(body.lines().toList());
      answer(exchange, 200, store.all().size() + "\n");
    } else {
      answer(exchange, 200, lines(store.all()));
    }
  }

  private void fill(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    Matcher count = COUNT.matcher(query == null ? "" : query);
    int made = count.find() ? Integer.parseInt(count.group(1)) : 1;
    int first = store.all().size() + 1;
    store.add(IntStream.range(first, first + made).mapToObj(n -> name + " message " + n).toList());
    answer(exchange, 200, store.all().size() + "\n");
  }

  static String lines(List<String> messages) {
    return messages.isEmpty() ? "" : String.join("\n", messages) + "\n";
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
