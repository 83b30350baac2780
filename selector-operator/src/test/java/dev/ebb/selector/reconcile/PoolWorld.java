package dev.ebb.selector.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.apply.PoolWriter;
import dev.ebb.selector.plan.Observed;
import dev.ebb.selector.plan.Plan;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.history.WorldApi;
import dev.ebb.testkit.store.MemoryApi;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;
import tools.jackson.databind.JsonNode;

/**
 * A namespace with one pool, its pods and its Services, and the operator over it. After each thing
 * that happens it comes to rest; then its objects are judged by rules that know nothing of how it
 * decides.
 */
final class PoolWorld implements dev.ebb.testkit.history.Subject {

  private static final Path CRD =
      Path.of("../charts/ebb/charts/selector-operator/files/servicepools.ebb.dev.yaml");
  private static final String NS = "default";
  private static final String POOL = "pool";
  private static final List<String> SERVICES = List.of("services");

  private final SteppedClock clock = new SteppedClock();
  private final WorldApi api;
  private final KubeClient users;
  private final Function<Observed, Plan> planner;
  private final AtomicInteger failing = new AtomicInteger();
  private Lookout lookout;
  private PoolReconciler reconciler;
  private int passes;
  private Map<String, String> before = new TreeMap<>();
  // Whose key others changed since it was written last: how late that is mended is not judged here.
  private final TreeSet<String> edited = new TreeSet<>();

  /** Makes one over an API in memory. */
  PoolWorld(Function<Observed, Plan> planner) {
    this(planner, MemoryApi::new);
  }

  /**
   * Makes one.
   *
   * @param apis makes the API, which tells the time of a clock
   */
  PoolWorld(Function<Observed, Plan> planner, Function<InstantSource, WorldApi> apis) {
    this.api = apis.apply(clock).define(CRD);
    this.users = api.client("user");
    this.planner = planner;
    make(
        Workload.STATEFUL_SET,
        """
        {'metadata': {'name': 'set'}, 'spec': {'replicas': 3, 'serviceName': 'set',
          'selector': {'matchLabels': {'app': 'set'}},
          'template': {'metadata': {'labels': {'app': 'set'}},
            'spec': {'containers': [{'name': 'c', 'image': 'none'}]}}}}
        """);
    make(
        ServicePool.TYPE,
        """
        {'metadata': {'name': 'pool'}, 'spec': {'pods': {'statefulSet': 'set'},
          'services': {'prefix': 'svc-'}, 'homeWindow': '0s'}}
        """);
    make(
        Service.TYPE,
        "{'metadata': {'name': 'web'}, 'spec': {'ports': [{'port': 1}], 'selector': {'app': 'web'}}}");
    for (int i = 0; i < 3; i++) {
      pod(i);
    }
    for (int i = 0; i < 5; i++) {
      service(i);
    }
    begin();
  }

  /** The operator starts, with no memory. */
  private void begin() {
    KubeClient client = api.client("ebb-selector-operator", this::fault);
    lookout = new Lookout(client, NS, null, clock);
    PoolWriter writer = new PoolWriter(new ObjectWriter(client, lookout.informers()));
    reconciler =
        new PoolReconciler(
            lookout,
            client,
            Freezes.NONE,
            new PoolReconciler.Writers(writer, writer),
            new Reports(new EventRecorder(client, task -> {}, clock, "test")),
            new Observations(new SimpleMeterRegistry()),
            new Subject("v1", "Pod", Meta.named(NS, "operator")),
            clock,
            planner);
    lookout.informers().forEach(Informer::start);
    api.awaitDrained(lookout.informers().size(), Duration.ofSeconds(20));
  }

  void restart() {
    lookout.close();
    api.endWatches();
    begin();
  }

  private Response fault(Interceptor.Chain chain) throws java.io.IOException {
    boolean write = !chain.request().method().equals("GET");
    if (!write || failing.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
      return chain.proceed(chain.request());
    }
    return new Response.Builder()
        .request(chain.request())
        .protocol(Protocol.HTTP_1_1)
        .code(503)
        .message("fault")
        .body(ResponseBody.create("{}", okhttp3.MediaType.get("application/json")))
        .build();
  }

  private <T> void make(ResourceType<T> type, String text) {
    JsonNode body = users.json().readTree(text.replace('\'', '"'));
    ((tools.jackson.databind.node.ObjectNode) body)
        .put("apiVersion", type.apiVersion())
        .put("kind", type.kind());
    users.create(type, NS, body);
  }

