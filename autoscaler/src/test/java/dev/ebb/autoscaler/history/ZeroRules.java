package dev.ebb.autoscaler.history;

import dev.ebb.autoscaler.plan.Settings;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What must be so in the moment in which the autoscaler's zero reaches the API, judged by the truth
 * and not by what the autoscaler could know. Written from handover.md, not from the planner.
 */
final class ZeroRules {

  /** The windows that histories use. */
  static final Map<String, Duration> WINDOWS =
      Map.of(
          "1m",
          Duration.ofMinutes(1),
          "90s",
          Duration.ofSeconds(90),
          "10m",
          Duration.ofMinutes(10));

  /** How much earlier than it was a moment may be told by a stamp of the API. */
  private static final Duration STAMP = Duration.ofSeconds(1);

  private final KubeClient truth;
  private final FakeGateway gateway;
  private final SteppedClock clock;
  private final Settings settings;

  ZeroRules(KubeClient truth, FakeGateway gateway, SteppedClock clock, Settings settings) {
    this.truth = truth;
    this.gateway = gateway;
    this.clock = clock;
    this.settings = settings;
  }

  /** Returns what speaks against a zero now. */
  List<String> against(App app) {
    List<String> wrong = new ArrayList<>();
    Workload workload = truth.find(Workload.DEPLOYMENT, app.key).orElse(null);
    ScaledResource resource = truth.find(ScaledResource.TYPE, app.key).orElse(null);
    if (workload == null || workload.replicas() == 0) {
      return wrong;
    }
    if (resource == null || resource.metadata().deleting()) {
      wrong.add("no resource asks for it");
      return wrong;
    }
    asked(resource, workload, wrong);
    quiet(app, resource, wrong);
    handedOver(app, wrong);
    stable(app, workload, wrong);
    return wrong;
  }

  private static void asked(ScaledResource resource, Workload workload, List<String> wrong) {
    if (resource.mode() != ScaledResource.Mode.Enforce) {
      wrong.add("its mode is " + resource.mode());
    }
    ScaledResource.Replicas bounds = resource.spec().replicas();
    if (bounds != null && bounds.min() != null && bounds.min() > 0) {
      wrong.add("its minimum is " + bounds.min());
    }
    if (!Objects.equals(resource.remembered(), workload.replicas())) {
      wrong.add(
          "it remembers %s replicas and takes away %d"
              .formatted(resource.remembered(), workload.replicas()));
    }
    if (!resource.metadata().finalizers().contains(ScaledResource.FINALIZER)) {
      wrong.add("without Ebb's finalizer nobody would wake it");
    }
  }

  private void quiet(App app, ScaledResource resource, List<String> wrong) {
    Duration window = WINDOWS.get(String.valueOf(resource.spec().idleAfter()));
    if (window == null) {
      wrong.add("its window is " + resource.spec().idleAfter());
      return;
    }
    for (FakeGateway.Replica replica : gateway.replicas()) {
      FakeGateway.Traffic traffic = replica.of(app.key);
      if (traffic.inFlight > 0) {
        wrong.add(traffic.inFlight + " in flight at " + replica.address);
      }
      if (replica.ready && !gateway.fencedAt(replica, app.key)) {
        wrong.add("no fence at " + replica.address);
      }
      if (traffic.lastByte != null) {
        young("a byte passed", traffic.lastByte, window, wrong, gateway.fencedAt(replica, app.key));
      }
    }
    // A start is known by a condition's stamp, and Kubernetes' stamps have whole seconds.
    Instant started = app.lastStart.minus(STAMP);
    young("it was started", started, window, wrong, false);
  }

  /** What comes under the fence is held, and wakes it again. */
  private void young(String what, Instant at, Duration window, List<String> wrong, boolean fenced) {
    boolean underFence = fenced && at.equals(clock.instant());
    if (at.plus(window).isAfter(clock.instant()) && !underFence) {
      wrong.add("%s %s ago, its window is %s".formatted(what, since(at), window));
    }
  }

  private void handedOver(App app, List<String> wrong) {
    if (!gateway.anyReady()) {
      wrong.add("no gateway replica is ready");
    }
    List<Service> leading =
        truth.list(Service.TYPE, FakeGateway.APPS, Map.of()).items().stream()
            .filter(s -> s.selects(Map.of("app", app.name)))
            .toList();
    if (leading.isEmpty()) {
      wrong.add("no Service could wake it");
    }
    Instant latest = Instant.EPOCH;
    for (Service service : leading) {
      String name = service.metadata().name();
      Instant since = app.keyedSince.get(name);
      if (!service.behindGateway() || since == null) {
        wrong.add("Service " + name + " leads past the gateway");
        continue;
      }
      latest = since.isAfter(latest) ? since : latest;
      if (published(service).isEmpty()) {
        wrong.add("nobody takes the traffic of Service " + name);
      }
    }
    if (latest.plus(settings.settle()).isAfter(clock.instant())) {
      wrong.add("handed over only " + since(latest) + " ago");
    }
    grace(app, latest, wrong);
  }

  private void grace(App app, Instant keyed, List<String> wrong) {
    boolean over = !keyed.plus(settings.adoptionGrace()).isAfter(clock.instant());
    boolean older =
        pods(app).stream()
            .map(p -> p.metadata().creationTimestamp())
            .anyMatch(made -> made != null && !made.plus(settings.newPodAge()).isAfter(keyed));
    if (!over && older) {
      wrong.add("connections from before the hand-over may still be open");
    }
  }

  private void stable(App app, Workload workload, List<String> wrong) {
    if (workload.status().updatedReplicas() < workload.replicas()) {
      wrong.add("a rollout is under way");
    }
    truth
        .find(HorizontalPodAutoscaler.TYPE, app.key)
        .filter(h -> h.status().desiredReplicas() > h.status().currentReplicas())
        .ifPresent(h -> wrong.add("its HPA wants more"));
  }

  List<Pod> pods(App app) {
    return truth
        .list(Pod.TYPE, FakeGateway.APPS, Map.of("labelSelector", "app=" + app.name))
        .items();
  }

  /** Returns where the gateway takes a Service's traffic. */
  List<String> published(Service service) {
    return truth
        .find(EndpointSlice.TYPE, new ResourceKey(FakeGateway.APPS, Slices.gatewayName(service)))
        .map(Slices::addresses)
        .orElse(List.of());
  }

  private String since(Instant at) {
    return Duration.between(at, clock.instant()).toString();
  }
}
