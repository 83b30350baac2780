package dev.ebb.nodescaler.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.nodescaler.apply.BufferWriter;
import dev.ebb.nodescaler.apply.Clouds;
import dev.ebb.nodescaler.apply.Deletion;
import dev.ebb.nodescaler.apply.NodeWriter;
import dev.ebb.nodescaler.reconcile.BufferReconciler;
import dev.ebb.nodescaler.reconcile.Hands;
import dev.ebb.nodescaler.reconcile.Lookout;
import dev.ebb.nodescaler.reconcile.Observations;
import dev.ebb.nodescaler.reconcile.Reports;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.nodes.NodeProviderException.Kind;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.history.ApiFaults;
import dev.ebb.testkit.store.MemoryApi;
import dev.ebb.testkit.store.RawApi;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/**
 * A pool with one buffer, its servers, a scheduler and a cloud. After each thing that happens it
 * comes to rest as far as it can; its objects, and all that the cloud is asked, are judged by rules
 * that know nothing of how it decides. Nodes take ten servers.
 */
final class NodeWorld implements dev.ebb.testkit.history.Subject {

  private static final Path CRD =
      Path.of("../charts/ebb/charts/crds/files/nodebuffers.ebb.dev.yaml");
  private static final String NS = "default";
  private static final ResourceKey BUFFER = new ResourceKey(NS, "arena");
  private static final int PER_NODE = 10;
  private static final int SLOTS = 4;
  private static final int HELD = 4;
  static final int MIN = 2;
  static final int MAX = 6;

  /** A scheduler that saw a node without its taint may bind a pod for so long. */
  private static final Duration SCHEDULER_LAGS = Duration.ofSeconds(4);

  private final SteppedClock clock = new SteppedClock();
  private final MemoryApi api = new MemoryApi(clock);
  private final RawApi raw;
  private final KubeClient users;
  private final ApiFaults faults = new ApiFaults();
  private final Mutant mutant;
  private final WorldCloud cloud;
  private Lookout lookout;
  private BufferReconciler reconciler;
  private int pods;
  private int held;
  // Read once for each change: the rules ask for them all the time.
  private List<Node> nodesSeen = List.of();
  private long nodesAt = -1;
  private List<ServerPod> podsSeen = List.of();
  private long podsAt = -1;
  private boolean paused;
  private final TreeSet<String> cordoned = new TreeSet<>();
  private Instant lastOrder = Instant.EPOCH;
  int lostByTheCloud;

  /** Makes one in which a fault may be planted. */
  NodeWorld(Mutant mutant) {
    this.mutant = mutant;
    api.define(CRD);
    this.raw = new RawApi(api.apiClient());
    this.users = api.client("user");
    this.cloud =
        new WorldCloud(
            2,
            new WorldCloud.Judge() {
              @Override
              public void asked() {
                // Between two looks of the service the scheduler does its work.
                schedule();
              }

              @Override
              public void growing(int from, int to) {
                judgeGrowth(from, to);
              }

              @Override
              public void deleting(String node) {
                judgeDeletion(node);
              }
            });
    cloud.names().forEach(this::register);
    post(
        "/apis/ebb.dev/v1alpha1/namespaces/default/nodebuffers",
        """
        {apiVersion: ebb.dev/v1alpha1, kind: NodeBuffer, metadata: {name: arena},
         spec: {pool: {provider: world, nodeSelector: role=games, minNodes: %d, maxNodes: %d},
           servers: {selector: app=arena, protectedSelector: state=playing},
           slot: {resources: {cpu: 100m}}, free: {slots: %d},
           scaleDown: {unneededFor: 1m, delayAfterAdd: 1m, hysteresisNodes: 0, percentAtOnce: 100,
             otherPods: Drain}, mode: Enforce}}
        """
            .formatted(MIN, MAX, SLOTS));
    begin();
  }

