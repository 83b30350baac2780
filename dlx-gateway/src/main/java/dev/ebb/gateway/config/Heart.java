package dev.ebb.gateway.config;

import dev.ebb.gateway.activity.ActivityHub;
import dev.ebb.gateway.route.Backend;
import dev.ebb.gateway.route.HoldBudget;
import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.route.RouteSpec;
import dev.ebb.gateway.route.RouteTable;
import dev.ebb.gateway.wake.ReadinessProber;
import dev.ebb.gateway.wake.TargetConditions;
import dev.ebb.gateway.wake.WakeProblem;
import dev.ebb.gateway.wake.Waker;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The core behind every door: routes, waking and readiness, tied together. Who may pass is decided
 * here whatever protocol asks. Thread-safe.
 */
final class Heart implements Route.RouteEvents, Waker.Cluster {

  private final Lookout lookout;
  private final KubeClient client;
  private final RouteTable routes;
  private final Waker waker;
  private final ReadinessProber prober;
  private final TargetConditions targets;
  private final EventRecorder events;
  private final HoldBudget budget;
  private @Nullable ActivityHub activity;

  Heart(
      Lookout lookout,
      int heldGlobal,
      ResourceScalers scalers,
      KubeClient client,
      EventRecorder events,
      ExecutorService executor,
      MeterRegistry meters) {
    this.lookout = lookout;
    this.client = client;
    this.events = events;
    this.budget = new HoldBudget(heldGlobal);
    this.prober = new ReadinessProber(executor, (route, pod) -> refresh(route));
    this.routes =
        new RouteTable(
            lookout.services(),
            lookout.pods(),
            spec -> new Route(spec, this, budget, System::nanoTime),
            prober);
    this.waker = new Waker(scalers, this, executor, meters);
    this.targets = new TargetConditions(client);
    meters.gauge("ebb_gateway_held_requests", budget, HoldBudget::held);
    meters.gauge("ebb_gateway_routes", routes, table -> table.routes().size());
  }

  private void refresh(Route route) {
    routes.refresh(route);
  }

  void tell(ActivityHub hub) {
    this.activity = hub;
  }

  ActivityHub activity() {
    return java.util.Objects.requireNonNull(activity);
  }

  RouteTable routes() {
    return routes;
  }

  /** Starts listening to what is watched. */
  void follow(Consumer<ResourceKey> services) {
    lookout.scaledResources().onChange(change -> routes.onScaledResource(change, services));
    lookout
        .services()
        .onChange(change -> {
          routes.onService(change);
          services.accept(change.any().key());
        });
    lookout.pods().onChange(this::onPod);
    lookout
        .ownSlices()
        .onChange(change ->
            services.accept(
                new ResourceKey(change.any().metadata().namespace(), change.any().serviceName())));
    lookout.gatewayEndpoints().onChange(change -> routes.servedServices().forEach(services));
  }

  private void onPod(Informer.Change<Pod> change) {
    Pod after = change.after();
    if (after == null || after.ready() || after.metadata().deleting()) {
      prober.forget(change.any());
    }
    routes.onPod(change);
    if (after != null) {
      for (Route route : routes.routes()) {
        if (route.held() > 0
            && route.spec().key().namespace().equals(after.metadata().namespace())) {
          probe(route);
        }
      }
    }
  }

  private void probe(Route route) {
    for (Pod pod : routes.podsOf(route)) {
      if (!pod.metadata().deleting() && !pod.status().podIPs().isEmpty()) {
        route.wakeSteps().addressed();
      }
      prober.probe(route, pod, () -> lookout.pods().get(pod.key()).orElse(null));
    }
  }

  @Override
  public List<Backend> backends(Route route, Route.Port port) {
    return routes.backends(route, port);
  }

  @Override
  public void held(Route route) {
    waker.wake(route);
    probe(route);
  }

  @Override
  public void edge(Route route) {
    ActivityHub hub = activity;
    if (hub != null) {
      hub.edge();
    }
  }

  @Override
  public Optional<WakeProblem> problem(RouteSpec spec) {
    return routes
        .find(spec.key())
        .flatMap(route -> routes.problem(route, targets.of(spec.target())));
  }

  @Override
  public boolean ready(RouteSpec spec) {
    // A route that has left is nobody's concern any more.
    return routes
        .find(spec.key())
        .map(route ->
            routes.podsOf(route).stream().anyMatch(pod -> pod.ready() || prober.passed(pod)))
        .orElse(true);
  }

  @Override
  public @Nullable HorizontalPodAutoscaler hpa(RouteSpec spec) {
    // From the API server's own cache: somebody waits, and an HPA of a moment ago will do, since
    // the
    // HPA's controller corrects a count that does not suit it. The scale itself is read live.
    return client
        .list(HorizontalPodAutoscaler.TYPE, spec.key().namespace(), Map.of("resourceVersion", "0"))
        .items()
        .stream()
        .filter(hpa -> hpa.scales(spec.target()))
        .findFirst()
        .orElse(null);
  }

  @Override
  public boolean saidAsleep(RouteSpec spec) {
    return routes
        .resource(spec.key())
        .map(r -> r.status().state() == ScaledResource.State.Asleep)
        .orElse(false);
  }

  @Override
  public void event(RouteSpec spec, boolean warning, String reason, String message) {
    ScaledResource resource = routes.resource(spec.key()).orElse(null);
    if (resource == null) {
      return;
    }
    EventRecorder.Subject subject = EventRecorder.Subject.of(ScaledResource.TYPE, resource);
    if (warning) {
      events.warning(subject, reason, message);
    } else {
      events.normal(subject, reason, message);
    }
  }
}
