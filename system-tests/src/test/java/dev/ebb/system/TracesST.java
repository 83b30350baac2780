package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the shipped gateway sends to a collector of traces. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracesST {

  /** A span with what its process says of itself. */
  private record Traced(Span span, Map<String, String> resource) {
    String attribute(String key) {
      return attributes(span.getAttributesList()).get(key);
    }
  }

  private Ebb ebb;
  private String collector;

  @BeforeAll
  void install(Cluster cluster, TestNamespace namespace, @TempDir Path folder) throws IOException {
    ebb = Ebb.in(cluster);
    collector = namespace.name();
    Path place =
        Path.of(OtlpReceiver.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path program = place.resolve(OtlpReceiver.class.getName().replace('.', '/') + ".class");
    kubectl(cluster, "create", "configmap", "otlp", "--from-file=main.class=" + program);
    Path manifest = Files.writeString(folder.resolve("otlp.yaml"), Workload.resource("otlp.yaml"));
    kubectl(cluster, "apply", "-f", manifest.toString());
    kubectl(cluster, "wait", "--for=condition=Ready", "pod/otlp", "--timeout=60s");
    ebb.upgrade(
        "--set",
        "global.tracing.otlpEndpoint=http://otlp." + collector + ":4318/v1/traces",
        // The gateway: cold starts and nothing else. The autoscaler: all that it has.
        "--set",
        "global.tracing.samplingProbability=0",
        "--set",
        "autoscaler.extraEnv[0].name=MANAGEMENT_OPENTELEMETRY_TRACING_SAMPLER",
        "--set",
        "autoscaler.extraEnv[0].value=always-on");
  }

  @AfterAll
  void putBack() {
    ebb.upgrade();
  }

  private String kubectl(Cluster cluster, String... words) {
    return cluster.kubectlIn(collector, words).orThrow().out();
  }

  @Test
  void aColdRequestIsOneTraceWithItsPhasesInOrder(Cluster cluster, TestNamespace namespace) {
    Workload shop = Workload.create(cluster, namespace.name(), "shop", "3s", 1, 0).awaitAsleep();
    String seen;
    try (Callers caller = Callers.once(cluster, 1, Duration.ZERO, shop.url("/headers"))) {
      Callers.Call call = caller.awaitAll(Duration.ofSeconds(60)).getFirst();
      assertThat(call.good()).as(call.text()).isTrue();
      seen = call.text();
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> of("ebb-dlx-gateway", cluster).anyMatch(t -> t.span().getName().equals("GET")));
    List<Traced> all = of("ebb-dlx-gateway", cluster).toList();
    assertThat(all).extracting(traced -> traced.span().getTraceId()).containsOnly(trace(all));
    assertThat(all)
        .extracting(traced -> traced.span().getName())
        .containsExactlyInAnyOrder("GET", "hold", "scale", "start", "probe", "forward");
    Traced request = named(all, "GET");
    assertThat(request.resource())
        .hasEntrySatisfying("k8s.pod.name", pod -> assertThat(pod).startsWith("ebb-dlx-gateway-"));
    assertThat(request.attribute("ebb.scaled_resource")).isEqualTo(namespace.name() + "/shop");
    assertThat(request.attribute("url.path")).isEqualTo("/headers");
    assertThat(named(all, "forward").attribute("k8s.pod.name")).startsWith("shop-");
    assertThat(phases(all)).as("end of each phase, from the request on").isSorted();
    assertThat(seen)
        .as("what the pod was told")
        .containsIgnoringCase(
            "traceparent: 00-%s-%s-0"
                .formatted(hex(trace(all)), hex(named(all, "forward").span().getSpanId())));
  }

  @Test
  void requestsToTheAdminPortAreTracedButForProbesAndScrapes(Cluster cluster) {
    cluster.kubectl(
        "get",
        "--raw",
        "/api/v1/namespaces/ebb-system/services/https:ebb-autoscaler:admin/proxy/openapi");

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            of("ebb-autoscaler", cluster)
                .anyMatch(t -> "/openapi".equals(t.attribute("http.url"))));
    assertThat(of("ebb-autoscaler", cluster).map(traced -> traced.attribute("http.url")))
        .as("the kubelet asks every two seconds")
        .noneMatch(url -> url != null && url.startsWith("/actuator"));
  }

  private Stream<Traced> of(String service, Cluster cluster) {
    return spans(cluster).filter(traced -> service.equals(traced.resource().get("service.name")));
  }

  private static ByteString trace(List<Traced> all) {
    return named(all, "GET").span().getTraceId();
  }

  private static List<Long> phases(List<Traced> all) {
    return Stream.of("scale", "start", "probe", "hold", "forward", "GET")
        .map(name -> named(all, name).span().getEndTimeUnixNano())
        .toList();
  }

  private static Traced named(List<Traced> all, String name) {
    return all.stream().filter(traced -> traced.span().getName().equals(name)).findAny().get();
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  /** Everything that came so far. */
  private Stream<Traced> spans(Cluster cluster) {
    return kubectl(cluster, "logs", "otlp")
        .lines()
        .filter(line -> line.startsWith("OTLP "))
        .map(line -> Base64.getDecoder().decode(line.substring("OTLP ".length())))
        .flatMap(body -> parse(body).getResourceSpansList().stream())
        .flatMap(TracesST::spans);
  }

  private static Stream<Traced> spans(ResourceSpans of) {
    Map<String, String> resource = attributes(of.getResource().getAttributesList());
    return of.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .map(span -> new Traced(span, resource));
  }

  private static ExportTraceServiceRequest parse(byte[] body) {
    try {
      return ExportTraceServiceRequest.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Map<String, String> attributes(List<KeyValue> list) {
    return list.stream()
        .collect(Collectors.toMap(KeyValue::getKey, pair -> pair.getValue().getStringValue()));
  }
}
