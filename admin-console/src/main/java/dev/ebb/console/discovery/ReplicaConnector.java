package dev.ebb.console.discovery;

import dev.ebb.runtime.admin.AdminTrust;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * Connects to admin ports and to nothing else: what has no certificate of Ebb's gets no request,
 * and so no token. A connection for each call, so that a new CA counts from the next one on.
 * Thread-safe.
 */
public final class ReplicaConnector implements ClientHttpConnector {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final HttpClient client;
  private final AdminTrust trust;

  /** Creates the connector. */
  public ReplicaConnector(AdminTrust trust) {
    this.trust = trust;
    this.client =
        HttpClient.newConnection()
            .option(
                io.netty.channel.ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT.toMillis());
  }

  @Override
  public Mono<ClientHttpResponse> connect(
      HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
    return Mono.defer(() ->
        new ReactorClientHttpConnector(trust.secure(client)).connect(method, uri, requestCallback));
  }
}
