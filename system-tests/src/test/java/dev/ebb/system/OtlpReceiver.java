package dev.ebb.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.concurrent.Executors;

/**
 * A collector of traces that keeps nothing: says each body that it gets as a line of base64. Runs
 * in a pod, from this one class file.
 */
public final class OtlpReceiver {

  private OtlpReceiver() {}

  /** Serves on port 4318, OTLP's own. */
  public static void main(String[] args) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(4318), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/traces", OtlpReceiver::receive);
    server.start();
  }

  private static void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = Base64.getEncoder().encodeToString(exchange.getRequestBody().readAllBytes());
      System.out.println("OTLP " + body);
      exchange.sendResponseHeaders(200, -1);
    }
  }
}
