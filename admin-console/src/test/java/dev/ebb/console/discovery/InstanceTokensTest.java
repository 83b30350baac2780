package dev.ebb.console.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import de.codecentric.boot.admin.server.domain.entities.Instance;
import de.codecentric.boot.admin.server.domain.values.InstanceId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthentication;
import reactor.core.publisher.Mono;

class InstanceTokensTest {

  private static final Instance REPLICA = Instance.create(InstanceId.of("a-1"));
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void end() {
    executor.shutdownNow();
  }

  private static BearerTokenAuthentication user(String token) {
    return new BearerTokenAuthentication(
        new DefaultOAuth2AuthenticatedPrincipal("user", Map.of("a", "b"), null),
        new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, token, null, null),
        AuthorityUtils.NO_AUTHORITIES);
  }

  private static String sent(Mono<HttpHeaders> headers) {
    return headers.block(Duration.ofSeconds(10)).getFirst(HttpHeaders.AUTHORIZATION);
  }

  @Test
  void callsAsTheUserWhoAsks(@TempDir Path folder) throws Exception {
    Path own = Files.writeString(folder.resolve("token"), "the-consoles");

    Mono<HttpHeaders> headers =
        new InstanceTokens(own, executor)
            .getHeaders(REPLICA)
            .contextWrite(ReactiveSecurityContextHolder.withAuthentication(user("the-users")));

    assertThat(sent(headers)).isEqualTo("Bearer the-users");
  }

  @Test
  void callsAsItselfWhereNobodyAsksWithTheTokenAsItIsNow(@TempDir Path folder) throws Exception {
    Path own = Files.writeString(folder.resolve("token"), "first\n");
    InstanceTokens tokens = new InstanceTokens(own, executor);

    assertThat(sent(tokens.getHeaders(REPLICA))).isEqualTo("Bearer first");
    Files.writeString(own, "second\n");
    assertThat(sent(tokens.getHeaders(REPLICA))).isEqualTo("Bearer second");
  }

  @Test
  void sendsNothingWhereItHasNone() {
    assertThat(sent(new InstanceTokens(null, executor).getHeaders(REPLICA))).isNull();
  }
}
