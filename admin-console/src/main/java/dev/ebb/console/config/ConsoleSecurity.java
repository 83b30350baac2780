package dev.ebb.console.config;

import dev.ebb.console.login.ConsoleRight;
import dev.ebb.console.login.LoginPage;
import dev.ebb.console.login.TokenLogin;
import dev.ebb.console.login.TokenSessions;
import dev.ebb.runtime.admin.AccessReview;
import java.net.URI;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.server.resource.authentication.OpaqueTokenReactiveAuthenticationManager;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import org.springframework.security.web.server.DelegatingServerAuthenticationEntryPoint;
import org.springframework.security.web.server.DelegatingServerAuthenticationEntryPoint.DelegateEntry;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authentication.HttpStatusServerEntryPoint;
import org.springframework.security.web.server.authentication.RedirectServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authentication.RedirectServerAuthenticationSuccessHandler;
import org.springframework.security.web.server.authentication.logout.RedirectServerLogoutSuccessHandler;
import org.springframework.security.web.server.csrf.CookieServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRequestAttributeHandler;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import org.springframework.security.web.server.util.matcher.MediaTypeServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.NegatedServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;

/**
 * Guards the UI and its API by a login; the console's own Actuator is guarded as that of every
 * service. What comes in by HTTP can neither register nor remove an instance: the console sends
 * tokens to what is registered.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {

  @Bean
  @Order(0)
  SecurityWebFilterChain loginSecurity(
      ServerHttpSecurity http, ReactiveOpaqueTokenIntrospector introspector, AccessReview review) {
    ReactiveAuthenticationManager tokens =
        new OpaqueTokenReactiveAuthenticationManager(introspector);
    ConsoleRight right = new ConsoleRight(review);
    TokenSessions sessions = new TokenSessions(tokens);
    LoginPage page = new LoginPage();
    return http.securityMatcher(
            new NegatedServerWebExchangeMatcher(
                ServerWebExchangeMatchers.pathMatchers("/actuator/**", "/openapi/**")))
        // The UI reads its token from the cookie.
        .csrf(csrf ->
            csrf.csrfTokenRepository(CookieServerCsrfTokenRepository.withHttpOnlyFalse())
                .csrfTokenRequestHandler(new ServerCsrfTokenRequestAttributeHandler()))
        .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
        .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
        // A request of nobody makes no session.
        .requestCache(cache -> cache.requestCache(NoOpServerRequestCache.getInstance()))
        .securityContextRepository(sessions)
        .authorizeExchange(exchange ->
            exchange
                .pathMatchers(LoginPage.PATH)
                .permitAll()
                .pathMatchers(HttpMethod.GET, "/**")
                .access(right)
                .pathMatchers("/instances/*/actuator/**", "/applications/*/actuator/**")
                .access(right)
                .anyExchange()
                .denyAll())
        .exceptionHandling(handling -> handling.authenticationEntryPoint(entryPoint()))
        .logout(logout -> logout.logoutSuccessHandler(toLogin()))
        .addFilterAt(
            login(new TokenLogin(tokens, right), sessions, page),
            SecurityWebFiltersOrder.AUTHENTICATION)
        .addFilterAt(page, SecurityWebFiltersOrder.LOGIN_PAGE_GENERATING)
        .build();
  }

  private static AuthenticationWebFilter login(
      TokenLogin login, TokenSessions sessions, LoginPage page) {
    RedirectServerAuthenticationSuccessHandler home =
        new RedirectServerAuthenticationSuccessHandler("/");
    home.setRequestCache(NoOpServerRequestCache.getInstance());
    AuthenticationWebFilter filter = new AuthenticationWebFilter(login);
    filter.setServerAuthenticationConverter(login);
    filter.setRequiresAuthenticationMatcher(
        ServerWebExchangeMatchers.pathMatchers(HttpMethod.POST, LoginPage.PATH));
    filter.setSecurityContextRepository(sessions);
    filter.setAuthenticationSuccessHandler(home);
    filter.setAuthenticationFailureHandler(page);
    return filter;
  }

  /** A browser that wants a page goes to the login; everything else gets its 401. */
  private static ServerAuthenticationEntryPoint entryPoint() {
    RedirectServerAuthenticationEntryPoint login =
        new RedirectServerAuthenticationEntryPoint(LoginPage.PATH);
    login.setRequestCache(NoOpServerRequestCache.getInstance());
    MediaTypeServerWebExchangeMatcher pages =
        new MediaTypeServerWebExchangeMatcher(MediaType.TEXT_HTML);
    pages.setIgnoredMediaTypes(Set.of(MediaType.ALL));
    DelegatingServerAuthenticationEntryPoint entryPoint =
        new DelegatingServerAuthenticationEntryPoint(new DelegateEntry(pages, login));
    entryPoint.setDefaultEntryPoint(new HttpStatusServerEntryPoint(HttpStatus.UNAUTHORIZED));
    return entryPoint;
  }

  private static RedirectServerLogoutSuccessHandler toLogin() {
    RedirectServerLogoutSuccessHandler handler = new RedirectServerLogoutSuccessHandler();
    handler.setLogoutSuccessUrl(URI.create(LoginPage.PATH));
    return handler;
  }
}