  /** The service starts, with no memory. */
  private void begin() {
    KubeClient client =
        api.client("ebb-node-scaler", faults, (Interceptor.Chain chain) -> mutant.api(chain));
    lookout = new Lookout(client, NS, null, clock);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Clouds clouds = new Clouds(List.of(cloud), () -> true, Runnable::run, meters, clock);
    NodeWriter nodes = new NodeWriter(new ObjectWriter(client, lookout.informers()));
    Reports reports = new Reports(new EventRecorder(client, task -> {}, clock, "test"));
    Observations observations = new Observations(meters);
    reconciler =
        new BufferReconciler(
            lookout,
            clouds,
            client,
            Freezes.NONE,
            new Hands(
                lookout,
                clouds,
                Freezes.NONE,
                new Hands.Writers(nodes, nodes),
                new Deletion(client, nodes),
                reports,
                observations),
            new BufferWriter(new ObjectWriter(client, lookout.informers())),
            reports,
            observations,
            new BufferReconciler.Settings(
                Duration.ofMinutes(1), new Subject("v1", "Pod", Meta.named(NS, "s")), key -> {}),
            clock,
            mutant::decide);
    lookout.informers().forEach(Informer::start);
    api.awaitDrained(4, Duration.ofSeconds(20));
  }

  void restart() {
    letGo();
    lookout.close();
    api.endWatches();
    begin();
  }

  private void post(String path, String yaml) {
    RawApi.Answer answer = raw.post(path, yaml);
    assertThat(answer.code()).as("%s", answer).isEqualTo(201);
  }

  // What happens.

  private void register(String name) {
    post(
        "/api/v1/nodes",
        "{apiVersion: v1, kind: Node, metadata: {name: %s, labels: {role: games}}}"
            .formatted(name));
    raw.merge(
        "/api/v1/nodes/" + name + "/status", "{status: {allocatable: {cpu: '1', pods: '110'}}}");
    ready(name, true);
  }

  void ready(String node, boolean ready) {
    if (node(node) == null) {
      return;
    }
    raw.merge(
        "/api/v1/nodes/" + node + "/status",
        "{status: {conditions: [{type: Ready, status: '%s', reason: Kubelet, lastTransitionTime: '%s'}]}}"
            .formatted(ready ? "True" : "False", clock.instant()));
  }

  /** A pod comes; the scheduler finds a node for it when there is one. */
  void start(String app, String state) {
    post(
        "/api/v1/namespaces/default/pods",
        """
        {apiVersion: v1, kind: Pod, metadata: {name: p%d, labels: {app: %s, state: %s}},
         spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 100m}}}]}}
        """
            .formatted(pods++, app, state));
    schedule();
  }

  void play(int index, boolean playing) {
    withPod(
        index,
        pod ->
            raw.merge(
                path(pod),
                "{metadata: {labels: {state: %s}}}".formatted(playing ? "playing" : "idle")));
  }

  void stop(int index) {
    withPod(index, pod -> raw.delete(path(pod), "{}"));
  }

  private static String path(ServerPod pod) {
    return "/api/v1/namespaces/default/pods/" + pod.metadata().name();
  }

  private void withPod(int index, java.util.function.Consumer<ServerPod> action) {
    List<ServerPod> all = pods();
    if (!all.isEmpty()) {
      action.accept(all.get(index % all.size()));
    }
  }

  void cordon(String node, boolean on) {
    if (node(node) != null) {
      raw.merge("/api/v1/nodes/" + node, "{spec: {unschedulable: %s}}".formatted(on));
      if (on) {
        cordoned.add(node);
      } else {
        cordoned.remove(node);
      }
    }
  }

  void bring(int most) {
    cloud.bring(most).forEach(this::register);
    schedule();
  }

  void end(boolean really) {
    if (really) {
      cloud.end().forEach(this::gone);
    }
  }

  private void gone(String node) {
    for (ServerPod pod : pods()) {
      if (pod.spec().nodeName().equals(node)) {
        raw.delete(path(pod), "{}");
      }
    }
    raw.delete("/api/v1/nodes/" + node, "{}");
    cordoned.remove(node);
  }

  /** The cloud takes a machine away that nobody gave up; who played there is lost by it. */
  void lose(String node) {
    if (node(node) != null && cloud.lose(node)) {
      lostByTheCloud += (int) on(node).stream().filter(NodeWorld::playing).count();
      lastOrder = clock.instant();
      gone(node);
    }
  }

  void cloudFails(int times, int how) {
    switch (how) {
      case 0 -> cloud.fail(times, Kind.RATE_LIMITED);
      case 1 -> cloud.fail(times, Kind.EXHAUSTED);
      case 2 -> cloud.fail(times, Kind.UNAVAILABLE);
      case 3 -> cloud.loseAnswers(times);
      default -> cloud.lag(times);
    }
  }

  void apiFails(int writes, int how) {
    faults.failWrites(ApiFaults.Fault.values()[how % ApiFaults.Fault.values().length], writes);
  }

