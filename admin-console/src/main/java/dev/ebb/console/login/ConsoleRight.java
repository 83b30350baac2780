package dev.ebb.console.login;

import dev.ebb.runtime.admin.AccessReview;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import reactor.core.publisher.Mono;

/**
 * The right to look into the console: {@code get} on {@value #PATH}, which lists what a service
 * shows. What a view then reads of a replica is that replica's decision. Thread-safe.
 */
public final class ConsoleRight implements ReactiveAuthorizationManager<AuthorizationContext> {

  static final String PATH = "/actuator";

  private final AccessReview review;

  /** Creates the decision maker. */
  public ConsoleRight(AccessReview review) {
    this.review = review;
  }

  /** Returns whether somebody has the right. */
  Mono<Boolean> holds(Authentication who) {
    return review.allows(who, PATH, HttpMethod.GET);
  }

  @Override
  public Mono<AuthorizationResult> authorize(
      Mono<Authentication> authentication, AuthorizationContext context) {
    return authentication
        .filter(Authentication::isAuthenticated)
        .flatMap(this::holds)
        .map(allowed -> (AuthorizationResult) new AuthorizationDecision(allowed))
        .defaultIfEmpty(new AuthorizationDecision(false));
  }
}
