package dev.ebb.console.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.security.web.server.csrf.DefaultCsrfToken;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

class LoginPageTest {

  private static final WebFilterChain BEHIND =
      exchange -> {
        exchange.getResponse().setStatusCode(HttpStatus.I_AM_A_TEAPOT);
        return exchange.getResponse().setComplete();
      };

  private final LoginPage page = new LoginPage();

  private static MockServerWebExchange exchange(MockServerHttpRequest request) {
    MockServerWebExchange exchange = MockServerWebExchange.from(request);
    exchange
        .getAttributes()
        .put(
            CsrfToken.class.getName(),
            Mono.just(new DefaultCsrfToken("X-XSRF-TOKEN", "_csrf", "c\"srf")));
    return exchange;
  }

  private static String body(MockServerWebExchange exchange) {
    return exchange.getResponse().getBodyAsString().block(Duration.ofSeconds(10));
  }

  @Test
  void asksForATokenAndForNothingElse() {
    MockServerWebExchange exchange = exchange(MockServerHttpRequest.get("/login").build());

    page.filter(exchange, BEHIND).block();

    assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.OK);
    assertThat(body(exchange))
        .contains("name=\"token\"")
        .contains("name=\"_csrf\" type=\"hidden\" value=\"c&quot;srf\"")
        .doesNotContain("role=\"alert\"");
  }

  @Test
  void letsEverythingElsePass() {
    for (MockServerHttpRequest request :
        new MockServerHttpRequest[] {
          MockServerHttpRequest.post("/login").build(), MockServerHttpRequest.get("/").build()
        }) {
      MockServerWebExchange exchange = exchange(request);
      page.filter(exchange, BEHIND).block();
      assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.I_AM_A_TEAPOT);
    }
  }

  private static AuthenticationException failure(String kind) {
    return switch (kind) {
      case "unknown token" -> new InvalidBearerTokenException("<b>no</b>");
      case "no right" -> new TokenLogin.NotAllowed("<b>no</b>");
      default -> new AuthenticationServiceException("<b>no</b>");
    };
  }

  @ParameterizedTest
  @CsvSource({"unknown token,401", "no right,403", "API server away,503"})
  void saysWhyALoginFailedAsTextAndAsStatus(String kind, int status) {
    MockServerWebExchange exchange = exchange(MockServerHttpRequest.post("/login").build());

    page.onAuthenticationFailure(new WebFilterExchange(exchange, BEHIND), failure(kind)).block();

    assertThat(exchange.getResponse().getStatusCode().value()).isEqualTo(status);
    assertThat(body(exchange)).contains("role=\"alert\"").contains("&lt;b&gt;no&lt;/b&gt;");
  }
}
