package dev.ebb.runtime.admin;

import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionException;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks the API server who a bearer token belongs to. Tokens must be made for the audience {@value
 * #AUDIENCE}, so that a token caught here opens nothing else. Answers are remembered for ten
 * seconds so that a poller does not become an API server's load. Thread-safe.
 */
public final class TokenReviewIntrospector implements ReactiveOpaqueTokenIntrospector {

  /** The audience of tokens for Ebb's admin ports. */
  public static final String AUDIENCE = "ebb";

  private static final Duration REMEMBER = Duration.ofSeconds(10);
  private static final int REMEMBERED = 1000;

  private record Known(OAuth2AuthenticatedPrincipal principal, long until) {}

  private final KubeClient client;
  private final ExecutorService executor;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * Creates an introspector.
   *
   * @param executor runs the reviews; virtual threads
   */
  public TokenReviewIntrospector(KubeClient client, ExecutorService executor, InstantSource clock) {
    this.client = client;
    this.executor = executor;
    this.clock = clock;
  }

  @Override
  public Mono<OAuth2AuthenticatedPrincipal> introspect(String token) {
    Known hit = known.get(token);
    if (hit != null && clock.millis() < hit.until()) {
      return Mono.just(hit.principal());
    }
    return Mono.fromCallable(() -> review(token))
        .subscribeOn(Schedulers.fromExecutorService(executor));
  }

  private OAuth2AuthenticatedPrincipal review(String token) {
    ObjectNode review = client.json().createObjectNode();
    review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
    ObjectNode spec = review.putObject("spec");
    spec.put("token", token).putArray("audiences").add(AUDIENCE);
    JsonNode status;
    try {
      status = client.postRaw("/apis/authentication.k8s.io/v1/tokenreviews", review).path("status");
    } catch (KubeException e) {
      throw new OAuth2IntrospectionException("cannot review the token: " + e.getMessage(), e);
    }
    if (!status.path("authenticated").asBoolean(false)) {
      throw new BadOpaqueTokenException(
          "the token is not valid for audience "
              + AUDIENCE
              + "; get one with kubectl create token NAME --audience="
              + AUDIENCE);
    }
    JsonNode user = status.path("user");
    OAuth2AuthenticatedPrincipal principal =
        new DefaultOAuth2AuthenticatedPrincipal(
            user.path("username").asString(""),
            Map.of("user", user),
            AuthorityUtils.NO_AUTHORITIES);
    long now = clock.millis();
    if (known.size() >= REMEMBERED) {
      known.values().removeIf(entry -> entry.until() < now);
    }
    if (known.size() < REMEMBERED) {
      known.put(token, new Known(principal, now + REMEMBER.toMillis()));
    }
    return principal;
  }
}
