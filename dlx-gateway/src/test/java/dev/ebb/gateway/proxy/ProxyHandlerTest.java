package dev.ebb.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.gateway.route.Backend;
import dev.ebb.gateway.route.HoldBudget;
import dev.ebb.gateway.route.Refusal;
import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.route.RouteSpec;
import dev.ebb.gateway.trace.RequestTraces;
import dev.ebb.runtime.model.IntOrString;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** The data path over real sockets: raw bytes in, raw bytes out. */
class ProxyHandlerTest implements Route.RouteEvents {

  private static final Route.Port PORT = new Route.Port("shop", "http", new IntOrString(8080));
  private final HoldBudget budget = new HoldBudget(100);
  private final AtomicInteger wakes = new AtomicInteger();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private volatile List<Backend> backends = List.of();
  private volatile boolean draining;
  private Route route;
  private RawBackend backend;
  private DisposableServer server;

  @Override
  public List<Backend> backends(Route r, Route.Port port) {
    return backends;
  }

  @Override
  public void held(Route r) {
    wakes.incrementAndGet();
  }

  @Override
  public void edge(Route r) {}

  @BeforeEach
  void start() throws IOException {
    route = new Route(spec(Duration.ofSeconds(30)), this, budget, System::nanoTime);
    backend = new RawBackend();
    ProxyHandler handler =
        new ProxyHandler(
            HttpClient.create().disableRetry(true),
            new Exclusions(Exclusions.DEFAULT_USER_AGENTS, List.of("/healthz")),
            () -> draining,
            meters,
            RequestTraces.OFF);
    server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle((request, response) -> handler.handle(route, PORT, request, response))
            .bindNow();
  }

  @AfterEach
  void stop() {
    server.disposeNow();
    backend.close();
  }

  private static RouteSpec spec(Duration wakeTimeout) {
    return new RouteSpec(
        new ResourceKey("ns", "shop"),
        "uid",
        new ScaleTarget("apps/v1", "Deployment", new ResourceKey("ns", "shop")),
        wakeTimeout,
        50,
        null,
        null,
        false,
        false,
        null);
  }

  private void awake() {
    backends = List.of(new Backend("u", "shop-1", "127.0.0.1", backend.port()));
    route.release();
  }

