package dev.ebb.cleanup.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.OrdinalName;
import dev.ebb.cleanup.plan.Policies;
import dev.ebb.cleanup.plan.Policy;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeClient.PatchType;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.history.ApiFaults;
import dev.ebb.testkit.history.Subject;
import dev.ebb.testkit.history.WorldApi;
import dev.ebb.testkit.store.MemoryApi;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import okhttp3.Interceptor;

/**
 * Two sets with their user, Kubernetes' own controllers, and the real cleanup-controller between
 * them, in stepped time; over an API in memory or a real one.
 */
final class CleanupWorld implements Subject {

  private static final Path CRDS = Path.of("../charts/ebb/charts/crds/files");
  static final List<String> SETS = List.of("db", "web");
  private static final List<String> WRITTEN =
      List.of(
          "statefulsets",
          "pods",
          "persistentvolumeclaims",
          "scaledowncleanups",
          "scaledownpolicies");

  final SteppedClock clock = new SteppedClock();
  final WorldApi api;
  final KubeClient truth;
  final Kube kube;
  final ApiFaults faults = new ApiFaults();
  final Crash crash = new Crash();
  final Rules rules;
  private final Seams seams;
  private final KubeClient client;
  private long seen;
  private Stack stack;

  /** UIDs of the claims that a cleanup pod had mounted when it succeeded, by the pod's UID. */
  final Map<String, Set<String>> succeeded = new HashMap<>();

  /** Makes one over an API in memory. */
  CleanupWorld(Seams seams) {
    this(seams, MemoryApi::new);
  }

  /**
   * Makes one.
   *
   * @param apis makes the API, which tells the time of a clock
   */
  CleanupWorld(Seams seams, Function<InstantSource, WorldApi> apis) {
    this.seams = seams;
    this.api =
        apis.apply(clock)
            .define(CRDS.resolve("scaledowncleanups.ebb.dev.yaml"))
            .define(CRDS.resolve("scaledownpolicies.ebb.dev.yaml"))
            .namespace(Kube.NS);
    this.truth = api.client("truth");
    this.kube = new Kube(api.client("kube-controller-manager"));
    this.rules = new Rules(this);
    List<Interceptor> between = new ArrayList<>(seams.interceptors());
    between.add(crash);
    between.add(faults);
    between.add(rules);
    client = api.client("ebb-cleanup-controller", between.toArray(Interceptor[]::new));
    deploy("web", 2);
    deploy("db", 3);
    stack = new Stack(client, clock, seams);
    pass(Duration.ofMinutes(1));
  }

  /** Makes a set: web one after the other, db all at once and with tries. */
  void deploy(String name, int replicas) {
    boolean parallel = name.equals("db");
    Map<String, String> notes = new HashMap<>(Map.of(Names.TEMPLATE, World.TEMPLATE));
    if (parallel) {
      notes.put("ebb.dev/cleanup-on-failure", "retry");
      notes.put("ebb.dev/cleanup-max-parallel", "2");
      notes.put("ebb.dev/cleanup-on-delete", "clean");
    }
    truth.create(
        StatefulSet.TYPE,
        Kube.NS,
        Map.of(
            "apiVersion",
            "apps/v1",
            "kind",
            "StatefulSet",
            "metadata",
            Map.of("name", name, "annotations", notes),
            "spec",
            Map.of(
                "replicas",
                replicas,
                "serviceName",
                name,
                "podManagementPolicy",
                parallel ? "Parallel" : "OrderedReady",
                "selector",
                Map.of("matchLabels", Map.of("app", name)),
                "template",
                Map.of("metadata", Map.of("labels", Map.of("app", name)), "spec", Kube.POD),
                "volumeClaimTemplates",
                List.of(
                    Map.of("metadata", Map.of("name", "data"), "spec", Kube.CLAIM),
                    Map.of("metadata", Map.of("name", "log"), "spec", Kube.CLAIM)))));
  }

  void patch(String set, Map<String, Object> change) {
    if (kube.set(set).isPresent()) {
      truth.patch(StatefulSet.TYPE, new ResourceKey(Kube.NS, set), null, PatchType.MERGE, change);
    }
  }

  /** Says by a ScaleDownPolicy what is to be done with a set, or no longer. */
  void policy(String set, Map<String, Object> spec) {
    ResourceKey key = new ResourceKey(Kube.NS, set);
    Optional<ScaleDownPolicy> found = truth.find(ScaleDownPolicy.TYPE, key);
    if (spec.isEmpty()) {
      found.ifPresent(policy -> truth.delete(ScaleDownPolicy.TYPE, policy.metadata()));
      return;
    }
    if (found.isPresent()) {
      truth.patch(ScaleDownPolicy.TYPE, key, null, PatchType.MERGE, Map.of("spec", spec));
      return;
    }
    Map<String, Object> all = new HashMap<>(spec);
    all.put("statefulSet", set);
    all.putIfAbsent("template", truth.json().readTree(World.TEMPLATE));
    all.putIfAbsent("firstOrdinal", "Clean");
    truth.create(
        ScaleDownPolicy.TYPE,
        Kube.NS,
        Map.of(
            "apiVersion",
            ScaleDownPolicy.TYPE.apiVersion(),
            "kind",
            "ScaleDownPolicy",
            "metadata",
            Map.of("name", set),
            "spec",
            all));
  }

  Policy policyOf(StatefulSet set) {
    return Policies.of(set, truth.list(ScaleDownPolicy.TYPE, Kube.NS, Map.of()).items());
  }

  /** Ends the process and starts it anew. */
  void restart() {
    crash.heal();
    stack.close();
    stack = new Stack(client, clock, seams);
  }

  // Time.