  /** For a while the service is told nothing of these. */
  void hold(String plural) {
    held = HELD;
    api.hold(plural);
  }

  private boolean late() {
    return held > 0;
  }

  private void letGo() {
    held = 0;
    api.letGo();
  }

  void pause(boolean on) {
    paused = on;
    raw.merge(
        "/apis/ebb.dev/v1alpha1/namespaces/default/nodebuffers/arena",
        "{spec: {mode: %s}}".formatted(on ? "Paused" : "Enforce"));
  }

  void pass(Duration time) {
    clock.advance(time);
  }

  // What is there.

  private List<Node> nodes() {
    long revision = api.revision(List.of("nodes"));
    if (revision != nodesAt) {
      nodesSeen = users.list(Node.TYPE, null, Map.of()).items();
      nodesAt = revision;
    }
    return nodesSeen;
  }

  private @Nullable Node node(String name) {
    return nodes().stream().filter(n -> n.metadata().name().equals(name)).findFirst().orElse(null);
  }

  private List<ServerPod> pods() {
    long revision = api.revision(List.of("pods"));
    if (revision != podsAt) {
      podsSeen = users.list(ServerPod.TYPE, NS, Map.of()).items();
      podsAt = revision;
    }
    return podsSeen;
  }

  private List<ServerPod> on(String node) {
    return pods().stream().filter(p -> p.spec().nodeName().equals(node)).toList();
  }

  private static boolean server(ServerPod pod) {
    return "arena".equals(pod.metadata().labels().get("app"));
  }

  private static boolean playing(ServerPod pod) {
    return server(pod) && "playing".equals(pod.metadata().labels().get("state"));
  }

  private boolean up(Node node) {
    return node.readiness().filter(c -> c.isTrue()).isPresent();
  }

  /** The scheduler's own eyes, which may be a little behind. */
  private boolean takesPods(Node node) {
    Instant since = node.time(Node.SINCE);
    boolean lateEnough = since != null && clock.instant().isBefore(since.plus(SCHEDULER_LAGS));
    return up(node)
        && !node.spec().unschedulable()
        && (!node.draining() || lateEnough)
        && on(node.metadata().name()).size() < PER_NODE;
  }

  private void schedule() {
    for (ServerPod pod : pods()) {
      if (pod.spec().nodeName().isEmpty()) {
        nodes().stream()
            .filter(this::takesPods)
            // Packed, as it is advised for servers: the last node is the one that empties.
            .max(java.util.Comparator.comparingInt(n -> on(n.metadata().name()).size()))
            .ifPresent(
                n -> raw.merge(path(pod), "{spec: {nodeName: %s}}".formatted(n.metadata().name())));
      }
    }
  }

  // What is judged.

  private void judgeDeletion(String name) {
    assertThat(on(name)).as("who is on %s when it is deleted", name).noneMatch(NodeWorld::server);
    assertThat(cloud.size() - 1)
        .as("the size after %s is deleted", name)
        .isGreaterThanOrEqualTo(MIN);
    assertThat(cordoned).as("cordons of others").doesNotContain(name);
    assertThat(
            takesPods(
                nodes().stream()
                    .filter(n -> n.metadata().name().equals(name))
                    .findFirst()
                    .orElseThrow()))
        .as("whether somebody may be on the way to %s", name)
        .isFalse();
    assertThat(paused).as("while it is paused").isFalse();
  }

  private void judgeGrowth(int from, int to) {
    assertThat(to).as("a pool grows").isGreaterThan(from).isLessThanOrEqualTo(MAX);
    assertThat(paused).as("while it is paused").isFalse();
    // What is ordered is no more than what is missing, if what cannot be used is not counted.
    int needed = Math.ceilDiv(SLOTS + pods().size(), PER_NODE);
    long useless =
        nodes().stream().filter(n -> !up(n) || n.spec().unschedulable() || going(n)).count();
    boolean overdue = !clock.instant().isBefore(lastOrder.plus(Duration.ofMinutes(15)));
    int owed = overdue ? Math.max(0, from - nodes().size()) : 0;
    // Who is told old things cannot know better.
    int fragments = late() || cloud.lags() ? MAX : 0;
    assertThat(to)
        .as("what is ordered for %d pods with %d useless nodes", pods().size(), useless)
        .isLessThanOrEqualTo((int) Math.max(MIN, needed + useless + owed + fragments));
    lastOrder = clock.instant();
  }

