package dev.ebb.gateway.proxy;

import dev.ebb.gateway.route.Route;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * The open gateway ports, one Reactor Netty server each, and what each stands for. What a port
 * stands for may change without the port closing. Thread-safe; opening and closing block, so call
 * from virtual threads.
 */
public final class PortListeners {

  private static final Logger log = LoggerFactory.getLogger(PortListeners.class);

  private record Destination(Route route, Route.Port port) {}

  private record Listener(DisposableServer server, AtomicReference<Destination> destination) {}

  private final HttpServer template;
  private final ProxyHandler handler;
  private final Map<Integer, Listener> open = new ConcurrentHashMap<>();

  /**
   * Creates an empty set.
   *
   * @param template how servers are set up; host and port are filled in
   */
  public PortListeners(HttpServer template, ProxyHandler handler) {
    this.template = template;
    this.handler = handler;
  }

  /**
   * Makes a gateway port serve a Service port.
   *
   * @throws RuntimeException when the port cannot be bound
   */
  public void open(int gatewayPort, Route route, Route.Port port) {
    Destination destination = new Destination(route, port);
    Listener listener = open.computeIfAbsent(gatewayPort, number -> bind(number, destination));
    listener.destination().set(destination);
  }

  private Listener bind(int number, Destination destination) {
    AtomicReference<Destination> current = new AtomicReference<>(destination);
    DisposableServer server =
        template
            .port(number)
            .handle((request, response) -> {
              Destination to = java.util.Objects.requireNonNull(current.get());
              return handler.handle(to.route(), to.port(), request, response);
            })
            .bindNow(Duration.ofSeconds(5));
    log.info(
        "listening on {} for {} {}", number, destination.route().spec().key(), destination.port());
    return new Listener(server, current);
  }

  /** Closes a gateway port: accepts no more and cuts what is idle. */
  public void close(int gatewayPort) {
    Listener listener = open.remove(gatewayPort);
    if (listener != null) {
      log.info("closing {}", gatewayPort);
      listener.server().disposeNow(Duration.ofSeconds(5));
    }
  }

  /** Returns the numbers of the open ports. */
  public Set<Integer> ports() {
    return Set.copyOf(open.keySet());
  }

  /**
   * Stops accepting, waits until nothing is in flight, then closes.
   *
   * @param inFlight tells how much is in flight
   * @param deadline the longest wait
   */
  public void drain(java.util.function.IntSupplier inFlight, Duration deadline)
      throws InterruptedException {
    long until = System.nanoTime() + deadline.toNanos();
    open.values().forEach(listener -> listener.server().channel().close());
    while (inFlight.getAsInt() > 0 && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    Set.copyOf(open.keySet()).forEach(this::close);
  }
}
