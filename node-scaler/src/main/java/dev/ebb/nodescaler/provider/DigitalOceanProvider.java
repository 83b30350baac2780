package dev.ebb.nodescaler.provider;

import dev.ebb.nodescaler.provider.DigitalOceanApi.Links;
import dev.ebb.nodescaler.provider.DigitalOceanApi.Named;
import dev.ebb.nodescaler.provider.DigitalOceanApi.Pool;
import dev.ebb.nodescaler.provider.DigitalOceanApi.Update;
import dev.ebb.scaler.nodes.NodePool;
import dev.ebb.scaler.nodes.NodePool.Machine;
import dev.ebb.scaler.nodes.NodePool.State;
import dev.ebb.scaler.nodes.NodeProvider;
import dev.ebb.scaler.nodes.NodeProviderException;
import dev.ebb.scaler.nodes.NodeProviderException.Kind;
import dev.ebb.scaler.nodes.PoolReference;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/**
 * DigitalOcean's node pools. The settings are {@code cluster} and {@code pool}, each a name or an
 * id. Reads are tried again when DigitalOcean fails; writes are not, because a lost answer does not
 * say whether they were done: the pool is read again instead. Thread-safe.
 *
 * <p>DigitalOcean takes a new count without a precondition. Between the read before a growth and
 * the growth itself somebody else could enlarge the pool by more; this moment cannot be closed from
 * outside, and is as short as one request.
 */
public final class DigitalOceanProvider implements NodeProvider {

  /** Where DigitalOcean is. */
  public static final String ADDRESS = "https://api.digitalocean.com";

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final DigitalOceanApi api;
  private final RetryTemplate reads;
  private final Map<PoolReference, Place> places = new ConcurrentHashMap<>();

  private record Place(String cluster, String pool) {}

  /** Creates a provider over DigitalOcean's address. */
  public DigitalOceanProvider(Supplier<String> token) {
    this(ADDRESS, token, Duration.ofMillis(200));
  }

  /**
   * Creates a provider.
   *
   * @param address where the API is
   * @param token the account's token, asked for at each request
   * @param pause how long after the first failure a read is tried again; doubles
   */
  public DigitalOceanProvider(String address, Supplier<String> token, Duration pause) {
    JdkClientHttpRequestFactory http =
        new JdkClientHttpRequestFactory(HttpClient.newBuilder().connectTimeout(CONNECT).build());
    http.setReadTimeout(ANSWER);
    RestClient client =
        RestClient.builder()
            .baseUrl(address)
            .requestFactory(http)
            .defaultRequest(request -> request.headers(h -> h.setBearerAuth(token.get())))
            .build();
    this.api =
        HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
            .build()
            .createClient(DigitalOceanApi.class);
    this.reads =
        new RetryTemplate(
            RetryPolicy.builder()
                .includes(HttpServerErrorException.class, ResourceAccessException.class)
                .maxRetries(3)
                .delay(pause)
                .multiplier(2)
                .build());
  }

  @Override
  public String type() {
    return "digitalocean";
  }

  @Override
  public NodePool read(PoolReference reference) {
    Pool pool = live(reference, place(reference));
    List<DigitalOceanApi.Machine> nodes = pool.nodes() == null ? List.of() : pool.nodes();
    return new NodePool(
        pool.count(),
        Boolean.TRUE.equals(pool.autoScale()),
        nodes.stream().map(DigitalOceanProvider::machine).toList());
  }