  private <T> boolean there(ResourceType<T> type, String name) {
    return users.find(type, new ResourceKey(NS, name)).isPresent();
  }

  private <T> void patch(ResourceType<T> type, String name, String sub, String text) {
    if (there(type, name)) {
      users.patch(
          type,
          new ResourceKey(NS, name),
          sub.isEmpty() ? null : sub,
          KubeClient.PatchType.MERGE,
          users.json().readTree(text.replace('\'', '"')));
    }
  }

  void pod(int ordinal) {
    if (there(Pod.TYPE, "set-" + ordinal)) {
      return;
    }
    String uid = users.get(Workload.STATEFUL_SET, new ResourceKey(NS, "set")).metadata().uid();
    make(
        Pod.TYPE,
        """
        {'metadata': {'name': 'set-%1$d', 'finalizers': ['test/stay'], 'labels': {'app': 'set',
          'statefulset.kubernetes.io/pod-name': 'set-%1$d'},
          'ownerReferences': [{'apiVersion': 'apps/v1', 'kind': 'StatefulSet', 'name': 'set',
            'uid': '%2$s', 'controller': true}]}, 'spec': {'containers': [{'name': 'c', 'image': 'none'}]}}
        """
            .formatted(ordinal, uid));
    ready(ordinal, true);
  }

  void ready(int ordinal, boolean ready) {
    patch(
        Pod.TYPE,
        "set-" + ordinal,
        "status",
        "{'status': {'conditions': [{'type': 'Ready', 'status': '%s'}]}}"
            .formatted(ready ? "True" : "False"));
  }

  void terminate(int ordinal) {
    users
        .find(Pod.TYPE, new ResourceKey(NS, "set-" + ordinal))
        .filter(p -> !p.metadata().deleting())
        .ifPresent(p -> users.delete(Pod.TYPE, p.metadata()));
  }

  void gone(int ordinal) {
    terminate(ordinal);
    patch(Pod.TYPE, "set-" + ordinal, "", "{'metadata': {'finalizers': null}}");
  }

  void scale(int replicas) {
    patch(Workload.STATEFUL_SET, "set", "", "{'spec': {'replicas': %d}}".formatted(replicas));
  }

  void service(int number) {
    if (!there(Service.TYPE, "svc-" + number)) {
      make(
          Service.TYPE,
          """
          {'metadata': {'name': 'svc-%d'}, 'spec': {'ports': [{'port': 1}],
            'selector': {'app': 'set'}}}
          """
              .formatted(number));
    }
  }

  void removeService(int number) {
    users
        .find(Service.TYPE, new ResourceKey(NS, "svc-" + number))
        .ifPresent(s -> users.delete(Service.TYPE, s.metadata()));
  }

  void opt(int number, boolean in) {
    patch(
        Service.TYPE,
        "svc-" + number,
        "",
        "{'metadata': {'annotations': {'ebb.dev/managed': %s}}}"
            .formatted(in ? "null" : "'false'"));
  }

  void edit(int number) {
    // What nobody manages is its owner's to edit.
    if (users
        .find(Service.TYPE, new ResourceKey(NS, "svc-" + number))
        .filter(s -> s.metadata().annotations().containsKey(Marks.POOL))
        .isPresent()) {
      edited.add("svc-" + number);
      patch(
          Service.TYPE,
          "svc-" + number,
          "",
          "{'spec': {'selector': {'%s': 'other'}}}".formatted(Marks.POD_NAME));
    }
  }

  void failNext(int writes) {
    failing.set(writes);
  }

  void pass(Duration time) {
    clock.advance(time);
  }

  /** Reconciles until nothing is written any more, as the loop would. */
  private void settle() {
    for (passes = 0; passes < 12; passes++) {
      api.awaitDrained(lookout.informers().size(), Duration.ofSeconds(20));
      long revision = api.revision(List.of("services", "servicepools"));
      boolean failed = false;
      try {
        reconciler.reconcile(new ResourceKey(NS, POOL));
      } catch (KubeException e) {
        failed = true;
      }
      if (!failed && api.revision(List.of("services", "servicepools")) == revision) {
        return;
      }
    }
    throw new AssertionError("it does not come to rest");
  }

