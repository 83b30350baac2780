package dev.ebb.autoscaler.faults;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A gateway replica as the autoscaler meets it over HTTP: it serves a resource {@code shop} in each
 * namespace that it is told of, has no traffic, and grants every fence. Thread-safe.
 */
final class QuietGateway implements AutoCloseable {

  private static final Duration TELLS = Duration.ofMillis(500);

  private final Set<String> namespaces = ConcurrentHashMap.newKeySet();
  private final String address;
  private final DisposableServer server;

  QuietGateway() {
    this.address = ownAddress();
    this.server =
        HttpServer.create()
            .host(address)
            .port(0)
            .route(routes ->
                routes
                    .get("/internal/v1/activity", this::activity)
                    .post("/internal/v1/fence", QuietGateway::grant)
                    .delete("/internal/v1/fence/{namespace}/{name}", (q, r) -> r.send()))
            .bindNow();
  }

  /** An EndpointSlice takes no loopback address. */
  private static String ownAddress() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
          .filter(a -> !a.isLinkLocalAddress())
          .map(InetAddress::getHostAddress)
          .findFirst()
          .orElseThrow(() -> new TestAbortedException("this machine has a loopback address only"));
    } catch (SocketException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  String address() {
    return address;
  }

  int port() {
    return server.port();
  }

  /** Serves {@code shop} of a namespace from now on. */
  void serve(String namespace) {
    namespaces.add(namespace);
  }

  private Publisher<Void> activity(HttpServerRequest request, HttpServerResponse response) {
    return response
        .header(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
        .sse()
        .sendString(
            Flux.interval(Duration.ZERO, TELLS)
                .onBackpressureDrop()
                .map(tick -> "data: " + event() + "\n\n"));
  }

  private String event() {
    String entry =
        """
        {"namespace":"%s","name":"shop","inFlight":0,"held":0,"open":0,"requests":0,"bytes":0,\
        "fenced":false}\
        """;
    return "{\"instance\":\"quiet\",\"startedAtMillis\":0,\"resources\":["
        + namespaces.stream().map(entry::formatted).collect(Collectors.joining(","))
        + "]}";
  }

  private static Publisher<Void> grant(HttpServerRequest request, HttpServerResponse response) {
    return request
        .receive()
        .then()
        .thenMany(
            response
                .header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .sendString(Mono.just("{\"granted\":true}")));
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
