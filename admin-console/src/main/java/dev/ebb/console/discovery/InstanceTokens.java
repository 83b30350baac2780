package dev.ebb.console.discovery;

import de.codecentric.boot.admin.server.domain.entities.Instance;
import de.codecentric.boot.admin.server.web.client.reactive.ReactiveHttpHeadersProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthentication;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * As whom the console calls a replica: as the user who asks, so that the replica decides by that
 * user's rights and nobody gets more from the console than by asking the replica; as itself only
 * where nobody asks, for health, info and the list of endpoints. Thread-safe.
 */
public final class InstanceTokens implements ReactiveHttpHeadersProvider {

  private final @Nullable Path ownToken;
  private final ExecutorService executor;

  /**
   * Creates the provider.
   *
   * @param ownToken the file with the console's own token, read for each call; null sends none
   * @param executor where the file is read
   */
  public InstanceTokens(@Nullable Path ownToken, ExecutorService executor) {
    this.ownToken = ownToken;
    this.executor = executor;
  }

  @Override
  public Mono<HttpHeaders> getHeaders(Instance instance) {
    return ReactiveSecurityContextHolder.getContext()
        .mapNotNull(SecurityContext::getAuthentication)
        .ofType(BearerTokenAuthentication.class)
        .map(user -> user.getToken().getTokenValue())
        .switchIfEmpty(Mono.defer(this::own))
        .map(InstanceTokens::bearer)
        .defaultIfEmpty(new HttpHeaders());
  }

  private Mono<String> own() {
    Path file = ownToken;
    return file == null
        ? Mono.empty()
        : Mono.fromCallable(() -> Files.readString(file).strip())
            .subscribeOn(Schedulers.fromExecutorService(executor));
  }

  private static HttpHeaders bearer(String token) {
    HttpHeaders headers = new HttpHeaders();
    headers.setBearerAuth(token);
    return headers;
  }
}
