package dev.ebb.nodescaler;

import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.PodTemplate;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.nodescaler.apply.BufferWriter;
import dev.ebb.nodescaler.apply.Clouds;
import dev.ebb.nodescaler.apply.Deletion;
import dev.ebb.nodescaler.apply.NodeWriter;
import dev.ebb.nodescaler.plan.Decider;
import dev.ebb.nodescaler.provider.DigitalOceanProvider;
import dev.ebb.nodescaler.provider.FakeDigitalOcean;
import dev.ebb.nodescaler.provider.FakeDigitalOcean.FakePool;
import dev.ebb.nodescaler.reconcile.BufferReconciler;
import dev.ebb.nodescaler.reconcile.Hands;
import dev.ebb.nodescaler.reconcile.Lookout;
import dev.ebb.nodescaler.reconcile.Observations;
import dev.ebb.nodescaler.reconcile.Reports;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.loop.Reconciler.Result;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.TestClients;
import dev.ebb.testkit.proxy.Exchange;
import dev.ebb.testkit.proxy.FaultProxy;
import dev.ebb.testkit.store.RawApi;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The reconciler as the service has it, over a real API server behind a fault proxy and
 * DigitalOcean's API as its reference describes it, by a clock that is stepped. There are no
 * kubelets and no controllers: nodes come, and are up, when a test says so.
 */
final class Harness implements AutoCloseable {

  static final Path CRD = Path.of("../charts/ebb/charts/crds/files/nodebuffers.ebb.dev.yaml");
  private static final Duration SOON = Duration.ofSeconds(20);

  final SteppedClock clock = new SteppedClock();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final FaultProxy proxy;
  final FakeDigitalOcean cloud;
  final KubeClient direct;
  private final RawApi raw;
  final String namespace;
  final AtomicReference<Optional<Freeze>> freeze = new AtomicReference<>(Optional.empty());
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final KubeClient client;
  private Lookout lookout;
  private BufferReconciler reconciler;

