package dev.ebb.selector;

import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.loop.Reconciler.Result;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.apply.PoolWriter;
import dev.ebb.selector.plan.Natural;
import dev.ebb.selector.plan.Pool;
import dev.ebb.selector.reconcile.Lookout;
import dev.ebb.selector.reconcile.Observations;
import dev.ebb.selector.reconcile.PoolReconciler;
import dev.ebb.selector.reconcile.Reports;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.TestClients;
import dev.ebb.testkit.proxy.Exchange;
import dev.ebb.testkit.proxy.FaultProxy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The reconciler as the service has it, over a real API server behind a fault proxy, by a clock
 * that is stepped. There are no kubelets: pods are ready when a test says so.
 */
final class Harness implements AutoCloseable {

  static final Path CRD =
      Path.of("../charts/ebb/charts/selector-operator/files/servicepools.ebb.dev.yaml");

  private static final Map<String, String> OWN =
      Map.of("labelSelector", EndpointSlice.MANAGED_BY_LABEL + "=" + Marks.SLICES);
  private static final Duration SOON = Duration.ofSeconds(20);

  final SteppedClock clock = new SteppedClock();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final FaultProxy proxy;
  final KubeClient direct;
  final String namespace;
  final AtomicReference<Optional<Freeze>> freeze = new AtomicReference<>(Optional.empty());
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Lookout lookout;
  private final PoolReconciler reconciler;

  Harness(Cluster cluster, String namespace, @Nullable Pool environment) {
    this.namespace = namespace;
    this.proxy = FaultProxy.before(cluster, 7);
    this.direct = TestClients.of(cluster, "test");
    KubeClient client =
        TestClients.of(proxy.client("selector").kubeconfig(), "ebb-selector-operator");
    this.lookout = new Lookout(client, namespace, environment, clock);
    PoolWriter writer = new PoolWriter(new ObjectWriter(client, lookout.informers()));
    this.reconciler =
        new PoolReconciler(
            lookout,
            client,
            freezes(),
            new PoolReconciler.Writers(writer, writer),
            new Reports(new EventRecorder(client, executor, clock, "test")),
            new Observations(meters),
            new Subject("v1", "Pod", Meta.named(namespace, "operator", "operator")),
            clock);
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

  /** Makes ServicePools known to the API server. */
  static void define(Cluster cluster) {
    cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", CRD.toString()).orThrow();
    cluster.kubectl("wait", "--for=condition=Established", "crd/servicepools.ebb.dev").orThrow();
  }

  ResourceKey key(String name) {
    return new ResourceKey(namespace, name);
  }

  JsonNode json(String text) {
    return direct.json().readTree(text.replace('\'', '"'));
  }

  /** Creates a pool over StatefulSet {@code set}; {@code more} goes into its spec. */
  void pool(String name, String set, String prefix, String more) {
    direct.create(
        ServicePool.TYPE,
        namespace,
        json(
            """
            {'apiVersion': 'ebb.dev/v1alpha1', 'kind': 'ServicePool', 'metadata': {'name': '%s'},
             'spec': {'pods': {'statefulSet': '%s'}, 'services': {'prefix': '%s'} %s}}
            """
                .formatted(name, set, prefix, more.isEmpty() ? "" : ", " + more)));
  }

  /** Creates a Service; {@code more} goes into its spec. */
  void service(String name, String annotations, String more) {
    direct.create(
        Service.TYPE,
        namespace,
        json(
            """
            {'apiVersion': 'v1', 'kind': 'Service',
             'metadata': {'name': '%s', 'annotations': {%s}},
             'spec': {'ports': [{'port': 1234}] %s}}
            """
                .formatted(name, annotations, more.isEmpty() ? "" : ", " + more)));
  }

  /** Creates Services {@code prefix0} … that select the pods of a set. */
  void services(String prefix, int count, String set) {
    for (int i = 0; i < count; i++) {
      service(prefix + i, "", "'selector': {'app': '" + set + "'}");
    }
  }

  /** Creates a StatefulSet whose controller may make no pods: their account does not exist. */
  void set(String name, int replicas) {
    direct.create(
        Workload.STATEFUL_SET,
        namespace,
        json(
            """
            {'apiVersion': 'apps/v1', 'kind': 'StatefulSet', 'metadata': {'name': '%1$s'},
             'spec': {'replicas': %2$d, 'serviceName': '%1$s',
               'updateStrategy': {'type': 'OnDelete'},
               'selector': {'matchLabels': {'app': '%1$s'}},
               'template': {'metadata': {'labels': {'app': '%1$s'}},
                 'spec': {'serviceAccountName': 'nobody',
                   'containers': [{'name': 'c', 'image': 'none'}]}}}}
            """
                .formatted(name, replicas)));
  }

  void scale(String set, int replicas) {
    patch(Workload.STATEFUL_SET, set, "{'spec': {'replicas': %d}}".formatted(replicas));
  }

  /** Creates a pod of a set that is ready. */
  void pod(String set, int ordinal) {
    String uid = direct.get(Workload.STATEFUL_SET, key(set)).metadata().uid();
    String name = set + "-" + ordinal;
    direct.create(
        Pod.TYPE,
        namespace,
        json(
            """
            {'apiVersion': 'v1', 'kind': 'Pod',
             'metadata': {'name': '%1$s', 'finalizers': ['test/stay'],
               'labels': {'app': '%2$s', 'statefulset.kubernetes.io/pod-name': '%1$s'},
               'ownerReferences': [{'apiVersion': 'apps/v1', 'kind': 'StatefulSet',
                 'name': '%2$s', 'uid': '%3$s', 'controller': true}]},
             'spec': {'terminationGracePeriodSeconds': 0,
               'containers': [{'name': 'c', 'image': 'none'}]}}
            """
                .formatted(name, set, uid)));
    ready(name, true);
  }

  void pods(String set, int count) {
    for (int i = 0; i < count; i++) {
      pod(set, i);
    }
  }

  /** Says whether a pod is ready, since now. */
  void ready(String pod, boolean ready) {
    direct.patch(
        Pod.TYPE,
        key(pod),
        "status",
        KubeClient.PatchType.MERGE,
        json(
            """
            {'status': {'phase': 'Running', 'conditions': [
              {'type': 'Ready', 'status': '%s', 'lastTransitionTime': '%s'}]}}
            """
                .formatted(
                    ready ? "True" : "False",
                    clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS))));
  }