  private static boolean going(Node node) {
    return node.time(Node.DELETING) != null;
  }

  /** Reconciles until nothing is written any more, as the loop would. */
  private void settle() {
    for (int pass = 0; pass < 15; pass++) {
      if (!late()) {
        api.awaitDrained(4, Duration.ofSeconds(20));
      }
      long revision = api.revision(List.of("nodes", "nodebuffers"));
      int size = cloud.size();
      boolean failed = false;
      try {
        reconciler.reconcile(BUFFER);
      } catch (KubeException e) {
        failed = true;
      }
      if (!failed
          && api.revision(List.of("nodes", "nodebuffers")) == revision
          && cloud.size() == size) {
        return;
      }
    }
    assertThat(late()).as("it comes to rest").isTrue();
  }

  @Override
  public void check() {
    Map<String, Long> protectedBefore = new HashMap<>();
    TreeSet<String> markedBefore = new TreeSet<>();
    for (Node node : nodes()) {
      String name = node.metadata().name();
      protectedBefore.put(name, on(name).stream().filter(NodeWorld::playing).count());
      if (node.draining()) {
        markedBefore.add(name);
      }
    }
    settle();
    for (Node node : nodes()) {
      judge(node, markedBefore, protectedBefore);
    }
    assertThat(cloud.size()).as("the pool's size").isLessThanOrEqualTo(MAX);
    if (held > 0 && --held == 0) {
      letGo();
      api.awaitDrained(4, Duration.ofSeconds(20));
      settle();
    }
  }

  private void judge(Node node, TreeSet<String> markedBefore, Map<String, Long> playing) {
    String name = node.metadata().name();
    assertThat(node.spec().unschedulable())
        .as("the cordon of %s", name)
        .isEqualTo(cordoned.contains(name));
    long own = playing.getOrDefault(name, 0L);
    if (node.draining() && !markedBefore.contains(name) && !late() && own > 0) {
      boolean choice =
          nodes().stream()
              .filter(n -> !n.draining() && up(n) && !n.spec().unschedulable())
              .map(n -> n.metadata().name())
              .anyMatch(n ->
                  playing.getOrDefault(n, 0L) < own
                      && on(n).stream().filter(NodeWorld::playing).count() < own);
      assertThat(choice)
          .as("%s with %d who play was taken, and no emptier one", name, own)
          .isFalse();
    }
  }

  private int free() {
    return nodes().stream()
        .filter(n -> up(n) && !n.spec().unschedulable() && !n.draining())
        .mapToInt(n -> Math.max(0, PER_NODE - on(n.metadata().name()).size()))
        .sum();
  }

  @Override
  public void end() {
    cloud.heal();
    faults.heal();
    letGo();
    if (paused) {
      pause(false);
    }
    // The cloud allows it, and time passes: the buffer is full, or the pool has its most.
    for (int i = 0; i < 45; i++) {
      rest();
    }
    long waiting = pods().stream().filter(p -> p.spec().nodeName().isEmpty()).count();
    if (cloud.size() < MAX) {
      assertThat(free() - waiting).as("what is free at the end").isGreaterThanOrEqualTo(SLOTS);
    }
    long rest = api.revision(List.of("nodes", "nodebuffers"));
    clock.advance(Duration.ofMinutes(2));
    settle();
    assertThat(api.revision(List.of("nodes", "nodebuffers"))).as("writes at rest").isEqualTo(rest);
    // Everybody goes home: the pool becomes as small as it may.
    pods().forEach(pod -> raw.delete(path(pod), "{}"));
    for (String node : List.copyOf(cordoned)) {
      cordon(node, false);
    }
    nodes().forEach(node -> ready(node.metadata().name(), true));
    for (int i = 0; i < 45; i++) {
      rest();
    }
    assertThat(cloud.size()).as("the size when nobody plays").isEqualTo(MIN);
    raw.delete("/apis/ebb.dev/v1alpha1/namespaces/default/nodebuffers/arena", "{}");
    settle();
    assertThat(nodes()).as("marks of a buffer that is gone").noneMatch(Node::draining);
  }

  private void rest() {
    clock.advance(Duration.ofMinutes(2));
    bring(MAX);
    end(true);
    schedule();
    settle();
  }

  @Override
  public void close() {
    lookout.close();
    api.endWatches();
  }
}
