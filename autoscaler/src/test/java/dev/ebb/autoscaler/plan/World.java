package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.IntOrString;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.Path;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.model.ScaledResource.Status;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A namespace in which nothing speaks against sleep: Deployment {@code shop} with one ready pod,
 * behind Service {@code shop}, handed over to two idle gateway replicas hours ago. Each {@code
 * with…} method changes one thing, if it is there; {@link #after} does what a plan says. Public
 * because the tests of what carries plans out need the same world.
 */
public final class World {

  /** The time of the decision unless it is changed. */
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** The resource. */
  public static final ResourceKey KEY = new ResourceKey("ns", "shop");

  /** Its target. */
  public static final ScaleTarget TARGET = new ScaleTarget("apps/v1", "Deployment", KEY);

  /** The gateway's replicas. */
  public static final List<String> GATEWAYS = List.of("10.1.0.1", "10.1.0.2");

  static final Duration SILENCE = Duration.ofSeconds(3);
  static final Map<String, String> LABELS = Map.of("app", "shop");
  static final ActivityView.Counters IDLE =
      new ActivityView.Counters(0, 0, 0, NOW.minus(Duration.ofHours(1)));

  private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(5));
  private static final Planner PLANNER = new Planner(Settings.DEFAULT);

  private Instant now = NOW;
  private Freeze freeze;

  private long generation = 1;
  private Instant created = LONG_AGO;
  private String uid = "uid-of-resource";
  private Instant deleted;
  private List<String> finalizers = List.of(ScaledResource.FINALIZER);
  private final Map<String, String> annotations = new TreeMap<>();
  private ScaledResource.TargetRef targetRef =
      new ScaledResource.TargetRef("apps/v1", "Deployment", "shop");
  private List<String> named = List.of();
  private Path path;
  private String idleAfter = "10m";
  private String wakeTimeout;
  private ScaledResource.Replicas replicas;
  private List<ScaledResource.Source> sources;
  private Boolean adoptZero;
  private Mode mode;
  private Status status;

  private TargetView elsewhere;
  private int desired = 1;
  private String writer = "helm";
  private String version = "7";
  private boolean builtIn = true;
  private long observedGeneration = 3;
  private int existing = 1;
  private int updated = 1;

  private final Map<String, Service> services = new LinkedHashMap<>();
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, EndpointSlice> slices = new LinkedHashMap<>();
  private final List<ScaledResource> others = new ArrayList<>();
  private final List<HorizontalPodAutoscaler> hpas = new ArrayList<>();

  private List<GatewayView.Replica> gateways =
      GATEWAYS.stream().map(a -> new GatewayView.Replica(a, true, false)).toList();
  private Instant readySince = LONG_AGO;
  private Instant unreadySince;
  private Instant floor = LONG_AGO;
  private final Map<String, ActivityView.Replica> heard = new LinkedHashMap<>();

  /** Creates a world in which everything is fine for sleep. */
  public World() {
    withService(service("shop", LABELS, http()));
    withKey("shop", true);
    withMark("shop", 1);
    withSlice("shop", "http");
    withPod(pod("shop-abc-1", "shop", true, LONG_AGO));
    Condition up = new Condition(ConditionTypes.ASLEEP, "False", "Awake", "", 1L, LONG_AGO);
    status =
        new Status(
            1,
            List.of(up),
            State.Awake,
            1,
            null,
            "app=shop",
            List.of(Mapping.mapped(services.get("shop"))),
            LONG_AGO,
            null,
            LONG_AGO,
            null,
            "");
    for (String address : GATEWAYS) {
      heard.put(address, new ActivityView.Replica(address, now, LONG_AGO, Map.of(KEY, IDLE)));
    }
  }

  /** Returns everything as it is observed. */
  public Observed observed() {
    return new Observed(
        resource(),
        target(),
        List.copyOf(services.values()),
        List.copyOf(pods.values()),
        others,
        hpas,
        List.copyOf(slices.values()),
        gateway(),
        new ActivityView(floor, SILENCE, List.copyOf(heard.values())),
        Optional.ofNullable(freeze),
        now);
  }

  /** Decides with the standard settings. */
  public Plan plan() {
    return PLANNER.plan(observed());
  }

  /** Returns the resource. */
  public ScaledResource resource() {
    return new ScaledResource(
        new Meta(
            KEY.name(),
            KEY.namespace(),
            uid,
            "42",
            generation,
            created,
            deleted,
            Map.of(),
            annotations,
            finalizers,
            List.of()),
        new ScaledResource.Spec(
            targetRef,
            named,
            path,
            idleAfter,
            wakeTimeout,
            null,
            replicas,
            sources,
            adoptZero,
            mode),
        status);
  }

  /** Returns the gateway's replicas. */
  public GatewayView gateway() {
    return new GatewayView(gateways, readySince, unreadySince);
  }

  private TargetView target() {
    if (elsewhere != null) {
      return elsewhere;
    }
    Workload workload =
        builtIn
            ? new Workload(
                "Deployment",
                meta("shop", 3, LONG_AGO, LABELS, List.of()),
                new Workload.Spec(
                    desired,
                    new Workload.Template(new Workload.TemplateMeta(LABELS), null),
                    null,
                    null),
                new Workload.Status(existing, existing, updated, observedGeneration, List.of()))
            : null;
    return new TargetView.Found(
        new Scale(desired, existing, version, "app=shop", writer), LABELS, workload);
  }

  // What happens.

  /** Freezes Ebb, or ends that with null. */
  World withFreeze(Freeze value) {
    freeze = value;
    return this;
  }

  /** Moves the time; the replicas go on talking. */
  public World later(Duration by) {
    now = now.plus(by);
    heard.replaceAll((address, r) ->
        r.lastEvent() == null
            ? r
            : new ActivityView.Replica(
                address, r.lastEvent().plus(by), r.activeUntil(), r.resources()));
    return this;
  }

  /** Does what a plan says: zero is written alone, everything else together with the status. */
  public World after(Plan plan) {
    plan.steps().forEach(this::take);
    if (!plan.sleeps()) {
      status = plan.status();
    }
    return this;
  }

  /** Does one step. */
  public World take(Step step) {
    return switch (step) {
      case Step.AddFinalizer add -> withFinalizers(ScaledResource.FINALIZER);
      case Step.Annotate annotate -> withAnnotation(annotate.key(), annotate.value());
      case Step.AddKey add -> withKey(add.service().metadata().name(), true);
      case Step.EnsureNoKey ensure -> this;
      case Step.RemoveKey remove -> withKey(remove.service().metadata().name(), false);
      case Step.RemoveSlice remove -> {
        slices.values().removeIf(s -> s.key().equals(remove.slice().key()));
        yield this;
      }
      case Step.Resume resume ->
          withMode(resume.mode()).withAnnotation(Pause.UNTIL, "").withAnnotation(Pause.BEFORE, "");
      case Step.Wake wake -> withScale(wake.replicas(), States.OURS);
      case Step.Sleep sleep ->
          withAnnotation(ScaledResource.REMEMBERED_REPLICAS, Integer.toString(sleep.remember()))
              .withScale(0, States.OURS);
    };
  }

  /** The gateway publishes what the status names, and withdraws what it does not name. */
  public World gatewayPublishes() {
    slices.clear();
    for (MappedService mapped : resource().mappedServices()) {
      withSlice(
          mapped.name(),
          mapped.ports().stream()
              .filter(ScaledResource.MappedPort::wakeable)
              .map(ScaledResource.MappedPort::name)
              .toArray(String[]::new));
    }
    return this;
  }

  /** The workload's controller makes as many pods as are wanted, and they become ready. */
  public World podsFollow() {
    pods.keySet().removeIf(name -> name.startsWith("shop-abc-"));
    for (int i = 1; i <= desired; i++) {
      withPod(pod("shop-abc-" + i, "shop", true, now));
    }
    existing = desired;
    updated = desired;
    return this;
  }

  // The resource.

  World withGeneration(long value) {
    generation = value;
    return this;
  }

  World withCreated(Instant at) {
    created = at;
    return this;
  }

  /** Makes it another resource of the same name. */
  public World withUid(String value) {
    uid = value;
    return this;
  }

  /** Asks for the resource's deletion. */
  public World withDeletion(Instant at) {
    deleted = at;
    return this;
  }

  World withFinalizers(String... values) {
    finalizers = List.of(values);
    return this;
  }

  /** Sets an annotation of the resource; an empty value removes it. */
  public World withAnnotation(String key, String value) {
    if (value.isEmpty()) {
      annotations.remove(key);
    } else {
      annotations.put(key, value);
    }
    return this;
  }

  World withMark(String service, long of) {
    if (!services.containsKey(service)) {
      return this;
    }
    KeyMarks marks = KeyMarks.of(resource()).with(services.get(service), of);
    return withAnnotation(KeyMarks.ANNOTATION, marks.text());
  }

  World withoutMarks() {
    return withAnnotation(KeyMarks.ANNOTATION, "");
  }

  World withTargetRef(ScaledResource.TargetRef value) {
    targetRef = value;
    return this;
  }

  World withServicesNamed(String... names) {
    named = List.of(names);
    return this;
  }

  World withPath(Path value) {
    path = value;
    return this;
  }

  World withIdleAfter(String value) {
    idleAfter = value;
    return this;
  }

  World withWakeTimeout(String value) {
    wakeTimeout = value;
    return this;
  }

  World withReplicas(Integer min, Integer max, Integer onWake) {
    replicas = new ScaledResource.Replicas(min, max, onWake);
    return this;
  }

  World withSource() {
    sources = List.of(new ScaledResource.Source("queue", "Prometheus"));
    return this;
  }

  World withAdoptZero() {
    adoptZero = true;
    return this;
  }

  World withMode(Mode value) {
    mode = value;
    return this;
  }

  /** The resource as its user just made it: nothing is done, nothing is known. */
  World asNew() {
    withoutMarks();
    withFinalizers();
    withKey("shop", false);
    slices.clear();
    status = null;
    return this;
  }

  // Its status.

  World withStatus(Status value) {
    status = value;
    return this;
  }

  World withState(State state) {
    return status == null
        ? this
        : withStatus(state, status.conditions(), status.adoptedAt(), status.bypassGraceUntil());
  }

  World withAdoption(Instant at, Instant graceUntil) {
    return status == null ? this : withStatus(status.state(), status.conditions(), at, graceUntil);
  }

  World withCondition(String type, String value, Instant since) {
    if (status == null) {
      return this;
    }
    List<Condition> conditions =
        new ArrayList<>(status.conditions().stream().filter(c -> !c.type().equals(type)).toList());
    conditions.add(new Condition(type, value, "Test", "", generation, since));
    return withStatus(status.state(), conditions, status.adoptedAt(), status.bypassGraceUntil());
  }

  private World withStatus(
      State state, List<Condition> conditions, Instant adoptedAt, Instant graceUntil) {
    Status s = status;
    status =
        new Status(
            s.observedGeneration(),
            conditions,
            state,
            s.replicas(),
            s.rememberedReplicas(),
            s.selector(),
            s.services(),
            s.lastActivityTime(),
            s.nextTransition(),
            adoptedAt,
            graceUntil,
            s.message());
    return this;
  }

  // The workload.

  /** Sets the wanted count and who wrote it. */
  public World withScale(int count, String by) {
    desired = count;
    writer = by;
    return this;
  }

  /** Sets the version of the scale; null for a target without one. */
  public World withVersion(String value) {
    version = value;
    return this;
  }

  World withRollout(long observed, int there, int upToDate) {
    observedGeneration = observed;
    existing = there;
    updated = upToDate;
    return this;
  }

  /** The target is of a kind that Ebb does not know. */
  World withCustomKind() {
    targetRef = new ScaledResource.TargetRef("example.com/v1", "Shop", "shop");
    builtIn = false;
    return this;
  }

  /** The target is not there. */
  public World withMissingTarget() {
    elsewhere = new TargetView.Missing("TargetNotFound", "spec.targetRef: create it");
    return this;
  }

  /** Nobody can tell how the target is. */
  public World withUnreadableTarget() {
    elsewhere = new TargetView.Unreadable("TargetForbidden", "spec.targetRef: cannot read it");
    return this;
  }

  /** Ebb has put it to sleep, and no pod is left. */
  World asleep() {
    withAnnotation(ScaledResource.REMEMBERED_REPLICAS, "1");
    withScale(0, States.OURS);
    podsFollow();
    withCondition(ConditionTypes.ASLEEP, "True", LONG_AGO).withState(State.Asleep);
    return withStatus(plan().status());
  }

  World withPod(Pod pod) {
    pods.put(pod.metadata().name(), pod);
    return this;
  }

  World withoutPods() {
    pods.clear();
    return this;
  }

  World withPodsReady(boolean ready) {
    return withPods(p -> pod(p.metadata().name(), "shop", ready, p.metadata().creationTimestamp()));
  }

  World withPodsCreated(Instant at) {
    return withPods(p -> pod(p.metadata().name(), "shop", true, at));
  }

  private World withPods(UnaryOperator<Pod> change) {
    pods.replaceAll((name, pod) -> change.apply(pod));
    return this;
  }

  World withHpa(int min, int max, int current, int wanted) {
    hpas.add(
        new HorizontalPodAutoscaler(
            Meta.named("ns", "hpa"),
            new HorizontalPodAutoscaler.Spec(
                new HorizontalPodAutoscaler.TargetRef("apps/v1", "Deployment", "shop"), min, max),
            new HorizontalPodAutoscaler.Status(current, wanted)));
    return this;
  }

  World withOther(ScaledResource other) {
    others.add(other);
    return this;
  }

  // Services and slices.

  World withService(Service service) {
    services.put(service.metadata().name(), service);
    return this;
  }

  World withoutServices() {
    services.clear();
    return this;
  }

  World withKey(String name, boolean key) {
    Service s = services.get(name);
    if (s == null) {
      return this;
    }
    Map<String, String> selector = new HashMap<>(s.effectiveSelector());
    if (key) {
      selector.put(Service.BEHIND_GATEWAY, "true");
    }
    Service.Spec spec = s.spec();
    return withService(
        new Service(
            s.metadata(),
            new Service.Spec(
                selector,
                spec.ports(),
                spec.clusterIP(),
                spec.type(),
                spec.ipFamilies(),
                spec.internalTrafficPolicy(),
                spec.externalTrafficPolicy(),
                spec.sessionAffinity())));
  }

  World withSlice(String service, String... ports) {
    return withSlice(slice(service, EndpointSlice.MANAGED_BY_GATEWAY, true, ports));
  }

  World withSlice(EndpointSlice slice) {
    slices.put(slice.metadata().name(), slice);
    return this;
  }

  World withoutSlices() {
    slices.clear();
    return this;
  }

  // The gateway.

  /** Sets the gateway's replicas; their addresses need not be among those that are heard. */
  public World withGateways(GatewayView.Replica... listed) {
    gateways = List.of(listed);
    return this;
  }

  World withGatewayUnreadySince(Instant since) {
    gateways = GATEWAYS.stream().map(a -> new GatewayView.Replica(a, false, false)).toList();
    readySince = null;
    unreadySince = since;
    return this;
  }

  World withGatewayReadySince(Instant since) {
    gateways = GATEWAYS.stream().map(a -> new GatewayView.Replica(a, true, false)).toList();
    readySince = since;
    unreadySince = null;
    return this;
  }

  World withFloor(Instant at) {
    floor = at;
    return this;
  }

  World withNobodyHeard() {
    heard.clear();
    return this;
  }

  /** Changes what the last replica said; the others stay idle. */
  World withHeard(UnaryOperator<ActivityView.Replica> change) {
    heard.computeIfPresent(GATEWAYS.getLast(), (address, replica) -> change.apply(replica));
    return this;
  }

  /** Gives the resource traffic at one replica. */
  public World withTraffic(long inFlight, long held, long open) {
    return withCounters(new ActivityView.Counters(inFlight, held, open, IDLE.lastByte()));
  }

  World withLastByte(Instant at) {
    return withCounters(new ActivityView.Counters(0, 0, 0, at));
  }

  private World withCounters(ActivityView.Counters counters) {
    return withHeard(r ->
        new ActivityView.Replica(
            r.address(), r.lastEvent(), r.activeUntil(), Map.of(KEY, counters)));
  }

  World withLastEvent(Instant at) {
    return withHeard(
        r -> new ActivityView.Replica(r.address(), at, r.activeUntil(), r.resources()));
  }

  World withActiveUntil(Instant at) {
    return withHeard(r -> new ActivityView.Replica(r.address(), r.lastEvent(), at, r.resources()));
  }

  World withNotServedYet() {
    return withHeard(
        r -> new ActivityView.Replica(r.address(), r.lastEvent(), r.activeUntil(), Map.of()));
  }

  // Objects.

  static Meta meta(
      String name,
      long generation,
      Instant created,
      Map<String, String> labels,
      List<Meta.Owner> owners) {
    return new Meta(
        name,
        KEY.namespace(),
        "uid-of-" + name,
        "5",
        generation,
        created,
        null,
        labels,
        Map.of(),
        List.of(),
        owners);
  }

  static Service.Port http() {
    return new Service.Port("http", 80, "TCP", null, new IntOrString(8080));
  }

  static Service service(String name, Map<String, String> selector, Service.Port... ports) {
    return service(name, selector, "10.96.0.9", "ClusterIP", null, null, ports);
  }

  static Service service(
      String name,
      Map<String, String> selector,
      String clusterIp,
      String type,
      String internalPolicy,
      String externalPolicy,
      Service.Port... ports) {
    return new Service(
        meta(name, 0, LONG_AGO, Map.of(), List.of()),
        new Service.Spec(
            selector,
            List.of(ports),
            clusterIp,
            type,
            List.of("IPv4"),
            internalPolicy,
            externalPolicy,
            "None"));
  }

  static EndpointSlice slice(String service, String managedBy, boolean ready, String... ports) {
    return new EndpointSlice(
        meta(
            service + "-" + managedBy,
            1,
            LONG_AGO,
            Map.of(EndpointSlice.SERVICE_LABEL, service, EndpointSlice.MANAGED_BY_LABEL, managedBy),
            List.of()),
        "IPv4",
        List.of(
            new EndpointSlice.Endpoint(
                List.of(GATEWAYS.getFirst()),
                new EndpointSlice.Conditions(ready, ready, false),
                null,
                null,
                null)),
        List.of(ports).stream()
            .map(port -> new EndpointSlice.Port(port, 10_000, "TCP", null))
            .toList());
  }

  /** A pod of a Deployment's only ReplicaSet. */
  static Pod pod(String name, String deployment, boolean ready, Instant created) {
    Map<String, String> labels = new HashMap<>(LABELS);
    labels.put("pod-template-hash", "abc");
    return pod(
        meta(
            name,
            0,
            created,
            labels,
            List.of(
                new Meta.Owner("apps/v1", "ReplicaSet", deployment + "-abc", "uid-of-rs", true))),
        ready,
        "Running");
  }

  static Pod pod(Meta meta, boolean ready, String phase) {
    Condition condition =
        new Condition("Ready", ready ? "True" : "False", "", "", null, meta.creationTimestamp());
    return new Pod(
        meta, null, new Pod.Status(phase, List.of(), List.of(condition), null, null, null, null));
  }

  /** Another resource of the namespace. */
  static ScaledResource other(Meta meta, ScaleTarget target, MappedService... mapped) {
    return new ScaledResource(
        meta,
        new ScaledResource.Spec(
            new ScaledResource.TargetRef(target.apiVersion(), target.kind(), target.key().name()),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null),
        new Status(1, null, null, null, null, null, List.of(mapped), null, null, null, null, null));
  }

  static ScaledResource other(String name, Instant created, ScaleTarget target) {
    return other(meta(name, 1, created, Map.of(), List.of()), target);
  }
}