  /** Gives a pod an address. */
  void address(String pod, String ip) {
    direct.patch(
        Pod.TYPE,
        key(pod),
        "status",
        KubeClient.PatchType.MERGE,
        json("{'status': {'podIP': '%1$s', 'podIPs': [{'ip': '%1$s'}]}}".formatted(ip)));
  }

  /** The endpoints of a Service: pod, address, and whether it is ready. */
  List<String> endpoints(String service) {
    return direct
        .list(EndpointSlice.TYPE, namespace, EndpointSlice.ofService(service))
        .items()
        .stream()
        .flatMap(s -> s.endpoints().stream())
        .map(e ->
            (e.targetRef() == null ? "" : e.targetRef().name())
                + " "
                + e.addresses().getFirst()
                + " "
                + e.ready())
        .toList();
  }

  /** Asks for a pod's deletion; it stays terminating until {@link #gone}. */
  void terminate(String pod) {
    direct
        .find(Pod.TYPE, key(pod))
        .filter(p -> !p.metadata().deleting())
        .ifPresent(p -> direct.delete(Pod.TYPE, p.metadata()));
  }

  /** Lets a terminating pod go. */
  void gone(String pod) {
    patch(Pod.TYPE, pod, "{'metadata': {'finalizers': null}}");
    await().atMost(SOON).until(() -> direct.find(Pod.TYPE, key(pod)).isEmpty());
  }

  <T> void patch(ResourceType<T> type, String name, String merge) {
    direct.patch(type, key(name), null, KubeClient.PatchType.MERGE, json(merge));
  }

  void deletePool(String name) {
    direct.delete(ServicePool.TYPE, direct.get(ServicePool.TYPE, key(name)).metadata());
  }

  Map<String, String> selector(String service) {
    return direct.get(Service.TYPE, key(service)).spec().selector();
  }

  Service find(String service) {
    return direct.get(Service.TYPE, key(service));
  }

  /** The map as it is: each Service with the prefix, and the pod that it points at. */
  Map<String, String> map(String prefix) {
    Map<String, String> map = new TreeMap<>(Natural.ORDER);
    for (Service service : direct.list(Service.TYPE, namespace, Map.of()).items()) {
      String pod = service.spec().selector().get(Marks.POD_NAME);
      if (service.metadata().name().startsWith(prefix) && pod != null) {
        map.put(service.metadata().name(), pod);
      }
    }
    return map;
  }

  ServicePool.Status status(String pool) {
    return direct.get(ServicePool.TYPE, key(pool)).status();
  }

  String ready(String pool) {
    return status(pool)
        .condition("Ready")
        .map(c -> c.status() + " " + c.reason() + ": " + c.message())
        .orElse("none");
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
  Result once(String pool) {
    return reconciler.reconcile(key(pool));
  }

  /** Reconciles on what is there now, until nothing is written any more. */
  void settle(String pool) {
    for (int pass = 0; pass < 10; pass++) {
      catchUp();
      int before = writes().size();
      reconciler.reconcile(key(pool));
      if (writes().size() == before) {
        return;
      }
    }
    throw new AssertionError(pool + " does not settle: " + writes());
  }

  /** Waits until the caches show what is there. */
  void catchUp() {
    await()
        .atMost(SOON)
        .until(() ->
            same(lookout.pools())
                && same(lookout.services())
                && same(lookout.pods())
                && same(lookout.sets())
                && lookout.slices().list().size()
                    == direct.list(EndpointSlice.TYPE, namespace, OWN).items().size());
  }

  private <T extends KubeObject> boolean same(Informer<T> informer) {
    return versions(informer.list())
        .equals(versions(direct.list(informer.type(), namespace, Map.of()).items()));
  }

  private static Map<String, String> versions(java.util.Collection<? extends KubeObject> objects) {
    return objects.stream()
        .collect(Collectors.toMap(o -> o.metadata().name(), o -> o.metadata().resourceVersion()));
  }

  /** The writes so far, Events aside. */
  List<Exchange> writes() {
    return proxy.writes("selector").stream()
        .filter(e -> !e.request().resource().equals("events"))
        .toList();
  }

  @Override
  public void close() {
    lookout.close();
    executor.close();
    proxy.close();
  }
}