  Harness(Cluster cluster, String namespace) {
    this.namespace = namespace;
    // Objects get the API server's own time: it must not be another year.
    clock.advance(Duration.between(SteppedClock.START, Instant.now()));
    this.proxy = FaultProxy.before(cluster, 7);
    this.direct = TestClients.of(cluster, "test");
    this.raw = new RawApi(TestClients.apiClient(cluster.kubeconfig()));
    try {
      this.cloud = new FakeDigitalOcean(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.client = TestClients.of(proxy.client("nodes").kubeconfig(), "ebb-node-scaler");
    begin();
  }

  private void begin() {
    lookout = new Lookout(client, namespace, null, clock);
    DigitalOceanProvider provider =
        new DigitalOceanProvider(cloud.address(), () -> "secret", Duration.ofMillis(1));
    Clouds clouds = new Clouds(List.of(provider), () -> true, Runnable::run, meters, clock);
    Freezes freezes = freezes();
    Reports reports = new Reports(new EventRecorder(client, executor, clock, "test"));
    Observations observations = new Observations(meters);
    NodeWriter nodes = new NodeWriter(new ObjectWriter(client, lookout.informers()));
    reconciler =
        new BufferReconciler(
            lookout,
            clouds,
            client,
            freezes,
            new Hands(
                lookout,
                clouds,
                freezes,
                new Hands.Writers(nodes, nodes),
                new Deletion(client, nodes),
                reports,
                observations),
            new BufferWriter(new ObjectWriter(client, lookout.informers())),
            reports,
            observations,
            new BufferReconciler.Settings(
                Duration.ofMinutes(1),
                new Subject("v1", "Pod", Meta.named(namespace, "scaler", "scaler")),
                key -> {}),
            clock,
            Decider::decide);
    lookout.informers().forEach(Informer::start);
    await().atMost(SOON).until(() -> lookout.informers().stream().allMatch(Informer::synced));
  }

  /** The service begins anew, with nothing but what the API server and the cloud know. */
  void restart() {
    lookout.close();
    begin();
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

  /** Makes NodeBuffers known, and what a namespace's controllers would put into it. */
  static void prepare(Cluster cluster, String namespace) {
    cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", CRD.toString()).orThrow();
    cluster.kubectl("wait", "--for=condition=Established", "crd/nodebuffers.ebb.dev").orThrow();
    // Nobody makes it here, and no pod can be created without it.
    cluster.kubectlIn(namespace, "create", "serviceaccount", "default");
  }

  ResourceKey key(String name) {
    return new ResourceKey(namespace, name);
  }

  JsonNode json(String text) {
    return direct.json().readTree(text.replace('\'', '"'));
  }

  /**
   * Creates a buffer of four slots of 100m over the pool, the nodes and the servers of its name.
   *
   * @param more goes into its spec, and over what is there
   */
  void buffer(String name, int min, int max, String more) {
    direct.create(NodeBuffer.TYPE, namespace, json(manifest(name, name, min, max, more)));
  }

  static String manifest(String name, String pool, int min, int max, String more) {
    return """
    {'apiVersion': 'ebb.dev/v1alpha1', 'kind': 'NodeBuffer', 'metadata': {'name': '%1$s'},
     'spec': {
       'pool': {'provider': 'digitalocean', 'nodeSelector': 'role=%2$s', 'minNodes': %3$d,
         'maxNodes': %4$d, 'settings': {'cluster': 'cluster-0', 'pool': '%2$s'}},
       'servers': {'selector': 'app=%2$s'},
       'slot': {'resources': {'cpu': '100m'}},
       'free': {'slots': 4},
       'scaleDown': {'unneededFor': '2m', 'delayAfterAdd': '0s', 'hysteresisNodes': 0,
         'percentAtOnce': 100}%5$s}}
    """
        .formatted(name, pool, min, max, more.isEmpty() ? "" : ", " + more);
  }

  /** Makes a pool at the cloud, with nodes that are up. */
  FakePool pool(String name, int count) {
    FakePool pool = cloud.pool(name, count);
    bring(pool, name);
    return pool;
  }

  /** Lets the cloud bring what it owes: the nodes register and are up. */
  void bring(FakePool pool, String name) {
    for (String node : cloud.bring(pool)) {
      if (node(node).isEmpty()) {
        up(node, name);
      }
    }
  }

  /** Lets the cloud end what it was asked to: the Node objects go. */
  void end(FakePool pool, String name) {
    List<String> left = cloud.end(pool);
    for (Node node : nodes(name)) {
      if (!left.contains(node.metadata().name())) {
        direct.delete(Node.TYPE, node.metadata());
      }
    }
  }

  private void up(String name, String role) {
    direct.create(
        Node.TYPE,
        "",
        json(
            "{'apiVersion': 'v1', 'kind': 'Node', 'metadata': {'name': '%s', 'labels': {'role': '%s'}}}"
                .formatted(name, role)));
    ready(name, true);
  }

  /** Says whether a node is up, since now. */
  void ready(String node, boolean ready) {
    raw.merge(
        "/api/v1/nodes/" + node + "/status",
        """
        {status: {allocatable: {cpu: '1', memory: 4Gi, pods: '110'},
          capacity: {cpu: '1', memory: 4Gi, pods: '110'},
          conditions: [{type: Ready, status: '%s', reason: Kubelet, lastTransitionTime: '%s'}]}}
        """
            .formatted(ready ? "True" : "False", clock.instant().truncatedTo(ChronoUnit.SECONDS)));
  }

  /** Merges into a node, as an administrator does. */
  void admin(String node, String yaml) {
    raw.merge("/api/v1/nodes/" + node, yaml);
  }

  /** The nodes of a pool. */
  List<Node> nodes(String role) {
    return direct.list(Node.TYPE, null, Map.of("labelSelector", "role=" + role)).items();
  }

  Optional<Node> node(String name) {
    return direct
        .list(Node.TYPE, null, Map.of("fieldSelector", "metadata.name=" + name))
        .items()
        .stream()
        .findFirst();
  }

  Set<String> draining(String role) {
    return nodes(role).stream()
        .filter(Node::draining)
        .map(n -> n.metadata().name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Creates servers on a node, or such that wait when its name is empty. */
  void servers(String role, String node, int count) {
    for (int i = 0; i < count; i++) {
      pod(role + "-" + (node.isEmpty() ? "waits" : node) + "-" + i + "x", role, node);
    }
  }

  void pod(String name, String app, String node) {
    direct.create(
        ServerPod.TYPE,
        namespace,
        json(
            """
            {'apiVersion': 'v1', 'kind': 'Pod',
             'metadata': {'name': '%s', 'labels': {'app': '%s'}},
             'spec': {%s'terminationGracePeriodSeconds': 0, 'containers': [{'name': 'c', 'image': 'none',
               'resources': {'requests': {'cpu': '100m'}}}]}}
            """
                .formatted(name, app, node.isEmpty() ? "" : "'nodeName': '" + node + "', ")));
  }

  /** Ends pods whose names begin so. */
  void stop(String prefix) {
    for (ServerPod pod : direct.list(ServerPod.TYPE, namespace, Map.of()).items()) {
      if (pod.metadata().name().startsWith(prefix)) {
        direct.delete(ServerPod.TYPE, pod.metadata());
      }
    }
  }

  void template(String name, String cpu) {
    direct.create(
        PodTemplate.TYPE,
        namespace,
        json(
            """
            {'apiVersion': 'v1', 'kind': 'PodTemplate', 'metadata': {'name': '%s'},
             'template': {'metadata': {'labels': {'app': 'x'}},
               'spec': {'containers': [{'name': 'c', 'image': 'none',
                 'resources': {'requests': {'cpu': '%s'}}}]}}}
            """
                .formatted(name, cpu)));
  }

  void patch(String buffer, String merge) {
    direct.patch(NodeBuffer.TYPE, key(buffer), null, KubeClient.PatchType.MERGE, json(merge));
  }

  void delete(String buffer) {
    direct.delete(NodeBuffer.TYPE, direct.get(NodeBuffer.TYPE, key(buffer)).metadata());
  }

  NodeBuffer.Status status(String buffer) {
    return direct.get(NodeBuffer.TYPE, key(buffer)).status();
  }

  String ready(String buffer) {
    return said(buffer, "Ready");
  }

  String said(String buffer, String condition) {
    return status(buffer)
        .condition(condition)
        .map(c -> c.status() + " " + c.reason() + ": " + c.message())
        .orElse("none");
  }

  List<String> events(String name) {
    return direct
        .getRaw("/api/v1/events")
        .path("items")
        .valueStream()
        .filter(e -> e.path("involvedObject").path("name").asString("").equals(name))
        .map(e -> e.path("reason").asString("") + " " + e.path("message").asString(""))
        .toList();
  }

  /** Reconciles once on what is there now. */
  Result once(String buffer) {
    catchUp();
    return reconciler.reconcile(key(buffer));
  }

  /** Reconciles once on whatever the caches show. */
  void onWhatIsKnown(String buffer) {
    reconciler.reconcile(key(buffer));
  }

  /** Reconciles until nothing is written any more, to the API server and to the cloud. */
  void settle(String buffer) {
    for (int pass = 0; pass < 12; pass++) {
      int before = writes().size() + cloudWrites().size();
      once(buffer);
      if (writes().size() + cloudWrites().size() == before) {
        return;
      }
    }
    throw new AssertionError(buffer + " does not settle: " + writes() + cloudWrites());
  }

  /** Waits until the caches show what is there. */
  void catchUp() {
    await()
        .atMost(SOON)
        .until(() ->
            same(lookout.buffers(), namespace)
                && same(lookout.templates(), namespace)
                && same(lookout.nodes(), null)
                && same(lookout.pods(), null));
  }

  private <T extends KubeObject> boolean same(
      Informer<T> informer, @org.jspecify.annotations.Nullable String where) {
    return versions(informer.list())
        .equals(versions(direct.list(informer.type(), where, Map.of()).items()));
  }

  private static Map<String, String> versions(Collection<? extends KubeObject> objects) {
    return objects.stream()
        .collect(
            Collectors.toMap(
                o -> o.metadata().namespace() + "/" + o.metadata().name(),
                o -> o.metadata().resourceVersion()));
  }

  /** The writes so far, Events aside. */
  List<Exchange> writes() {
    return proxy.writes("nodes").stream()
        .filter(e -> !e.request().resource().equals("events"))
        .toList();
  }

  /** What the cloud was asked to change. */
  List<String> cloudWrites() {
    return cloud.calls.stream().filter(call -> !call.startsWith("GET")).toList();
  }

  @Override
  public void close() {
    lookout.close();
    executor.close();
    proxy.close();
    cloud.close();
  }
}
