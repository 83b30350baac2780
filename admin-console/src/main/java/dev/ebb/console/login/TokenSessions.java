package dev.ebb.console.login;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.server.context.ServerSecurityContextRepository;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Mono;

/**
 * Sessions that hold a token and nothing else: each request asks anew who it belongs to, so that a
 * session ends with its token. The browser has the session's number, never the token. Thread-safe.
 */
public final class TokenSessions implements ServerSecurityContextRepository {

  private static final String TOKEN = TokenSessions.class.getName();

  private final ReactiveAuthenticationManager tokens;

  /**
   * Creates the repository.
   *
   * @param tokens tells who a token belongs to
   */
  public TokenSessions(ReactiveAuthenticationManager tokens) {
    this.tokens = tokens;
  }

  @Override
  public Mono<Void> save(ServerWebExchange exchange, @Nullable SecurityContext context) {
    if (context != null
        && context.getAuthentication() instanceof BearerTokenAuthentication bearer) {
      String token = bearer.getToken().getTokenValue();
      return exchange
          .getSession()
          .flatMap(session -> {
            session.getAttributes().put(TOKEN, token);
            return session.changeSessionId();
          });
    }
    return exchange.getSession().flatMap(WebSession::invalidate);
  }

  @Override
  public Mono<SecurityContext> load(ServerWebExchange exchange) {
    return exchange
        .getSession()
        .mapNotNull(session -> session.<String>getAttribute(TOKEN))
        .flatMap(token -> tokens.authenticate(new BearerTokenAuthenticationToken(token)))
        .map(who -> (SecurityContext) new SecurityContextImpl(who))
        .onErrorResume(AuthenticationException.class, unknown -> Mono.empty())
        .cache();
  }
}
