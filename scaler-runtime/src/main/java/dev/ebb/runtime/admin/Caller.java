package dev.ebb.runtime.admin;

import java.net.InetSocketAddress;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Who asked, and from where.
 *
 * @param user the name that the API server knows
 * @param address where the connection came from
 * @param onBehalfOf whom the client says it works for; nobody verified that. Null for nobody
 */
public record Caller(String user, String address, @Nullable String onBehalfOf) {

  /** The header in which {@code kubectl ebb} names the user of the kubeconfig. */
  public static final String ON_BEHALF_OF = "Ebb-On-Behalf-Of";

  private static final int LONGEST = 120;

  /** Finds the caller of a request that was let in. */
  public static Mono<Caller> of(ServerWebExchange exchange) {
    InetSocketAddress remote = exchange.getRequest().getRemoteAddress();
    String address =
        remote == null || remote.getAddress() == null
            ? "an unknown address"
            : remote.getAddress().getHostAddress();
    String behalf = clean(exchange.getRequest().getHeaders().getFirst(ON_BEHALF_OF));
    return exchange
        .getPrincipal()
        .map(Principal::getName)
        .defaultIfEmpty("unknown")
        .map(user -> new Caller(user, address, behalf));
  }

  private static @Nullable String clean(@Nullable String header) {
    String text = header == null ? "" : header.replaceAll("[^\\p{Graph} ]", "").strip();
    return text.isEmpty() ? null : text.substring(0, Math.min(text.length(), LONGEST));
  }

  /** Returns who and from where, for humans. */
  @Override
  public String toString() {
    String said = onBehalfOf == null ? "" : " on behalf of " + onBehalfOf + " (as it says)";
    return user + said + " from " + address;
  }
}
