package dev.ebb.console.login;

import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.authentication.ServerAuthenticationFailureHandler;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;

/**
 * The page with the one field for a token, in the place of Spring Boot Admin's own, which asks for
 * name and password. Needs nothing of the console behind it. Thread-safe.
 */
public final class LoginPage implements WebFilter, ServerAuthenticationFailureHandler {

  /** Where the page is. Spring Boot Admin's UI goes there when a session has ended. */
  public static final String PATH = "/login";

  private static final String HTML =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Ebb</title>
      <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 10vh auto; padding: 0 1rem }
      input { width: 100%%; box-sizing: border-box; padding: .5rem; font: inherit }
      button { margin-top: 1rem; padding: .5rem 1.5rem; font: inherit }
      p[role=alert] { color: #a00 }
      </style>
      </head>
      <body>
      <h1>Ebb</h1>
      %s
      <form method="post" action="login">
      <label for="token">Token</label>
      <input id="token" name="token" type="password" autocomplete="off" required autofocus>
      <input name="%s" type="hidden" value="%s">
      <button>Log in</button>
      </form>
      <p><code>kubectl create token NAME --audience=ebb</code> makes one for a service account.</p>
      </body>
      </html>
      """;

  private final ServerWebExchangeMatcher asked =
      new PathPatternParserServerWebExchangeMatcher(PATH, HttpMethod.GET);

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return asked
        .matches(exchange)
        .flatMap(
            match -> match.isMatch() ? write(exchange, HttpStatus.OK, "") : chain.filter(exchange));
  }

  @Override
  public Mono<Void> onAuthenticationFailure(
      WebFilterExchange exchange, AuthenticationException failure) {
    String message = failure.getMessage();
    return write(
        exchange.getExchange(),
        TokenLogin.status(failure),
        "<p role=\"alert\">"
            + HtmlUtils.htmlEscape(message == null ? "The login failed." : message)
            + "</p>");
  }

  private static Mono<Void> write(ServerWebExchange exchange, HttpStatus status, String note) {
    Mono<CsrfToken> csrf =
        exchange.getAttributeOrDefault(CsrfToken.class.getName(), Mono.<CsrfToken>empty());
    ServerHttpResponse response = exchange.getResponse();
    return csrf.map(token ->
            HTML.formatted(
                note,
                HtmlUtils.htmlEscape(token.getParameterName()),
                HtmlUtils.htmlEscape(token.getToken())))
        .flatMap(page -> {
          response.setStatusCode(status);
          HttpHeaders headers = response.getHeaders();
          headers.setContentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8));
          headers.set(
              "Content-Security-Policy",
              "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
                  + " frame-ancestors 'none'; base-uri 'none'");
          byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
          return response.writeWith(Mono.just(response.bufferFactory().wrap(bytes)));
        });
  }
}
