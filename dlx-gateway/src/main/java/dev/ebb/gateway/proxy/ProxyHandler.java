package dev.ebb.gateway.proxy;

import dev.ebb.gateway.route.Backend;
import dev.ebb.gateway.route.Refusal;
import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.trace.RequestTrace;
import dev.ebb.gateway.trace.RequestTraces;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Answers one request on a mapped port: finds a backend, waiting for it if need be, and streams
 * both bodies through. Path, query and end-to-end headers go on byte by byte; the body is not read
 * while the request is held. Thread-safe; runs on event loops and never blocks.
 */
public final class ProxyHandler {

  /** The ScaledResources that a request has passed, so that it never comes by twice. */
  static final String HOP_HEADER = "ebb-hop";

  private static final Logger log = LoggerFactory.getLogger(ProxyHandler.class);
  private static final int MAX_TRIES = 3;

  private final HttpClient client;
  private final Exclusions exclusions;
  private final BooleanSupplier draining;
  private final MeterRegistry meters;
  private final RequestTraces traces;
  private final Map<InetSocketAddress, HttpClient> clients = new ConcurrentHashMap<>();

  /** Looked up here by their one tag: the registry's own way is long for each request. */
  private final Map<String, Counter> results = new ConcurrentHashMap<>();

  /**
   * Creates a handler.
   *
   * @param client the pooled client for all backends
   * @param exclusions what is not traffic
   * @param draining whether this replica is on its way out
   * @param traces is told what becomes of each request
   */
  public ProxyHandler(
      HttpClient client,
      Exclusions exclusions,
      BooleanSupplier draining,
      MeterRegistry meters,
      RequestTraces traces) {
    this.client = client;
    this.exclusions = exclusions;
    this.draining = draining;
    this.meters = meters;
    this.traces = traces;
  }

  /** Answers a request to a Service port of a route. */
  public Publisher<Void> handle(
      Route route, Route.Port port, HttpServerRequest request, HttpServerResponse response) {
    if (draining.getAsBoolean() || route.withdrawn()) {
      response.keepAlive(false);
    }
    if (exclusions.excludes(request)) {
      return probe(route, port, request, response);
    }
    String hop = route.spec().key().toString();
    if (request.requestHeaders().getAll(HOP_HEADER).contains(hop)) {
      return refuse(
          request,
          response,
          new Refusal(
              508, "LoopDetected", "this request passed the gateway for " + hop + " before", null));
    }
    if (!request.uri().startsWith("/")) {
      return refuse(
          request,
          response,
          new Refusal(400, "BadRequestTarget", "only paths are served here", null));
    }
    Route.Ticket ticket = route.begin();
    Exchange exchange =
        new Exchange(route, port, request, response, ticket, traces.begin(route, request));
    return exchange
        .run()
        .doFinally(signal -> {
          ticket.close();
          exchange.end(signal);
        });
  }

  /** A health check gets the warm pod, or an empty 200: it wakes nothing and counts for nothing. */
  private Publisher<Void> probe(
      Route route, Route.Port port, HttpServerRequest request, HttpServerResponse response) {
    return route
        .tryNow(port, Set.of())
        .<Publisher<Void>>map(backend -> {
          Exchange exchange = new Exchange(route, port, request, response, null, RequestTrace.OFF);
          return exchange.forward(backend).onErrorResume(exchange::answerError);
        })
        .orElseGet(
            () -> response.status(200).header(HttpHeaderNames.CONTENT_LENGTH, "0").send().then());
  }

  private static Mono<Void> refuse(
      HttpServerRequest request, HttpServerResponse response, Refusal refusal) {
    return ProblemResponse.send(request, response, refusal);
  }

  private HttpClient clientOf(Backend backend) {
    InetSocketAddress address = new InetSocketAddress(backend.address(), backend.port());
    if (clients.size() > 10_000) {
      clients.clear();
    }
    return clients.computeIfAbsent(address, a -> client.remoteAddress(() -> (SocketAddress) a));
  }

  /** One request and its answer. */
  private final class Exchange {
    private final Route route;
    private final Route.Port port;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Route.@Nullable Ticket ticket;
    private final RequestTrace trace;
    private Set<Backend> tried = Set.of();
    private @Nullable String result;

