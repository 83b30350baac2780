package dev.ebb.testkit.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ebb.localcluster.Cluster;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * An API server for controllers under test: the real one, behind faults. Speaks HTTPS with HTTP/2
 * as the real one does, on a free port of the loopback address, so that a controller's own client,
 * connections and pings are tested with it. Every client has a kubeconfig and a cable of its own.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.before(cluster, seed)) {
 *   Path kubeconfig = proxy.client("first").kubeconfig();
 *   try (Applied fault =
 *       proxy.apply(Rule.of(writes().of("services"), Fault.dropAnswer(), Often.once()))) {
 *     …
 *   }
 *   assertThat(proxy.writes("first")).hasSize(3);
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing it withdraws all rules and ends all connections.
 */
public final class FaultProxy implements AutoCloseable {

  /** What the proxy does with one request in the end. */
  private sealed interface Reply {
    /** An answer. */
    record Whole(int status, String type, @Nullable String retryAfter, byte[] body)
        implements Reply {}

    /** The events of a watch. */
    record Events(String type, Flux<byte[]> lines) implements Reply {}

    /** The connection is closed. */
    record Nothing() implements Reply {}
  }

  private final Upstream upstream;
  private final Faults faults;
  private final Path folder;
  private final ServerKey key;
  private final Scheduler blocking =
      Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor());
  // Its own: a Spring application in the same JVM that ends ends the ones that all share.
  private final LoopResources loops = LoopResources.create("fault-proxy");
  private final DisposableServer server;
  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private final Map<String, ProxyClient> clients = new ConcurrentHashMap<>();
  private final List<Wire> wires = new CopyOnWriteArrayList<>();

  private FaultProxy(Cluster cluster, long seed) {
    this.upstream = new Upstream(cluster);
    this.faults = new Faults(seed);
    try {
      this.folder = Files.createTempDirectory("ebb-fault-proxy");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.key = ServerKey.in(folder);
    this.server =
        HttpServer.create()
            .runOn(loops)
            .host("127.0.0.1")
            .port(0)
            .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
            .secure(spec -> spec.sslContext(Http2SslContextSpec.forServer(key.keys())))
            .http2Settings(settings -> settings.maxConcurrentStreams(1000))
            .httpRequestDecoder(spec -> spec.maxInitialLineLength(64 << 10))
            .handle(this::handle)
            .bindNow();
  }

  /**
   * Starts a proxy before a cluster's API server.
   *
   * @param seed decides delays and chances
   */
  public static FaultProxy before(Cluster cluster, long seed) {
    return new FaultProxy(cluster, seed);
  }

  /** Returns the client of this name; the same one each time. */
  public ProxyClient client(String name) {
    return clients.computeIfAbsent(name, this::newClient);
  }

  /** Puts a rule in force, for watches that are open too. */
  public Applied apply(Rule rule) {
    return faults.apply(rule);
  }

  /** Puts a rule in force that happens to each request that matches. */
  public Applied apply(Match match, Fault fault) {
    return apply(Rule.of(match, fault));
  }

  /** Returns every request so far and what became of it, in the order in which that was known. */
  public List<Exchange> exchanges() {
    return List.copyOf(exchanges);
  }

  /** Returns what a client changed so far, Leases and what was refused aside. */
  public List<Exchange> writes(String client) {
    return stream(client)
        .filter(e -> e.request().changes() && !e.request().ofLease() && e.done())
        .toList();
  }

  /** Returns how many requests a client sent since a time, Leases included. */
  public long requestsSince(String client, Instant since) {
    return stream(client).filter(e -> !e.request().at().isBefore(since)).count();
  }

  private Stream<Exchange> stream(String client) {
    return exchanges.stream().filter(e -> e.request().client().equals(client));
  }

  /** Remembers what each list that a client has ever asked for says now. */
  public Snapshot snapshot(String client) {
    Snapshot snapshot = new Snapshot();
    for (Exchange exchange : exchanges) {
      ApiRequest request = exchange.request();
      if (request.client().equals(client) && request.verb().equals("list")) {
        try (Response response = upstream.send(request)) {
          snapshot.put(request, response.body().bytes());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return snapshot;
  }

  private ProxyClient newClient(String name) {
    Wire wire = new Wire(server.port());
    wires.add(wire);
    String text =
        """
        apiVersion: v1
        kind: Config
        current-context: proxy
        contexts:
          - {name: proxy, context: {cluster: proxy, user: proxy}}
        clusters:
          - {name: proxy, cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: "%s"}}
        users:
          - {name: proxy, user: {token: "%s"}}
        """
            .formatted(
                wire.port(),
                Base64.getEncoder().encodeToString(key.certificate().getBytes(UTF_8)),
                name);
    try {
      Path file = Files.writeString(folder.resolve(name + ".kubeconfig"), text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return new ProxyClient(name, file, wire);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
    return request
        .receive()
        .aggregate()
        .asString()
        .defaultIfEmpty("")
        .map(body -> parse(request, body))
        .flatMap(parsed -> Mono.fromCallable(() -> serve(parsed)).subscribeOn(blocking))
        .flatMap(reply -> Mono.from(send(response, reply)));
  }

  private static ApiRequest parse(HttpServerRequest request, String body) {
    String bearer = header(request, HttpHeaderNames.AUTHORIZATION);
    return ApiRequest.of(
        bearer.startsWith("Bearer ") ? bearer.substring(7) : "nobody",
        request.method().name(),
        request.uri(),
        header(request, HttpHeaderNames.CONTENT_TYPE),
        header(request, HttpHeaderNames.ACCEPT),
        body,
        Instant.now());
  }

  private static String header(HttpServerRequest request, CharSequence name) {
    String value = request.requestHeaders().get(name);
    return value == null ? "" : value;
  }

  private Reply serve(ApiRequest request) throws InterruptedException {
    Fault.@Nullable OfRequest afterwards = null;
    for (Applied applied : faults.ofRequest(request)) {
      switch (applied.rule().fault()) {
        case Fault.Answer answer -> {
          exchanges.add(new Exchange(request, 0, false));
          return refusal(answer);
        }
        case Fault.Cut cut -> {
          exchanges.add(new Exchange(request, 0, false));
          return new Reply.Nothing();
        }
        case Fault.Stale(Snapshot snapshot) -> {
          byte[] old = snapshot.first(request).orElse(null);
          if (old != null) {
            exchanges.add(new Exchange(request, 200, true));
            return new Reply.Whole(200, "application/json", null, old);
          }
        }
        case Fault.Delay(Duration least, Duration most) ->
            TimeUnit.NANOSECONDS.sleep(faults.between(least, most).toNanos());
        case Fault.Hold hold -> applied.awaitWithdrawn();
        case Fault.Before before -> before.action().accept(request);
        case Fault.DropAnswer drop -> afterwards = drop;
        case Fault.After after -> afterwards = after;
        case Fault.OfWatch ofWatch -> throw new IllegalStateException("not of a request");
      }
    }
    return forward(request, afterwards);
  }

  private Reply forward(ApiRequest request, Fault.@Nullable OfRequest afterwards) {
    try {
      Response response = upstream.send(request);
      String type = response.header("Content-Type", "application/json");
      boolean delivered = afterwards == null;
      if (delivered && request.verb().equals("watch") && response.isSuccessful()) {
        exchanges.add(new Exchange(request, response.code(), true));
        return new Reply.Events(type, new WatchStream(request, response, faults).start());
      }
      try (response) {
        byte[] body = response.body().bytes();
        exchanges.add(new Exchange(request, response.code(), delivered));
        if (afterwards instanceof Fault.After after) {
          after.action().accept(request);
        }
        return delivered
            ? new Reply.Whole(response.code(), type, response.header("Retry-After"), body)
            : new Reply.Nothing();
      }
    } catch (IOException e) {
      // The API server itself is away: that looks as if there were no proxy.
      exchanges.add(new Exchange(request, 0, false));
      return new Reply.Nothing();
    }
  }

  private static Reply refusal(Fault.Answer answer) {
    String body =
        """
        {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"%s","code":%d,\
        "message":"%s by the fault proxy"}
        """
            .formatted(answer.reason(), answer.status(), answer.reason());
    Duration retry = answer.retryAfter();
    return new Reply.Whole(
        answer.status(),
        "application/json",
        retry == null ? null : Long.toString(retry.toSeconds()),
        body.getBytes(UTF_8));
  }

  private static Publisher<Void> send(HttpServerResponse response, Reply reply) {
    return switch (reply) {
      case Reply.Whole whole -> {
        response.status(whole.status()).header(HttpHeaderNames.CONTENT_TYPE, whole.type());
        if (whole.retryAfter() != null) {
          response.header(HttpHeaderNames.RETRY_AFTER, whole.retryAfter());
        }
        yield response.sendByteArray(Mono.just(whole.body()));
      }
      case Reply.Events events -> {
        response.status(200).header(HttpHeaderNames.CONTENT_TYPE, events.type());
        yield response
            .sendHeaders()
            .send(events.lines().map(Unpooled::wrappedBuffer), each -> true);
      }
      case Reply.Nothing nothing -> {
        response.withConnection(connection -> close(connection.channel()));
        yield Mono.never();
      }
    };
  }

  /** Closes the whole connection, and not one stream of it. */
  private static void close(Channel channel) {
    (channel instanceof Http2StreamChannel stream ? stream.parent() : channel).close();
  }

  @Override
  public void close() {
    faults.withdrawAll();
    faults.endWatches();
    wires.forEach(Wire::close);
    server.disposeNow();
    loops.dispose();
    blocking.dispose();
    upstream.close();
    delete();
  }

  private void delete() {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
