package dev.ebb.console.login;

import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Logs in by the token of the form: the API server must know it, and its holder must have the
 * {@link ConsoleRight}. Thread-safe.
 */
public final class TokenLogin
    implements ServerAuthenticationConverter, ReactiveAuthenticationManager {

  /** The form's field. */
  static final String FIELD = "token";

  /** The holder of a good token may not look into the console. */
  static final class NotAllowed extends AuthenticationException {
    NotAllowed(String user) {
      super(
          user
              + " may not get "
              + ConsoleRight.PATH
              + "; bind a ClusterRole that says so, as the chart's <release>-view does, by a"
              + " ClusterRoleBinding");
    }
  }

  private final ReactiveAuthenticationManager tokens;
  private final ConsoleRight right;

  /**
   * Creates the login.
   *
   * @param tokens tells who a token belongs to
   */
  public TokenLogin(ReactiveAuthenticationManager tokens, ConsoleRight right) {
    this.tokens = tokens;
    this.right = right;
  }

  @Override
  public Mono<Authentication> convert(ServerWebExchange exchange) {
    return exchange
        .getFormData()
        .flatMap(form -> {
          String token = form.getFirst(FIELD);
          return token == null || token.isBlank()
              ? Mono.error(new InvalidBearerTokenException("Paste a token."))
              : Mono.just(new BearerTokenAuthenticationToken(token.strip()));
        });
  }

  @Override
  public Mono<Authentication> authenticate(Authentication presented) {
    return tokens
        .authenticate(presented)
        .flatMap(who ->
            right
                .holds(who)
                .flatMap(
                    holds -> holds ? Mono.just(who) : Mono.error(new NotAllowed(who.getName()))));
  }

  /** Returns the status that tells why a login failed. */
  static HttpStatus status(AuthenticationException failure) {
    return switch (failure) {
      case NotAllowed _ -> HttpStatus.FORBIDDEN;
      case InvalidBearerTokenException _ -> HttpStatus.UNAUTHORIZED;
      default -> HttpStatus.SERVICE_UNAVAILABLE;
    };
  }
}
