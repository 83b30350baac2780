package dev.ebb.timescaler;

import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.Kinds;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.loop.LoopSettings;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.runtime.loop.Reconciler.Result;
import dev.ebb.runtime.model.Namespace;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.runtime.scale.ScaleSubresourceScaler;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.TestClients;
import dev.ebb.testkit.proxy.Exchange;
import dev.ebb.testkit.proxy.FaultProxy;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.Steerable;
import dev.ebb.timescaler.apply.HpaWriter;
import dev.ebb.timescaler.apply.ScalerWriter;
import dev.ebb.timescaler.apply.ScheduleWriter;
import dev.ebb.timescaler.apply.TargetWriter;
import dev.ebb.timescaler.reconcile.Lookout;
import dev.ebb.timescaler.reconcile.Observations;
import dev.ebb.timescaler.reconcile.Reports;
import dev.ebb.timescaler.reconcile.ScalingScheduleReconciler;
import dev.ebb.timescaler.reconcile.ScheduleReports;
import dev.ebb.timescaler.reconcile.ServiceScalerReconciler;
import dev.ebb.timescaler.reconcile.Steered;
import dev.ebb.timescaler.reconcile.TargetHands;
import dev.ebb.timescaler.reconcile.TargetViews;
import dev.ebb.timescaler.reconcile.Triggers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
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
  final Set<ResourceKey> asked = ConcurrentHashMap.newKeySet();
  private final Lookout lookout;
  private final ServiceScalerReconciler reconciler;
  private final ScalingScheduleReconciler schedules;

  Harness(Cluster cluster, String namespace, String labelSelector) {
    this(cluster, namespace, labelSelector, List.of());
  }

  /**
   * Takes more kinds of targets. With them it looks at all namespaces, as a service does that was
   * not told otherwise.
   */
  Harness(
      Cluster cluster,
      String namespace,
      String labelSelector,
      List<ResourceType<Steerable>> kinds) {
    this.namespace = namespace;
    this.proxy = FaultProxy.before(cluster, 7);
    this.direct = TestClients.of(cluster, "test");
    KubeClient client = TestClients.of(proxy.client("time-scaler").kubeconfig(), "ebb-time-scaler");
    this.lookout =
        new Lookout(client, kinds.isEmpty() ? namespace : null, labelSelector, kinds, clock);
    ObjectWriter writes = new ObjectWriter(client, lookout.all());
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
    ResourceScalers scalers =
        new ResourceScalers(
            List.of(new ScaleSubresourceScaler(client, new Kinds(client), executor)), freezes());
    TargetViews views = new TargetViews(lookout, freezes(), scalers);
    ScheduleReports reports =
        new ScheduleReports(new EventRecorder(client, executor, clock, "test"));
    TargetHands.Writers writers =
        new TargetHands.Writers(
            new HpaWriter(writes), new ScheduleWriter(writes), new TargetWriter(writes, scalers));
    this.schedules =
        new ScalingScheduleReconciler(
            lookout,
            steered,
            client,
            views,
            new TargetHands(lookout, writers, writers, reports),
            reports,
            new Observations(meters, "scalingschedule"),
            clock);
    new Triggers(lookout, steered, views, key -> {}, asked::add).follow();
    lookout.all().forEach(Informer::start);
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

  /** Creates a ScalingSchedule; {@code target} says version and kind. */
  void scheduleOn(String name, String target, String targetName, String spec) {
    scheduleRaw(name, "'targetRef': {%s, 'name': '%s'}, %s".formatted(target, targetName, spec));
  }

  /** Creates a ScalingSchedule with this spec. */
  void scheduleRaw(String name, String spec) {
    direct.create(
        ScalingSchedule.TYPE,
        namespace,
        json(
            """
            {'apiVersion': 'ebb.dev/v1alpha1', 'kind': 'ScalingSchedule',
             'metadata': {'name': '%s'}, 'spec': {%s}}
            """
                .formatted(name, spec)));
  }

  /** Creates an HPA with labels. */
  void labelledHpa(String name, String labels, String annotations, int min, int max) {
    foreignHpa(name, annotations, min, max, "");
    patch(Hpa.TYPE, name, "{'metadata': {" + labels + "}}");
  }

  private static final ResourceType<Steerable> DEPLOYMENTS =
      new ResourceType<>("apps", "v1", "deployments", "Deployment", Steerable.class);

  /** Creates a Deployment whose pods nobody runs. */
  void deployment(String name, int replicas) {
    direct.create(
        DEPLOYMENTS,
        namespace,
        json(
            """
            {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': '%s'},
             'spec': {'replicas': %d, 'selector': {'matchLabels': {'app': '%s'}},
               'template': {'metadata': {'labels': {'app': '%s'}}, 'spec': {'containers': [
                 {'name': 'main', 'image': 'none.example'}]}}}}
            """
                .formatted(name, replicas, name, name)));
    awaitOther("apps/Deployment", name);
  }

  private void awaitOther(String id, String name) {
    Informer<Steerable> informer = Objects.requireNonNull(lookout.other(id));
    await().atMost(SOON).until(() -> informer.get(key(name)).isPresent());
  }

  int replicas(String deployment) {
    return direct
        .getRaw(DEPLOYMENTS.path(namespace, deployment, null))
        .path("spec")
        .path("replicas")
        .asInt(-1);
  }

  void scale(String deployment, int replicas) {
    patch(DEPLOYMENTS, deployment, "{'spec': {'replicas': " + replicas + "}}");
  }

  /** Returns the annotations of an object, those of Kubernetes' own controllers aside. */
  <T extends KubeObject> Map<String, String> annotations(ResourceType<T> type, String name) {
    Map<String, String> all = new TreeMap<>(direct.get(type, key(name)).metadata().annotations());
    all.keySet().removeIf(key -> key.startsWith("deployment.kubernetes.io/"));
    return all;
  }

  /** Creates a ScaledObject of KEDA. */
  void scaledObject(String name, String annotations, String spec) {
    direct.create(
        Steerable.SCALED_OBJECT,
        namespace,
        json(
            """
            {'apiVersion': 'keda.sh/v1alpha1', 'kind': 'ScaledObject',
             'metadata': {'name': '%s', 'annotations': {%s}},
             'spec': {'scaleTargetRef': {'name': '%s'}, %s, 'triggers': [{'type': 'cpu',
               'metadata': {'value': '50'}}]}}
            """
                .formatted(name, annotations, name, spec)));
    awaitOther("keda.sh/ScaledObject", name);
  }

  /** Returns the bounds of a ScaledObject; empty for what it does not say. */
  String keda(String name) {
    Steerable.Spec spec = direct.get(Steerable.SCALED_OBJECT, key(name)).spec();
    return Objects.toString(spec.minReplicaCount(), "")
        + "/"
        + Objects.toString(spec.maxReplicaCount(), "");
  }

  /** Waits until a Deployment of another namespace, and that namespace's labels, are seen. */
  void awaitSeen(String otherNamespace, String deployment) {
    Informer<Steerable> informer = Objects.requireNonNull(lookout.other("apps/Deployment"));
    await()
        .atMost(SOON)
        .until(() ->
            informer.get(new ResourceKey(otherNamespace, deployment)).isPresent()
                && lookout
                    .namespaces()
                    .get(Namespace.key(otherNamespace))
                    .filter(n -> n.metadata().labels().containsKey("stage"))
                    .isPresent());
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
                    .allMatch(r -> same(lookout.resources(), r))
                && lookout.others().values().stream().allMatch(this::current));
  }

  private boolean current(Informer<Steerable> others) {
    return !others.synced()
        || others.inNamespace(namespace).allMatch(object -> same(others, object));
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

  /** Returns the schedules that the cache shows. */
  List<ResourceKey> known() {
    return lookout.schedules().inNamespace(namespace).map(ScalingSchedule::key).toList();
  }

  /** Returns how many HPAs the cache shows. */
  long targets() {
    return lookout.hpas().inNamespace(namespace).count();
  }

  /** Returns the names of the objects that have an Event with a reason. */
  Set<String> told(String reason) {
    return direct
        .getRaw("/api/v1/namespaces/" + namespace + "/events?limit=20000")
        .path("items")
        .valueStream()
        .filter(event -> event.path("reason").asString("").equals(reason))
        .map(event -> event.path("involvedObject").path("name").asString(""))
        .collect(Collectors.toSet());
  }

  /** The service's loop over schedules; started and closed by the caller. */
  ReconcileLoop<ResourceKey> loop() {
    return new ReconcileLoop<>("scalingschedule", schedules, meters, LoopSettings.defaults());
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
