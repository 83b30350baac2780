package dev.ebb.autoscaler.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.autoscaler.TestAutoscaler;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.history.ApiFaults;
import dev.ebb.testkit.history.Subject;
import dev.ebb.testkit.history.WorldApi;
import dev.ebb.testkit.store.MemoryApi;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.Interceptor;

/**
 * Two workloads with their users, Kubernetes' controllers, two gateway replicas, and the real
 * autoscaler between them, in stepped time; over an API in memory or a real one.
 */
final class AutoscalerWorld implements Subject {

  /** Replicas tell their activity at least this often. */
  private static final Duration TELL = Duration.ofSeconds(20);

  final SteppedClock clock = new SteppedClock();
  final WorldApi api;
  final FakeGateway gateway;
  final Controllers controllers;
  final KubeClient truth;
  final Users users;
  final ApiFaults faults = new ApiFaults();
  final WriteWatch writes;
  final List<App> apps = List.of(new App("cart"), new App("shop"));
  final ZeroRules rules;
  private final Seams seams;
  private final KubeClient client;
  private final String bystander;
  private List<String> pending = List.of();
  private Instant gatewaySince;
  private Instant startedAt;
  private boolean stale;
  private long controlled;
  private long served;
  private Stack stack;

  /** Makes one over an API in memory. */
  AutoscalerWorld(Seams seams) {
    this(seams, MemoryApi::new);
  }

  /**
   * Makes one.
   *
   * @param apis makes the API, which tells the time of a clock
   */
  AutoscalerWorld(Seams seams, Function<InstantSource, WorldApi> apis) {
    this.seams = seams;
    this.api = apis.apply(clock).define(TestAutoscaler.CRD).namespace("ebb");
    this.gateway = new FakeGateway(api.client("ebb-dlx-gateway"), clock);
    this.controllers = new Controllers(api.client("kube-controller-manager"), clock);
    this.truth = api.client("truth");
    this.users = new Users(api.client("kubectl"), clock);
    this.writes = new WriteWatch(truth);
    this.rules = new ZeroRules(truth, gateway, clock, AutoscalerSteps.SETTINGS);
    List<Interceptor> between = new ArrayList<>(seams.interceptors());
    between.add(faults);
    between.add(writes);
    client = api.client("ebb-autoscaler", between.toArray(Interceptor[]::new));
    writes.observe(this::onWrite);
    gatewaySince = clock.instant();
    startedAt = clock.instant();
    createGateway();
    users.createService(new App("lone"), "lone");
    bystander = lone();
    for (App app : apps) {
      users.deploy(app, 2);
      users.createService(app, app.name);
      users.createResource(app, Map.of("idleAfter", "1m"));
    }
    stack = start();
    pass(Duration.ofMinutes(8));
  }

