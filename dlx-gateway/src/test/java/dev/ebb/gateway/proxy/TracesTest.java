package dev.ebb.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.gateway.route.Backend;
import dev.ebb.gateway.route.HoldBudget;
import dev.ebb.gateway.route.Refusal;
import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.route.RouteSpec;
import dev.ebb.gateway.trace.ColdFirstSampler;
import dev.ebb.gateway.trace.RequestTraces;
import dev.ebb.gateway.trace.SpanTraces;
import dev.ebb.runtime.model.IntOrString;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.otel.bridge.OtelBaggageManager;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** What a request leaves in a collector of traces, over real sockets. */
class TracesTest implements Route.RouteEvents {

  private static final Route.Port PORT = new Route.Port("shop", "http", new IntOrString(8080));
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final Route route = new Route(spec(), this, new HoldBudget(10), System::nanoTime);
  private final RawBackend backend = new RawBackend();
  private SdkTracerProvider provider;
  private DisposableServer server;
  private volatile List<Backend> backends = List.of();

  TracesTest() throws IOException {}

  @Override
  public List<Backend> backends(Route r, Route.Port port) {
    return backends;
  }

  @Override
  public void held(Route r) {}

  @Override
  public void edge(Route r) {}

  private static RouteSpec spec() {
    return new RouteSpec(
        new ResourceKey("ns", "shop"),
        "uid",
        new ScaleTarget("apps/v1", "Deployment", new ResourceKey("ns", "shop")),
        Duration.ofSeconds(30),
        50,
        null,
        null,
        false,
        false,
        null);
  }

  @BeforeEach
  void start() {
    // As Boot wires it, with a probability of 0: what is sampled is so for a reason.
    provider =
        SdkTracerProvider.builder()
            .setSampler(Sampler.parentBased(new ColdFirstSampler(Sampler.alwaysOff())))
            .addSpanProcessor(SimpleSpanProcessor.create(spans))
            .build();
    Tracer tracer = provider.get("test");
    OtelCurrentTraceContext context = new OtelCurrentTraceContext();
    serve(
        new SpanTraces(
            new OtelTracer(
                tracer,
                context,
                event -> {},
                new OtelBaggageManager(context, List.of(), List.of())),
            new OtelPropagator(
                ContextPropagators.create(W3CTraceContextPropagator.getInstance()), tracer),
            Clock.systemUTC(),
            System::nanoTime));
  }

  private void serve(RequestTraces traces) {
    if (server != null) {
      server.disposeNow();
    }
    ProxyHandler handler =
        new ProxyHandler(
            HttpClient.create().disableRetry(true),
            new Exclusions(Exclusions.DEFAULT_USER_AGENTS, List.of()),
            () -> false,
            new SimpleMeterRegistry(),
            traces);
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
    provider.close();
  }

  private void awake() {
    backends = List.of(new Backend("u", "shop-1", "127.0.0.1", backend.port()));
    route.release();
  }

