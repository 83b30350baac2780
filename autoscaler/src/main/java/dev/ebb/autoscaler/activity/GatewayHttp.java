package dev.ebb.autoscaler.activity;

import dev.ebb.autoscaler.apply.Gateway;
import dev.ebb.runtime.admin.AdminTrust;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;
import reactor.util.retry.Retry;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The internal HTTP contract with the gateway: the activity stream, and fences. Replicas are called
 * by address under the name {@code ebb-admin}, which their certificate carries. Thread-safe.
 */
public final class GatewayHttp implements ActivityHub.Streams, Gateway {

  private static final Logger log = LoggerFactory.getLogger(GatewayHttp.class);
  private static final Duration RECONNECT = Duration.ofMillis(500);

  private final int port;
  private final AdminTrust trust;
  private final @Nullable Path token;
  private final Duration timeout;
  private final Duration silence;
  private final JsonMapper json;

  /**
   * Creates the client.
   *
   * @param port the replicas' management port
   * @param token the file with the bearer token, read for each request; null sends none
   * @param timeout the longest wait for an answer to a fence
   * @param silence a stream that says nothing for so long is opened anew
   */
  public GatewayHttp(
      int port,
      AdminTrust trust,
      @Nullable Path token,
      Duration timeout,
      Duration silence,
      JsonMapper json) {
    this.port = port;
    this.trust = trust;
    this.token = token;
    this.timeout = timeout;
    this.silence = silence;
    this.json = json;
  }

  @Override
  public ActivityHub.Streams.Handle open(String address, ActivityHub.Streams.Listener listener) {
    // Told once, not with every try.
    AtomicBoolean failing = new AtomicBoolean();
    Disposable stream =
        Flux.defer(() -> stream(address))
            .timeout(silence.multipliedBy(2))
            .doOnNext(data -> {
              listener.onData(data);
              if (failing.compareAndSet(true, false)) {
                log.info("gateway {} tells its activity", address);
              }
            })
            .doOnError(e -> {
              if (failing.compareAndSet(false, true)) {
                log.info("gateway {} tells no activity yet: {}", address, e.toString());
              }
            })
            .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, RECONNECT))
            .repeatWhen(ended -> ended.delayElements(RECONNECT))
            .subscribe();
    return stream::dispose;
  }

  private Flux<String> stream(String address) {
    EventStreamDecoder decoder = new EventStreamDecoder();
    return client(address)
        .headers(h -> h.set(HttpHeaderNames.ACCEPT, "text/event-stream"))
        .get()
        .uri("/internal/v1/activity")
        .response((response, body) ->
            response.status().code() == 200
                ? body.asByteArray().concatMapIterable(decoder::accept)
                : Flux.error(new IOException("status " + response.status().code())));
  }

  @Override
  public List<Answer> fence(List<String> addresses, ScaledResource resource, Duration ttl) {
    ObjectNode body = json.createObjectNode();
    body.put("namespace", resource.metadata().namespace())
        .put("name", resource.metadata().name())
        .put("uid", resource.metadata().uid())
        .put("ttlMillis", ttl.toMillis());
    byte[] bytes = json.writeValueAsBytes(body);
    List<Answer> answers =
        Flux.fromIterable(addresses)
            .flatMap(address -> fenceOne(address, bytes), Integer.MAX_VALUE)
            .collectList()
            .block();
    return answers == null ? List.of() : answers;
  }

  private Mono<Answer> fenceOne(String address, byte[] body) {
    return Mono.defer(() ->
            client(address)
                .headers(h -> h.set(HttpHeaderNames.CONTENT_TYPE, "application/json"))
                .post()
                .uri("/internal/v1/fence")
                .send(ByteBufMono.fromString(Mono.just(new String(body, UTF_8))))
                .responseSingle((response, content) ->
                    content
                        .asString()
                        .defaultIfEmpty("")
                        .map(text -> answer(address, response.status().code(), text))))
        .timeout(timeout)
        .onErrorResume(e -> Mono.just(new Answer(address, false, e.toString())));
  }

  private Answer answer(String address, int status, String text) {
    var body = text.startsWith("{") ? json.readTree(text) : json.createObjectNode();
    boolean granted = status == 200 && body.path("granted").asBoolean(false);
    String reason = body.path("reason").asString("status " + status);
    return new Answer(address, granted, granted ? "" : reason);
  }

  @Override
  public void release(List<String> addresses, ResourceKey resource, Outcome outcome) {
    String uri =
        "/internal/v1/fence/%s/%s?outcome=%s"
            .formatted(resource.namespace(), resource.name(), outcome);
    Flux.fromIterable(addresses)
        .flatMap(
            address ->
                Mono.defer(() -> client(address).delete().uri(uri).response())
                    .timeout(timeout)
                    .then()
                    .onErrorResume(e -> {
                      log.info("fence at {} runs out by itself: {}", address, e.toString());
                      return Mono.empty();
                    }),
            Integer.MAX_VALUE)
        .then()
        .block();
  }

  private HttpClient client(String address) {
    InetSocketAddress remote = remote(address);
    HttpClient client = HttpClient.newConnection().remoteAddress(() -> remote);
    String bearer = bearer();
    if (bearer != null) {
      client = client.headers(h -> h.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + bearer));
    }
    return trust.secure(client);
  }

  // Resolved already, and yet with the name that the certificate is checked against.
  private InetSocketAddress remote(String address) {
    try {
      byte[] raw = InetAddress.ofLiteral(address).getAddress();
      return new InetSocketAddress(InetAddress.getByAddress(AdminTrust.NAME, raw), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address: " + address, e);
    }
  }

  private @Nullable String bearer() {
    if (token == null) {
      return null;
    }
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      log.warn("cannot read the token for the gateway: {}", e.toString());
      return null;
    }
  }

  private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;
}