  private void createGateway() {
    truth.create(
        Service.TYPE,
        FakeGateway.SERVICE.namespace(),
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Service",
            "metadata",
            Map.of("name", FakeGateway.SERVICE.name()),
            "spec",
            Map.of("ports", List.of(Map.of("name", "admin", "port", 8081)))));
    listGateway();
  }

  private String lone() {
    return truth
        .get(Service.TYPE, new ResourceKey(FakeGateway.APPS, "lone"))
        .metadata()
        .resourceVersion();
  }

  private Stack start() {
    Stack started = new Stack(client, clock, gateway, FakeGateway.SERVICE, seams);
    gateway.tell();
    return started;
  }

  /** Ends the autoscaler's process and starts it anew. */
  void restart() {
    stack.close();
    stack = start();
    startedAt = clock.instant();
  }

  /** Keeps a kind's changes from the autoscaler. */
  void hold(String plural) {
    stale = true;
    api.hold(plural);
  }

  void letGo() {
    stale = false;
    api.letGo();
  }

  /** Lists the gateway's replicas as its Service does: ready or not. */
  void listGateway() {
    Service service = truth.get(Service.TYPE, FakeGateway.SERVICE);
    ResourceKey key = new ResourceKey("ebb", "gateway-1");
    List<Map<String, Object>> endpoints =
        gateway.replicas().stream()
            .map(r ->
                Map.<String, Object>of(
                    "addresses",
                    List.of(r.address),
                    "conditions",
                    Map.of("ready", r.ready, "serving", r.ready, "terminating", false)))
            .toList();
    boolean exists = truth.find(EndpointSlice.TYPE, key).isPresent();
    if (!exists) {
      Slices.write(truth, service, key.name(), false, List.of(), false);
    }
    truth.patch(
        EndpointSlice.TYPE, key, null, KubeClient.PatchType.MERGE, Map.of("endpoints", endpoints));
    gatewaySince = clock.instant();
  }

  // Time.

  /** Lets time pass, and everybody do what is due in it. */
  void pass(Duration duration) {
    Instant end = clock.instant().plus(duration);
    long looks = 500 + 20 * duration.toSeconds();
    settle();
    while (clock.instant().isBefore(end)) {
      Instant next = clock.instant().plus(TELL);
      Optional<Instant> due = stack.next();
      if (due.isPresent() && due.get().isBefore(next)) {
        next = due.get();
      }
      next = next.isAfter(end) ? end : next;
      if (next.isAfter(clock.instant())) {
        clock.advance(Duration.between(clock.instant(), next));
      }
      gateway.tell();
      looks -= settle();
      if (looks < 0) {
        throw new AssertionError("it does not come to rest");
      }
    }
  }

  /** Lets everybody do what is due now; returns how often the autoscaler looked. */
  private int settle() {
    int looks = 0;
    for (int rounds = 0; rounds < 300; rounds++) {
      boolean acted = act();
      awaitCaches();
      boolean looked = reconcile();
      looks += looked ? 1 : 0;
      if (!acted && !looked) {
        return looks;
      }
    }
    throw new AssertionError("it does not come to rest at " + clock.instant());
  }

  /** Nobody does anything unless something was written that is theirs to see, or somebody waits. */
  private boolean act() {
    boolean wrote = false;
    if (api.revision(Controllers.SEEN) != controlled) {
      controlled = api.revision(Controllers.SEEN);
      wrote = controllers.act();
    }
    boolean changed = api.revision(FakeGateway.SEEN) != served;
    if (changed || gateway.restless()) {
      served = api.revision(FakeGateway.SEEN);
      wrote |= gateway.act(changed);
    }
    return wrote;
  }

  /** Makes everybody look again: something changed that is not an object. */
  void stir() {
    controlled = 0;
    served = 0;
  }

  private boolean reconcile() {
    try {
      return stack.reconcileOne();
    } catch (Exception e) {
      throw new AssertionError("a look failed: " + e, e);
    }
  }

  private void awaitCaches() {
    api.awaitDrained(Stack.WATCHES, Duration.ofSeconds(20));
  }

  // Rules.

  private void onWrite(WriteWatch.Write write, boolean before) {
    if (before) {
      pending =
          write.zero()
              ? app(write.path().replaceAll(".*/deployments/|/scale$", ""))
                  .map(rules::against)
                  .orElse(List.of("it is nobody's"))
              : List.of();
      return;
    }
    pending.forEach(wrong -> writes.violation("zero although " + wrong + ": " + write));
    if (write.path().contains("/services/")) {
      noteKey(write);
    }
  }

  private void noteKey(WriteWatch.Write write) {
    String name = write.path().substring(write.path().lastIndexOf('/') + 1);
    boolean keyed = write.body().at("/spec/selector").path(Service.BEHIND_GATEWAY).isString();
    apps.stream()
        .filter(app -> app.selectors.containsKey(name))
        .forEach(app -> {
          if (keyed) {
            app.keyedSince.put(name, clock.instant());
          } else {
            app.keyedSince.remove(name);
          }
        });
  }

  private Optional<App> app(String name) {
    return apps.stream().filter(app -> app.name.equals(name)).findFirst();
  }

  @Override
  public void check() {
    assertThat(writes.violations()).isEmpty();
    assertThat(lone()).as("nobody touches what no resource is about").isEqualTo(bystander);
    for (App app : apps) {
      truth
          .find(ScaledResource.TYPE, app.key)
          .ifPresent(resource -> assertThat(spec(resource)).containsAllEntriesOf(known(app)));
      for (String name : app.selectors.keySet()) {
        Service service = truth.get(Service.TYPE, new ResourceKey(FakeGateway.APPS, name));
        assertThat(service.effectiveSelector())
            .as("the selector of Service %s is its user's", name)
            .isEqualTo(app.selectors.get(name));
        reachable(app, service);
      }
    }
  }

  private Map<String, Object> spec(ScaledResource resource) {
    Map<String, Object> spec = new HashMap<>();
    spec.put("idleAfter", resource.spec().idleAfter());
    spec.put("mode", resource.mode().name());
    return spec;
  }

  private static Map<String, Object> known(App app) {
    Map<String, Object> known = new HashMap<>(app.spec == null ? Map.of() : app.spec);
    known.keySet().retainAll(List.of("idleAfter", "mode"));
    return known;
  }

  /** Returns whether nothing keeps the autoscaler from doing its work. */
  private boolean calm(App app) {
    return !faults.active()
        && !stale
        && !app.contested
        && (app.spec == null || "Enforce".equals(app.spec.getOrDefault("mode", "Enforce")));
  }

  private void reachable(App app, Service service) {
    boolean ready = rules.pods(app).stream().anyMatch(pod -> pod.ready());
    Instant known = gatewaySince.isAfter(startedAt) ? gatewaySince : startedAt;
    Duration away = Duration.between(known, clock.instant());
    if (service.behindGateway() && gateway.anyReady()) {
      assertThat(rules.published(service))
          .as("Service %s has a key, so the gateway takes its traffic", service.key())
          .isNotEmpty();
    } else if (service.behindGateway() && ready && calm(app)) {
      assertThat(away)
          .as("Service %s leads to a gateway that is away", service.key())
          .isLessThan(Duration.ofSeconds(40));
    }
  }

  // Traffic.

  /** Somebody calls a workload through one of its Services. */
  void call(App app, int which) {
    List<String> names = app.selectors.keySet().stream().sorted().toList();
    if (names.isEmpty()) {
      return;
    }
    String name = names.get(which % names.size());
    Service service = truth.get(Service.TYPE, new ResourceKey(FakeGateway.APPS, name));
    if (!service.behindGateway()) {
      Duration here = Duration.between(gatewaySince, clock.instant());
      boolean served = gateway.anyReady() && here.compareTo(Duration.ofSeconds(70)) > 0;
      assertThat(asleep(app) && calm(app) && served && app.spec != null)
          .as("a call of Service %s reaches nobody", service.key())
          .isFalse();
      return;
    }
    if (gateway.anyReady()) {
      gateway.take(app.key, which);
    }
  }

  /** Returns whether a workload is at zero by the autoscaler's hand. */
  boolean asleep(App app) {
    return truth.find(Workload.DEPLOYMENT, app.key).filter(w -> w.replicas() == 0).isPresent()
        && truth
            .find(ScaledResource.TYPE, app.key)
            .filter(r -> r.status().state() == ScaledResource.State.Asleep)
            .isPresent();
  }

  // The end.

  @Override
  public void end() {
    new Ending(this).run();
  }

  @Override
  public void close() {
    stack.close();
  }
}