  private RawClient ask(String headers) throws IOException {
    RawClient client = new RawClient(server.port());
    client.send("GET /in?secret=1 HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
    return client;
  }

  private static String caller(String flags) {
    return "traceparent: 00-" + TRACE + "-" + CALLER + "-" + flags + "\r\ntracestate: a=b\r\n";
  }

  /** Returns what was exported by the order in which it began, when there is so much of it. */
  private List<SpanData> exported(int count) {
    await().until(() -> spans.getFinishedSpanItems().size() >= count);
    return spans.getFinishedSpanItems().stream()
        .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
        .toList();
  }

  private SpanData named(String name) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aColdStartIsOneTraceWithItsPhasesInOrder() throws IOException {
    try (RawClient client = ask("")) {
      await().until(() -> route.held() == 1);
      route.wakeSteps().begin();
      route.wakeSteps().scaled();
      route.wakeSteps().addressed();

      awake();

      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
      // Who leaves before the answer's end is told as cancelled.
      exported(6);
    }
    List<SpanData> all = exported(6);
    assertThat(all)
        .extracting(SpanData::getName)
        .containsExactlyInAnyOrder("GET", "hold", "scale", "start", "probe", "forward");
    assertThat(all).extracting(SpanData::getTraceId).containsOnly(all.getFirst().getTraceId());
    SpanData request = named("GET");
    SpanData hold = named("hold");
    assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(request.getAttributes().get(STATUS)).isEqualTo(200);
    assertThat(request.getAttributes().asMap().values()).contains("ns/shop", "/in", "forwarded");
    assertThat(List.of(hold, named("forward")))
        .extracting(SpanData::getParentSpanId)
        .containsOnly(request.getSpanId());
    List<SpanData> phases = List.of(named("scale"), named("start"), named("probe"));
    assertThat(phases).extracting(SpanData::getParentSpanId).containsOnly(hold.getSpanId());
    for (int i = 1; i < phases.size(); i++) {
      assertThat(phases.get(i).getStartEpochNanos())
          .as("each begins where the one before ends")
          .isEqualTo(phases.get(i - 1).getEndEpochNanos());
    }
    assertThat(hold.getEndEpochNanos()).isEqualTo(named("probe").getEndEpochNanos());
    assertThat(named("forward").getStartEpochNanos())
        .isGreaterThanOrEqualTo(hold.getEndEpochNanos());
    assertThat(backend.lastHead())
        .as("sampled, and the trace's id may be called random")
        .containsPattern(
            "(?i)traceparent: 00-%s-%s-0[13]\r\n"
                .formatted(request.getTraceId(), named("forward").getSpanId()));
  }

  @Test
  void whoComesLateWaitsOnlyForWhatIsLeftOfTheWake() throws IOException {
    route.wakeSteps().begin();
    route.wakeSteps().scaled();
    try (RawClient client = ask("")) {
      await().until(() -> route.held() == 1);
      awake();
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }

    assertThat(exported(4))
        .extracting(SpanData::getName)
        .containsExactlyInAnyOrder("GET", "hold", "start", "forward");
    assertThat(named("start").getStartEpochNanos()).isEqualTo(named("GET").getStartEpochNanos());
  }

  @Test
  void continuesTheCallersTraceAndHandsItOn() throws IOException {
    awake();
    try (RawClient client = ask(caller("01"))) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }

    assertThat(exported(2)).extracting(SpanData::getName).containsExactly("GET", "forward");
    assertThat(named("GET").getParentSpanId()).isEqualTo(CALLER);
    assertThat(backend.lastHead())
        .containsIgnoringCase("traceparent: 00-" + TRACE + "-" + named("forward").getSpanId())
        .doesNotContain(CALLER)
        .contains("tracestate: a=b");
  }

  @Test
  void aCallerThatIsNotSampledIsNotAlsoWhenCold() throws IOException {
    try (RawClient client = ask(caller("00"))) {
      await().until(() -> route.held() == 1);
      awake();
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }

    assertThat(backend.lastHead())
        .containsPattern("(?i)traceparent: 00-" + TRACE + "-[0-9a-f]{16}-00\r\n");
    assertThat(spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void warmRequestsAreLeftToTheProbability() throws IOException {
    awake();
    try (RawClient client = ask("")) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }

    assertThat(backend.lastHead()).containsPattern("(?i)traceparent: 00-[0-9a-f]{32}-");
    assertThat(spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void aRequestThatWaitsInVainSaysHowItEnded() throws IOException {
    try (RawClient client = ask("")) {
      await().until(() -> route.held() == 1);
      route.refuse(new Refusal(503, "ImagePullFailed", "no image", null));
      assertThat(client.readHead()).startsWith("HTTP/1.1 503");
    }

    assertThat(exported(2)).extracting(SpanData::getName).containsExactlyInAnyOrder("GET", "hold");
    assertThat(named("GET").getAttributes().asMap().values()).contains("ImagePullFailed", 503L);
  }

  @Test
  void aClientThatLeavesEndsItsTrace() throws IOException {
    try (RawClient client = ask("")) {
      await().until(() -> route.held() == 1);
    }

    assertThat(exported(2)).extracting(SpanData::getName).containsExactlyInAnyOrder("GET", "hold");
    assertThat(named("GET").getAttributes().asMap().values()).contains("cancelled");
    assertThat(named("GET").getAttributes().get(STATUS)).isNull();
  }

  @Test
  void withoutTracingTheCallersHeadersGoOnAsTheyCame() throws IOException {
    serve(RequestTraces.OFF);
    awake();
    try (RawClient client = ask(caller("01"))) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 200");
    }

    assertThat(backend.lastHead()).contains("\r\n" + caller("01"));
  }
}