  /** Lets time pass, and everybody do what is due in it. */
  void pass(Duration duration) {
    Instant end = clock.instant().plus(duration);
    settle();
    int looks = 0;
    while (clock.instant().isBefore(end)) {
      Instant next = stack.loop.next().filter(end::isAfter).orElse(end);
      if (next.isAfter(clock.instant())) {
        clock.advance(Duration.between(clock.instant(), next));
      }
      looks += settle();
      if (looks > 400 + 2 * duration.toSeconds()) {
        throw new AssertionError("it does not come to rest");
      }
    }
  }

  private int settle() {
    int looks = 0;
    for (int rounds = 0; rounds < 500; rounds++) {
      boolean acted = false;
      if (api.revision(Kube.SEEN) != seen) {
        seen = api.revision(Kube.SEEN);
        acted = kube.act();
      }
      api.awaitDrained(Stack.WATCHES, Duration.ofSeconds(20));
      boolean looked = reconcile();
      looks += looked ? 1 : 0;
      if (!acted && !looked) {
        return looks;
      }
    }
    throw new AssertionError("it does not come to rest at " + clock.instant());
  }

  private boolean reconcile() {
    try {
      return stack.loop.reconcileOne();
    } catch (Crash.Now e) {
      restart();
      return true;
    } catch (Exception e) {
      throw new AssertionError("a look failed: " + e, e);
    }
  }

  // The kubelet, where it is a matter of luck.

  void run(SetPod pod) {
    if (pod.status().phase().equals("Pending") && kube.mountable(pod)) {
      kube.status(pod, state("Running", Map.of("running", Map.of())));
    }
  }

  void succeed(SetPod pod) {
    boolean ended =
        pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed");
    if (ended || (pod.status().phase().equals("Pending") && !kube.mountable(pod))) {
      return;
    }
    Set<String> mounted = new HashSet<>();
    kube.claims().stream()
        .filter(c -> c.metadata().name().endsWith("-" + pod.metadata().name()))
        .forEach(c -> mounted.add(c.metadata().uid()));
    succeeded.put(pod.metadata().uid(), mounted);
    kube.status(pod, state("Succeeded", Map.of("terminated", Map.of("exitCode", 0))));
  }

  void fail(SetPod pod, String reason) {
    if (!pod.status().phase().equals("Succeeded")) {
      Map<String, Object> status =
          new HashMap<>(state("Failed", Map.of("terminated", Map.of("exitCode", 1))));
      status.put("reason", reason);
      kube.status(pod, status);
    }
  }

  private static Map<String, Object> state(String phase, Map<String, Object> state) {
    return Map.of(
        "phase", phase, "containerStatuses", List.of(Map.of("name", "main", "state", state)));
  }

  // Rules.

  Optional<StatefulSet> setOf(Claim claim) {
    return kube.sets().stream()
        .filter(s -> OrdinalName.ofClaim(s, claim.metadata().name()).isPresent())
        .findFirst();
  }

  List<ScaleDownCleanup> records() {
    return truth.list(ScaleDownCleanup.TYPE, Kube.NS, Map.of()).items();
  }

  void request(ScaleDownCleanup record, String verb) {
    truth.patch(
        ScaleDownCleanup.TYPE,
        record.key(),
        null,
        PatchType.MERGE,
        Map.of("metadata", Map.of("annotations", Map.of(Names.REQUEST, verb))));
  }

  @Override
  public void check() {
    assertThat(rules.violations()).isEmpty();
  }

  // The end.

  @Override
  public void end() {
    crash.heal();
    faults.heal();
    api.letGo();
    for (String set : SETS) {
      policy(set, Map.of());
      patch(set, Map.of("metadata", Map.of("annotations", Map.of(Names.TEMPLATE, World.TEMPLATE))));
    }
    Instant until = clock.instant().plus(Duration.ofHours(6));
    while (clock.instant().isBefore(until)) {
      pass(Duration.ofMinutes(5));
      boolean worked = false;
      for (SetPod pod : kube.cleanups()) {
        succeed(pod);
        worked = true;
        boolean stuck = !succeeded.containsKey(pod.metadata().uid());
        records().stream()
            .filter(r -> stuck && r.metadata().name().equals(pod.metadata().name()))
            .forEach(r -> request(r, "skip"));
      }
      for (ScaleDownCleanup record : records()) {
        if (record.status().is(State.Held)) {
          request(record, "retry");
          worked = true;
        }
      }
      if (!worked) {
        break;
      }
    }
    check();
    converged();
    long before = api.revision(WRITTEN);
    pass(Duration.ofMinutes(30));
    assertThat(api.revision(WRITTEN)).as("nothing is written at rest").isEqualTo(before);
  }

  private void converged() {
    assertThat(kube.cleanups()).as("locks that were left behind").isEmpty();
    for (StatefulSet set : kube.sets()) {
      assertThat(set.metadata().deleting()).as("%s is kept for ever", set.key()).isFalse();
      for (int n = 0; n < set.replicas(); n++) {
        assertThat(kube.pod(set.podName(n))).as("%s is wanted", set.podName(n)).isPresent();
      }
    }
    for (Claim claim : kube.claims()) {
      StatefulSet set = setOf(claim).orElse(null);
      if (set == null) {
        continue;
      }
      int ordinal = OrdinalName.ofClaim(set, claim.metadata().name()).orElseThrow();
      boolean skipped =
          records().stream()
              .anyMatch(r ->
                  r.metadata().name().equals(set.podName(ordinal))
                      && r.status().is(State.Skipped, State.Kept)
                      && r.status().about(List.of(claim)));
      assertThat(set.wants(ordinal) || skipped)
          .as("claim %s is left over: %s", claim.key(), records())
          .isTrue();
    }
  }

  @Override
  public void close() {
    stack.close();
  }
}
