package dev.ebb.timescaler;

import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.loop.Reconciler.Result;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.TestClients;
import dev.ebb.testkit.proxy.Exchange;
import dev.ebb.testkit.proxy.FaultProxy;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.apply.HpaWriter;
import dev.ebb.timescaler.apply.ScalerWriter;
import dev.ebb.timescaler.apply.ScheduleWriter;
import dev.ebb.timescaler.reconcile.Lookout;
import dev.ebb.timescaler.reconcile.Observations;
import dev.ebb.timescaler.reconcile.Reports;
import dev.ebb.timescaler.reconcile.ScalingScheduleReconciler;
import dev.ebb.timescaler.reconcile.ScheduleReports;
import dev.ebb.timescaler.reconcile.ServiceScalerReconciler;
import dev.ebb.timescaler.reconcile.Steered;
import dev.ebb.timescaler.reconcile.Triggers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The reconciler as the service has it, over a real API server behind a fault proxy, by a clock
 * that is stepped. Reconciles when it is told to.
 */
final class Harness implements AutoCloseable {

  /** The definition of ServiceScalers. */
  static final Path CRD =
      Path.of("../charts/ebb/charts/time-scaler/files/servicescalers.scaler.udaan.io.yaml");

  private static final Duration SOON = Duration.ofSeconds(20);

  final SteppedClock clock = new SteppedClock();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final FaultProxy proxy;
  final KubeClient direct;
  final String namespace;
  final AtomicReference<Optional<Freeze>> freeze = new AtomicReference<>(Optional.empty());
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Lookout lookout;
  private final ServiceScalerReconciler reconciler;
  private final ScalingScheduleReconciler schedules;

  Harness(Cluster cluster, String namespace, String labelSelector) {
    this.namespace = namespace;
    this.proxy = FaultProxy.before(cluster, 7);
    this.direct = TestClients.of(cluster, "test");
    KubeClient client = TestClients.of(proxy.client("time-scaler").kubeconfig(), "ebb-time-scaler");
    this.lookout = new Lookout(client, namespace, labelSelector, clock);
    ObjectWriter writes = new ObjectWriter(client, lookout.informers());
    this.reconciler =
        new ServiceScalerReconciler(
            lookout,
            client,
            freezes(),
            new HpaWriter(writes),
            new ScalerWriter(writes),
            new HpaWriter(writes),
            new ScalerWriter(writes),
            new Reports(new EventRecorder(client, executor, clock, "test")),
            new Observations(meters, "servicescaler"),
            clock);
    Steered steered = new Steered();
    this.schedules =
        new ScalingScheduleReconciler(
            lookout,
            steered,
            client,
            freezes(),
            new ScalingScheduleReconciler.Writers(
                new HpaWriter(writes),
                new ScheduleWriter(writes),
                new HpaWriter(writes),
                new ScheduleWriter(writes)),
            new ScheduleReports(new EventRecorder(client, executor, clock, "test")),
            new Observations(meters, "scalingschedule"),
            clock);
    new Triggers(lookout, steered, key -> {}, key -> {}).follow();
    lookout.informers().forEach(Informer::start);
    await().atMost(SOON).until(() -> lookout.informers().stream().allMatch(Informer::synced));
  }

  private Freezes freezes() {
    return new Freezes() {
      @Override
      public Optional<Freeze> of(String ns) {
        return freeze.get();
      }

      @Override
      public Optional<Freeze> live(String ns) {
        return freeze.get();
      }
    };
  }

  /** Makes ServiceScalers known to the API server. */
  static void define(Cluster cluster, Path crd) {
    cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", crd.toString()).orThrow();
    cluster
        .kubectl("wait", "--for=condition=Established", "crd/servicescalers.scaler.udaan.io")
        .orThrow();
    for (String own : List.of("scaledresources", "scalingschedules")) {
      Path file = Path.of("../charts/ebb/charts/crds/files/" + own + ".ebb.dev.yaml");
      cluster.kubectl("apply", "--server-side", "-f", file.toString()).orThrow();
      cluster.kubectl("wait", "--for=condition=Established", "crd/" + own + ".ebb.dev").orThrow();
    }
  }