  private static Machine machine(DigitalOceanApi.Machine node) {
    String state = "";
    String message = "";
    if (node.status() != null) {
      state = text(node.status().state());
      message = text(node.status().message());
    }
    return new Machine(
        text(node.id()),
        text(node.name()),
        switch (state) {
          case "provisioning" -> State.PROVISIONING;
          case "running" -> State.RUNNING;
          case "draining", "deleting", "deleted" -> State.DELETING;
          default -> State.UNKNOWN;
        },
        message);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  @Override
  public int grow(PoolReference reference, int size) {
    Place place = place(reference);
    Pool now = live(reference, place);
    if (Boolean.TRUE.equals(now.autoScale())) {
      throw new NodeProviderException(
          Kind.INVALID,
          "digitalocean provider: pool %s scales by itself; switch its auto-scaling off"
              .formatted(now.name()));
    }
    if (now.count() >= size) {
      return now.count();
    }
    Update update = new Update(now.name(), size, now.tags(), now.labels(), now.taints());
    Pool grown =
        asked("grow pool " + now.name(), () -> api.update(place.cluster(), place.pool(), update))
            .pool();
    return grown == null ? size : grown.count();
  }

  @Override
  public void delete(PoolReference reference, Machine machine, boolean drain) {
    Place place = place(reference);
    if (machine.id().isEmpty()) {
      throw new NodeProviderException(
          Kind.INVALID, "digitalocean provider: node " + machine.nodeName() + " has no id yet");
    }
    try {
      asked(
          "delete node " + machine.nodeName(),
          () -> {
            api.deleteNode(place.cluster(), place.pool(), machine.id(), drain ? 0 : 1);
            return machine;
          });
    } catch (NodeProviderException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      // Gone is what was asked for. Were it the pool that is gone, the next read says so.
    }
  }

  private Pool live(PoolReference reference, Place place) {
    try {
      Pool pool =
          again("read pool " + place.pool(), () -> api.pool(place.cluster(), place.pool())).pool();
      if (pool == null) {
        throw new NodeProviderException(
            Kind.UNAVAILABLE, "digitalocean provider: the answer to a read has no pool in it");
      }
      return pool;
    } catch (NodeProviderException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        // It may have been made anew under the same name.
        places.remove(reference);
      }
      throw e;
    }
  }

  private Place place(PoolReference reference) {
    Place known = places.get(reference);
    if (known != null) {
      return known;
    }
    String clusterName = reference.required("cluster");
    String poolName = reference.required("pool");
    String cluster =
        find(
                clusterName,
                page -> {
                  var answer =
                      again("list clusters", () -> api.clusters(page, DigitalOceanApi.PAGE));
                  return new Page(answer.clusters(), Links.more(answer.links()));
                })
            .orElseThrow(() -> missing("cluster", clusterName));
    String pool =
        find(
                poolName,
                page -> {
                  var answer =
                      again("list pools", () -> api.pools(cluster, page, DigitalOceanApi.PAGE));
                  return new Page(answer.pools(), Links.more(answer.links()));
                })
            .orElseThrow(() -> missing("node pool", poolName));
    Place found = new Place(cluster, pool);
    places.put(reference, found);
    return found;
  }

  private record Page(@Nullable List<Named> items, boolean more) {}

  private static Optional<String> find(String wanted, IntFunction<Page> pages) {
    for (int number = 1; ; number++) {
      Page page = pages.apply(number);
      List<Named> items = page.items() == null ? List.of() : page.items();
      for (Named item : items) {
        if (item.name().equals(wanted) || item.id().equals(wanted)) {
          return Optional.of(item.id());
        }
      }
      if (!page.more() || items.isEmpty()) {
        return Optional.empty();
      }
    }
  }

  private static NodeProviderException missing(String what, String name) {
    return new NodeProviderException(
        Kind.NOT_FOUND, "digitalocean provider: %s not found: %s".formatted(what, name));
  }

  private <T> T again(String what, Supplier<T> read) {
    return asked(
        what,
        () -> {
          try {
            return reads.execute(read::get);
          } catch (RetryException e) {
            throw e.getLastException() instanceof RestClientException last
                ? last
                : new RestClientException(String.valueOf(e.getMessage()), e);
          }
        });
  }

  private static <T> T asked(String what, Supplier<T> request) {
    try {
      return request.get();
    } catch (RestClientResponseException e) {
      int code = e.getStatusCode().value();
      throw new NodeProviderException(
          kind(code),
          "digitalocean provider: cannot %s: %d %s"
              .formatted(what, code, e.getResponseBodyAsString()),
          retryAfter(e),
          e);
    } catch (RestClientException e) {
      throw new NodeProviderException(
          Kind.UNAVAILABLE,
          "digitalocean provider: cannot %s: %s".formatted(what, e.getMessage()),
          Duration.ZERO,
          e);
    }
  }

  private static Kind kind(int code) {
    return switch (code) {
      case 401, 403 -> Kind.FORBIDDEN;
      case 404 -> Kind.NOT_FOUND;
      case 422 -> Kind.EXHAUSTED;
      case 429 -> Kind.RATE_LIMITED;
      default -> code >= 500 ? Kind.UNAVAILABLE : Kind.INVALID;
    };
  }

  private static Duration retryAfter(RestClientResponseException e) {
    String header =
        e.getResponseHeaders() == null ? null : e.getResponseHeaders().getFirst("Retry-After");
    if (header == null || !header.strip().matches("[0-9]{1,6}")) {
      return Duration.ZERO;
    }
    return Duration.ofSeconds(Long.parseLong(header.strip()));
  }
}