    private Exchange(
        Route route,
        Route.Port port,
        HttpServerRequest request,
        HttpServerResponse response,
        Route.@Nullable Ticket ticket,
        RequestTrace trace) {
      this.route = route;
      this.port = port;
      this.request = request;
      this.response = response;
      this.ticket = ticket;
      this.trace = trace;
    }

    private Mono<Void> run() {
      return route
          .tryNow(port, tried)
          .map(Mono::just)
          .orElseGet(this::await)
          .flatMap(backend -> {
            trace.released();
            return tryForward(backend);
          })
          .onErrorResume(this::answerError);
    }

    private Mono<Backend> await() {
      trace.held();
      return route.acquire(port, tried);
    }

    private Mono<Void> tryForward(Backend backend) {
      return forward(backend)
          .onErrorResume(
              e -> notSent(e) && tried.size() < MAX_TRIES - 1,
              e -> {
                Set<Backend> more = new HashSet<>(tried);
                more.add(backend);
                tried = more;
                log.debug("{} refused {}, trying another", backend, route.spec().key());
                return route
                    .acquire(port, tried)
                    .timeout(Duration.ofSeconds(2), route.acquire(port, Set.of()))
                    .flatMap(this::tryForward);
              });
    }

    /** Only a connection that never came about is tried again: no byte of the request was sent. */
    private boolean notSent(Throwable e) {
      return e instanceof ConnectException
          || e instanceof io.netty.channel.ConnectTimeoutException
          || e instanceof java.net.NoRouteToHostException
          || e.getCause() instanceof ConnectException;
    }

    private Mono<Void> forward(Backend backend) {
      HttpHeaders headers = Headers.toBackend(request, route.spec().key().toString());
      trace.forwarding(backend, headers);
      return clientOf(backend)
          .request(request.method())
          .uri(request.uri())
          .send((upstream, out) -> {
            Headers.replace(upstream.requestHeaders(), headers);
            return hasBody() ? out.send(counted(request.receive())) : out;
          })
          .response(this::answer)
          .then();
    }

    private boolean hasBody() {
      HttpHeaders headers = request.requestHeaders();
      String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
      return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
          || (length != null && !length.equals("0"));
    }

    private Publisher<Void> answer(HttpClientResponse upstream, ByteBufFlux body) {
      response.status(upstream.status());
      Headers.toClient(upstream.responseHeaders(), response.responseHeaders());
      if (route.withdrawn() || draining.getAsBoolean()) {
        response.keepAlive(false);
      }
      boolean streaming = !upstream.responseHeaders().contains(HttpHeaderNames.CONTENT_LENGTH);
      return response.send(counted(body), chunk -> streaming);
    }

    private Flux<ByteBuf> counted(ByteBufFlux body) {
      Route.Ticket counter = ticket;
      Flux<ByteBuf> retained = body.retain();
      return counter == null
          ? retained
          : retained.doOnNext(chunk -> counter.bytes(chunk.readableBytes()));
    }

    private Mono<Void> answerError(Throwable e) {
      if (response.hasSentHeaders()) {
        // Half an answer must not look like a whole one: the connection is cut.
        result = "broken";
        return Mono.error(e);
      }
      Refusal refusal = e instanceof Refusal known ? known : upstreamFailed(e);
      result = refusal.reason();
      return refuse(request, response, refusal);
    }

    private Refusal upstreamFailed(Throwable e) {
      log.debug("{} failed", route.spec().key(), e);
      if (e instanceof TimeoutException || e instanceof io.netty.handler.timeout.TimeoutException) {
        return new Refusal(504, "UpstreamTimeout", "the workload did not answer in time", null);
      }
      return new Refusal(
          502, "UpstreamFailed", "the workload broke the connection: " + e.getMessage(), null);
    }

    private void end(SignalType signal) {
      String outcome = result;
      if (outcome == null) {
        outcome = signal == SignalType.ON_COMPLETE ? "forwarded" : "cancelled";
      }
      trace.ended(response.hasSentHeaders() ? response.status().code() : 0, outcome);
      results
          .computeIfAbsent(
              outcome, named -> meters.counter("ebb_gateway_requests", "result", named))
          .increment();
    }
  }
}