  /** Steps the clock to an instant. */
  void at(String instant) {
    clock.advance(Duration.between(clock.instant(), Instant.parse(instant)));
  }

  private ResourceKey key(String name) {
    return new ResourceKey(namespace, name);
  }

  JsonNode json(String text) {
    return direct.json().readTree(text.replace('\'', '"'));
  }

  /** Creates a ServiceScaler; {@code meta} goes into its metadata. */
  void scaler(String name, String meta, String spec) {
    direct.create(
        ServiceScaler.TYPE,
        namespace,
        json(
            """
            {'apiVersion': 'scaler.udaan.io/v1', 'kind': 'ServiceScaler',
             'metadata': {'name': '%s' %s}, 'spec': %s}
            """
                .formatted(name, meta.isEmpty() ? "" : ", " + meta, spec)));
  }

  /** Creates an HPA that others made; {@code more} goes into its spec. */
  void foreignHpa(String name, String annotations, int min, int max, String more) {
    direct.create(
        Hpa.TYPE,
        namespace,
        json(
            """
            {'apiVersion': 'autoscaling/v2', 'kind': 'HorizontalPodAutoscaler',
             'metadata': {'name': '%s', 'annotations': {%s}},
             'spec': {'scaleTargetRef': {'apiVersion': 'apps/v2beta2', 'kind': 'Deployment',
               'name': '%s'}, 'minReplicas': %d, 'maxReplicas': %d %s}}
            """
                .formatted(name, annotations, name, min, max, more.isEmpty() ? "" : ", " + more)));
  }

  /** Creates a ScalingSchedule; {@code kind} is that of its target. */
  void schedule(String name, String kind, String target, String spec) {
    String version =
        kind.equals("ScaledResource") ? ScaledResource.TYPE.apiVersion() : Hpa.TYPE.apiVersion();
    direct.create(
        ScalingSchedule.TYPE,
        namespace,
        json(
            """
            {'apiVersion': 'ebb.dev/v1alpha1', 'kind': 'ScalingSchedule',
             'metadata': {'name': '%s'}, 'spec': {'targetRef': {'apiVersion': '%s',
               'kind': '%s', 'name': '%s'}, %s}}
            """
                .formatted(name, version, kind, target, spec)));
  }

  /** Creates a ScaledResource; {@code replicas} as it stands in its spec. */
  void resource(String name, String replicas) {
    direct.create(
        ScaledResource.TYPE,
        namespace,
        json(
            """
            {'apiVersion': 'ebb.dev/v1alpha1', 'kind': 'ScaledResource',
             'metadata': {'name': '%s'}, 'spec': {'targetRef': {'apiVersion': 'apps/v1',
               'kind': 'Deployment', 'name': '%s'}, 'replicas': {%s}}}
            """
                .formatted(name, name, replicas)));
  }

  ScaledResource resource(String name) {
    return direct.get(ScaledResource.TYPE, key(name));
  }

  Optional<ScalingSchedule> findSchedule(String name) {
    return direct.find(ScalingSchedule.TYPE, key(name));
  }

  /** Reconciles a schedule on what is there now, until nothing is written any more. */
  void settleSchedule(String name) {
    for (int pass = 0; pass < 10; pass++) {
      catchUpAll(name);
      int before = writes().size();
      schedules.reconcile(key(name));
      if (writes().size() == before) {
        return;
      }
    }
    throw new AssertionError(name + " does not settle: " + writes());
  }

  /** Reconciles a schedule once. */
  Result onceSchedule(String name) {
    return schedules.reconcile(key(name));
  }

  /** Waits until the caches show the schedule and every target in the namespace. */
  void catchUpAll(String name) {
    await()
        .atMost(SOON)
        .until(() ->
            same(lookout.schedules(), name)
                && lookout.hpas().inNamespace(namespace).allMatch(h -> same(lookout.hpas(), h))
                && lookout
                    .resources()
                    .inNamespace(namespace)
                    .allMatch(r -> same(lookout.resources(), r)));
  }