  @Override
  public void check() {
    settle();
    Collection<Service> services = users.list(Service.TYPE, NS, Map.of()).items();
    TreeSet<String> eligible = eligible();
    Map<String, String> now = new TreeMap<>();
    for (Service service : services) {
      judge(service, eligible, now);
    }
    edited.retainAll(now.keySet());
    if (!eligible.isEmpty() && edited.isEmpty()) {
      fair(now, eligible);
    }
    before = now;
  }

  private void judge(Service service, TreeSet<String> eligible, Map<String, String> now) {
    String name = service.metadata().name();
    Map<String, String> selector = service.spec().selector();
    assertThat(selector)
        .as("the rest of %s", name)
        .containsEntry("app", name.equals("web") ? "web" : "set");
    String pod = selector.get(Marks.POD_NAME);
    boolean managed =
        !name.equals("web") && !"false".equals(service.metadata().annotations().get(Marks.MANAGED));
    if (!managed) {
      if (!edited.contains(name)) {
        assertThat(pod).as("the key of %s", name).isNull();
      }
      assertThat(service.metadata().annotations()).doesNotContainKeys(Marks.POOL, Marks.POD);
      return;
    }
    if (edited.contains(name) && !"other".equals(pod)) {
      edited.remove(name);
    }
    if (!eligible.isEmpty() && !edited.contains(name)) {
      assertThat(eligible).as("who may have %s", name).contains(String.valueOf(pod));
    }
    now.put(name, String.valueOf(pod));
  }

  /** The pods that may have Services, by the objects alone. */
  private TreeSet<String> eligible() {
    int replicas = users.get(Workload.STATEFUL_SET, new ResourceKey(NS, "set")).replicas();
    TreeSet<String> names = new TreeSet<>();
    for (Pod pod : users.list(Pod.TYPE, NS, Map.of()).items()) {
      int ordinal = Integer.parseInt(pod.metadata().name().substring("set-".length()));
      boolean ready =
          pod.status().conditions().stream()
              .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
      if (ready && pod.metadata().deletionTimestamp() == null && ordinal < replicas) {
        names.add(pod.metadata().name());
      }
    }
    return names;
  }

  /** At most one more than another, and the fewest moves. */
  private void fair(Map<String, String> now, TreeSet<String> eligible) {
    List<Long> counts = new ArrayList<>();
    List<Long> kept = new ArrayList<>();
    for (String pod : eligible) {
      counts.add(now.values().stream().filter(pod::equals).count());
      kept.add(now.keySet().stream().filter(name -> pod.equals(before.get(name))).count());
    }
    long most = counts.stream().mapToLong(n -> n).max().orElse(0);
    long least = counts.stream().mapToLong(n -> n).min().orElse(0);
    assertThat(most - least).as("imbalance of %s", now).isLessThanOrEqualTo(1);
    long moved =
        now.entrySet().stream()
            .filter(e -> !Objects.equals(e.getValue(), before.get(e.getKey())))
            .count();
    kept.sort(java.util.Comparator.reverseOrder());
    long low = now.size() / eligible.size();
    long tall = now.size() % eligible.size();
    long stay = 0;
    for (int i = 0; i < kept.size(); i++) {
      stay += Math.min(kept.get(i), i < tall ? low + 1 : low);
    }
    // What others edited is not where it was, and comes back to where it was.
    assertThat(moved).as("moves from %s to %s", before, now).isLessThanOrEqualTo(now.size() - stay);
  }

  @Override
  public void end() {
    long revision = api.revision(SERVICES);
    clock.advance(Duration.ofHours(2));
    settle();
    restart();
    edited.clear();
    check();
    long rest = api.revision(SERVICES);
    clock.advance(Duration.ofMinutes(3));
    settle();
    assertThat(api.revision(SERVICES)).as("writes at rest").isEqualTo(rest);
    assertThat(rest).isGreaterThanOrEqualTo(revision);
    users
        .find(ServicePool.TYPE, new ResourceKey(NS, POOL))
        .ifPresent(p -> users.delete(ServicePool.TYPE, p.metadata()));
    settle();
    for (Service service : users.list(Service.TYPE, NS, Map.of()).items()) {
      assertThat(service.metadata().annotations()).doesNotContainKeys(Marks.POOL, Marks.BEFORE);
    }
  }

  @Override
  public void close() {
    lookout.close();
    api.endWatches();
  }
}