  private RawClient client() throws IOException {
    return new RawClient(server.port());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "//a//b",
        "/a/../b/./c",
        "/%2F%2f%zz",
        "/a?x=1&x=1&y=[|]",
        "/a;v=1,2?q=%20+",
        "/caf%C3%A9?"
      })
  void forwardsPathAndQueryByteForByte(String target) throws IOException {
    // D16, D17: no redirect, no doubling, no normalising
    awake();
    try (RawClient client = client()) {
      client.send("GET " + target + " HTTP/1.1\r\nHost: Shop.Example:8080\r\nX-Case: ÄbC\r\n\r\n");

      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }
    assertThat(backend.lastHead()).startsWith("GET " + target + " HTTP/1.1\r\n");
    assertThat(backend.lastHead()).contains("\r\nHost: Shop.Example:8080\r\n");
  }

  @Test
  void holdsWithoutReadingTheBodyAndDeliversItWhenAwake() throws IOException {
    try (RawClient client = client()) {
      client.send("POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
      await().until(() -> route.held() == 1);
      assertThat(wakes.get()).isPositive();
      client.send("hello");

      awake();

      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }
    assertThat(backend.lastBody()).isEqualTo("hello");
    assertThat(budget.held()).isZero();
  }

  @Test
  void aBodyFarLargerThanTheBuffersWaitsInTheClientWhileHeld() throws Exception {
    int size = 64 * 1024 * 1024;
    try (RawClient client = client()) {
      client.send("POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
      Thread writer = client.pump(size);
      await().until(() -> route.held() == 1);
      await().until(client::stalled);
      assertThat(client.pumped()).isLessThan(size / 2L);

      awake();

      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
      writer.join(Duration.ofSeconds(20));
    }
    assertThat(backend.lastBodyLength()).isEqualTo(size);
  }

  @Test
  void aHeldClientThatLeavesFreesItsPlace() throws IOException {
    // D14
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      RawClient client = client();
      client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
      clients.add(client);
    }
    await().until(() -> route.held() == 20);

    for (RawClient client : clients) {
      client.close();
    }

    await().atMost(Duration.ofSeconds(2)).until(() -> route.held() == 0 && budget.held() == 0);
    await().until(() -> route.inFlight() == 0);
  }

  @Test
  void beyondTheLimitThereIsA503WithRetryAfterAndAReason() throws IOException {
    // D35
    route.update(
        new RouteSpec(
            route.spec().key(),
            "uid",
            route.spec().target(),
            Duration.ofSeconds(30),
            1,
            null,
            null,
            false,
            false,
            null));
    try (RawClient held = client();
        RawClient refused = client()) {
      held.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> route.held() == 1);
      refused.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");

      String head = refused.readHead();

      assertThat(head).startsWith("HTTP/1.1 503").containsIgnoringCase("retry-after: 2");
      assertThat(head).containsIgnoringCase("content-type: application/problem+json");
      assertThat(refused.readBody(head)).contains("RouteFull");
    }
  }

  @Test
  void aFailedWakeAnswersThoseWhoWaitAndNotTheNext() throws IOException {
    // D10
    try (RawClient first = client();
        RawClient second = client()) {
      first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> route.held() == 1);
      route.refuse(new Refusal(503, "CrashLoop", "it crashes", Duration.ofSeconds(5)));
      String head = first.readHead();
      assertThat(head).startsWith("HTTP/1.1 503");
      assertThat(first.readBody(head)).contains("CrashLoop").contains("it crashes");

      second.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> route.held() == 1);
      awake();
      assertThat(second.readHead()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void aWakeThatTakesTooLongIsA504AndALateSuccessServesAtOnce() throws IOException {
    route.update(spec(Duration.ofMillis(200)));
    try (RawClient client = client()) {
      client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
      String head = client.readHead();
      assertThat(head).startsWith("HTTP/1.1 504").containsIgnoringCase("retry-after:");
      assertThat(client.readBody(head)).contains("WakeTimeout");

      awake();
      client.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }
    assertThat(budget.held()).isZero();
  }

  @Test
  void aRequestThatCameByBeforeIsNotSentRoundAgain() throws IOException {
    // D12
    awake();
    try (RawClient client = client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nEbb-Hop: ns/shop\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 508");
    }
    assertThat(backend.requests()).isZero();
    try (RawClient client = client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nEbb-Hop: ns/another\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }
    assertThat(backend.lastHead().toLowerCase(java.util.Locale.ROOT))
        .contains("ebb-hop: ns/another")
        .contains("ebb-hop: ns/shop");
  }

  @Test
  void aBackendThatRefusesTheConnectionIsLeftForAnother() throws IOException {
    int dead;
    try (ServerSocket socket = new ServerSocket(0)) {
      dead = socket.getLocalPort();
    }
    backends =
        List.of(
            new Backend("dead", "shop-0", "127.0.0.1", dead),
            new Backend("u", "shop-1", "127.0.0.1", backend.port()));
    for (int i = 0; i < 4; i++) {
      try (RawClient client = client()) {
        client.send("POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200");
      }
      assertThat(backend.lastBody()).isEqualTo("ok");
    }
  }

  @Test
  void healthChecksWakeNothingAndCountForNothing() throws IOException {
    try (RawClient client = client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: kube-probe/1.37\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 200").contains("content-length: 0");
      client.send("GET /healthz?x HTTP/1.1\r\nHost: a\r\nUser-Agent: me\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }
    assertThat(wakes).hasValue(0);
    assertThat(route.idle()).isNull();

    awake();
    try (RawClient client = client()) {
      client.send("GET /p HTTP/1.1\r\nHost: a\r\nUser-Agent: kube-probe/1.37\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }
    assertThat(backend.lastHead()).startsWith("GET /p ");
    assertThat(route.idle()).isNull();
  }

  @Test
  void aKeepAliveClientOfARouteThatLeavesIsToldToClose() throws IOException {
    // D13
    awake();
    try (RawClient client = client()) {
      client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
      String head = client.readHead();
      assertThat(head).doesNotContainIgnoringCase("connection: close");
      assertThat(client.readBody(head)).isEqualTo("ok");
      route.withdraw();
      client.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("connection: close");
    }
  }

  @Test
  void whileDrainingClientsAreToldToClose() throws IOException {
    awake();
    draining = true;
    try (RawClient client = client()) {
      client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("connection: close");
    }
  }

  @Test
  void streamsAnAnswerAsItComes() throws IOException {
    awake();
    try (RawClient client = client()) {
      client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readHead()).containsIgnoringCase("transfer-encoding: chunked");
      backend.chunk("one");
      assertThat(client.readUntil("one")).contains("one");
      backend.chunk("two");
      assertThat(client.readUntil("two")).contains("two");
      assertThat(route.inFlight()).isEqualTo(1);
      backend.endChunks();
      client.readUntil("0\r\n\r\n");
    }
    await().until(() -> route.inFlight() == 0);
  }

  @Test
  void keepsTheLengthOfAHeadAnswer() throws IOException {
    awake();
    try (RawClient client = client()) {
      client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("content-length: 2");
    }
  }

  @Test
  void aBackendThatBreaksOffIsA502WithAReason() throws IOException {
    awake();
    try (RawClient client = client()) {
      client.send("GET /abort HTTP/1.1\r\nHost: a\r\n\r\n");
      String head = client.readHead();
      assertThat(head).startsWith("HTTP/1.1 502");
      assertThat(client.readBody(head)).contains("UpstreamFailed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "DELETE / HTTP/1.1\r\nHost: a\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Two: 1\r\nx-two: 2\r\naCCept: text/*\r\nUser-Agent: me\r\n",
        "HEAD / HTTP/1.1\r\nHost: a\r\nX-Empty: \r\nACCEPT-encoding: gzip\r\n"
      })
  void headersGoOnAsTheyCameAndNoneIsMadeUp(String head) throws IOException {
    awake();
    try (RawClient client = client()) {
      client.send(head + "\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }

    assertThat(endToEnd(backend.lastHead())).containsExactlyElementsOf(endToEnd(head));
  }

  /** The request line and all headers that are not the gateway's own, as they stand there. */
  private static List<String> endToEnd(String head) {
    return head.lines()
        .filter(line -> !line.isEmpty())
        .filter(line -> !line.matches("(?i)(ebb-hop|x-forwarded-(for|proto|host)):.*"))
        .toList();
  }

  @Test
  void aPostWithoutABodyIsForwardedWithoutOne() throws IOException {
    awake();
    try (RawClient client = client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }

    assertThat(backend.lastHead()).doesNotContainIgnoringCase("transfer-encoding");
    assertThat(endToEnd(backend.lastHead()))
        .isSubsetOf("POST / HTTP/1.1", "Host: a", "content-length: 0");
  }

  @Test
  void aRequestOfHttp10WithoutAHostGetsTheBackends() throws IOException {
    awake();
    try (RawClient client = client()) {
      client.send("GET / HTTP/1.0\r\n\r\n");
      assertThat(client.readHead()).contains(" 200 ");
    }

    assertThat(endToEnd(backend.lastHead()))
        .containsExactly("GET / HTTP/1.1", "host: 127.0.0.1:" + backend.port());
  }

  @Test
  void hopByHopHeadersStayHere() throws IOException {
    awake();
    try (RawClient client = client()) {
      client.send(
          "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Private\r\nX-Private: 1\r\nX-Public: 2\r\n\r\n");
      client.readHead();
    }
    assertThat(backend.lastHead()).contains("X-Public: 2").doesNotContain("X-Private");
  }

  @Test
  void aPortInUseIsAnErrorAndNotSilence() throws IOException {
    // D8
    PortListeners listeners =
        new PortListeners(
            HttpServer.create().host("127.0.0.1"),
            new ProxyHandler(
                HttpClient.create(),
                new Exclusions(List.of(), List.of()),
                () -> false,
                meters,
                RequestTraces.OFF));
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> listeners.open(taken.getLocalPort(), route, PORT))
          .rootCause()
          .hasMessageContaining("Address already in use");
      assertThat(listeners.ports()).isEmpty();
    }
  }
}