  private <T extends KubeObject> boolean same(Informer<T> informer, KubeObject object) {
    return same(informer, object.metadata().name());
  }

  <T> void patch(ResourceType<T> type, String name, String merge) {
    direct.patch(type, key(name), null, KubeClient.PatchType.MERGE, json(merge));
  }

  void delete(String name) {
    direct.delete(ServiceScaler.TYPE, direct.get(ServiceScaler.TYPE, key(name)).metadata());
  }

  Optional<Hpa> hpa(String name) {
    return direct.find(Hpa.TYPE, key(name));
  }

  JsonNode hpaJson(String name) {
    return direct.getRaw(Hpa.TYPE.path(namespace, name, null));
  }

  ServiceScaler.Status status(String name) {
    return direct.get(ServiceScaler.TYPE, key(name)).status();
  }

  Optional<ServiceScaler> find(String name) {
    return direct.find(ServiceScaler.TYPE, key(name));
  }

  /** Says what an HPA has: bounds, and targets of cpu and memory. */
  String bounds(String name) {
    JsonNode spec = hpaJson(name).path("spec");
    StringBuilder text = new StringBuilder();
    text.append(spec.path("minReplicas").asInt(0)).append('/').append(spec.path("maxReplicas"));
    for (JsonNode metric : spec.path("metrics")) {
      JsonNode resource = metric.path("resource");
      text.append(' ')
          .append(resource.path("name").asString(metric.path("type").asString("")))
          .append(resource.path("target").path("averageUtilization").asString(""));
    }
    return text.toString();
  }

  List<String> events(String name) {
    return direct
        .getRaw("/api/v1/namespaces/" + namespace + "/events")
        .path("items")
        .valueStream()
        .filter(e -> e.path("involvedObject").path("name").asString("").equals(name))
        .map(e -> e.path("reason").asString("") + " " + e.path("message").asString(""))
        .toList();
  }

  /** Reconciles once. */
  Result once(String name) {
    return reconciler.reconcile(key(name));
  }

  /** Reconciles on what is there now, until nothing is written any more. */
  void settle(String name) {
    for (int pass = 0; pass < 10; pass++) {
      catchUp(name);
      int before = writes().size();
      reconciler.reconcile(key(name));
      if (writes().size() == before) {
        return;
      }
    }
    throw new AssertionError(name + " does not settle: " + writes());
  }

  /** Settles one that a selector selects, once the cache shows it. */
  void settleSelected(String name) {
    await().atMost(SOON).until(() -> lookout.scalers().get(key(name)).isPresent());
    settle(name);
  }

  /** Waits until one is not selected any more. */
  void awaitGone(String name) {
    await().atMost(SOON).until(() -> lookout.scalers().get(key(name)).isEmpty());
  }

  /** Waits until the caches show what is there. */
  void catchUp(String name) {
    await().atMost(SOON).until(() -> same(lookout.scalers(), name) && same(lookout.hpas(), name));
  }

  private <T extends KubeObject> boolean same(Informer<T> informer, String name) {
    return version(informer.get(key(name)).orElse(null))
        .equals(version(direct.find(informer.type(), key(name)).orElse(null)));
  }

  private static String version(@Nullable KubeObject object) {
    return object == null ? "" : object.metadata().resourceVersion();
  }

  /** The writes so far, Events aside. */
  List<Exchange> writes() {
    return proxy.writes("time-scaler").stream()
        .filter(e -> !e.request().resource().equals("events"))
        .toList();
  }

  @Override
  public void close() {
    lookout.close();
    executor.close();
    proxy.close();
  }

  /** Whether a failure is a refusal by the API server with a code. */
  static boolean refused(Throwable failure, int code) {
    return failure instanceof KubeException e && e.code() == code;
  }
}
