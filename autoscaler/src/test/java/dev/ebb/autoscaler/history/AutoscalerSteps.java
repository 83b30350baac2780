package dev.ebb.autoscaler.history;

import dev.ebb.autoscaler.plan.Settings;
import dev.ebb.testkit.history.ApiFaults;
import dev.ebb.testkit.history.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** What happens to the world: drawn at random, each with about a second of time after it. */
final class AutoscalerSteps {

  /** Short times, so that histories need not last for hours. */
  static final Settings SETTINGS =
      new Settings(
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60));

  private static final List<String> KINDS =
      List.of("scaledresources", "services", "pods", "deployments", "endpointslices");

  // Each as often as it is listed.
  private static final List<Function<Random, Step<AutoscalerWorld>>> STEPS =
      List.of(
          AutoscalerSteps::time,
          AutoscalerSteps::time,
          AutoscalerSteps::time,
          AutoscalerSteps::time,
          AutoscalerSteps::call,
          AutoscalerSteps::call,
          AutoscalerSteps::finish,
          AutoscalerSteps::finish,
          AutoscalerSteps::ambushFence,
          AutoscalerSteps::ambushFence,
          AutoscalerSteps::callBeforeFence,
          AutoscalerSteps::ambushZero,
          AutoscalerSteps::ambushZero,
          AutoscalerSteps::scale,
          AutoscalerSteps::spec,
          AutoscalerSteps::spec,
          AutoscalerSteps::resource,
          AutoscalerSteps::service,
          AutoscalerSteps::workload,
          AutoscalerSteps::pods,
          AutoscalerSteps::hpa,
          AutoscalerSteps::gateway,
          AutoscalerSteps::gateway,
          AutoscalerSteps::fault,
          AutoscalerSteps::stale,
          AutoscalerSteps::restart,
          AutoscalerSteps::broken);

  private AutoscalerSteps() {}

  static Step<AutoscalerWorld> next(Random random) {
    Step<AutoscalerWorld> step = any(random, STEPS).apply(random);
    return new Step<>(
        step.text(),
        world -> {
          step.action().on(world);
          world.stir();
          world.pass(Duration.ofSeconds(1));
        });
  }

  private static <T> T any(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** Draws one of the workloads. */
  private static Step<AutoscalerWorld> on(
      Random random, String text, java.util.function.BiConsumer<AutoscalerWorld, App> action) {
    int which = random.nextInt(2);
    return new Step<>(
        (which == 0 ? "cart: " : "shop: ") + text, w -> action.accept(w, w.apps.get(which)));
  }

  private static Step<AutoscalerWorld> time(Random random) {
    int seconds = any(random, List.of(5, 15, 35, 65, 100, 330, 700));
    return new Step<>(seconds + " s pass", w -> w.pass(Duration.ofSeconds(seconds)));
  }

  private static Step<AutoscalerWorld> call(Random random) {
    int which = random.nextInt(4);
    return on(random, "a call comes", (w, app) -> w.call(app, which));
  }

  private static Step<AutoscalerWorld> finish(Random random) {
    return on(random, "all calls are answered", (w, app) -> w.gateway.finish(app.key));
  }

  private static Step<AutoscalerWorld> ambushFence(Random random) {
    int replicas = random.nextInt(4);
    return switch (random.nextInt(6)) {
      case 5 ->
          on(
              random,
              "an HPA will want more under the fence, and is heard of later",
              (w, app) ->
                  w.gateway.afterFence(() -> {
                    w.hold("horizontalpodautoscalers");
                    w.users.hpa(app, true);
                  }));
      case 0 ->
          on(
              random,
              "a call will come under the fence",
              (w, app) -> w.gateway.afterFence(() -> w.call(app, replicas)));
      case 1 ->
          on(
              random,
              "a user will scale to " + replicas + " under the fence",
              (w, app) -> w.gateway.afterFence(() -> w.users.scale(app, replicas)));
      case 2 ->
          on(
              random,
              "a user will pause it under the fence",
              (w, app) -> w.gateway.afterFence(() -> w.users.editResource(app, "mode", "Paused")));
      case 3 ->
          on(
              random,
              "a Service will come under the fence",
              (w, app) ->
                  w.gateway.afterFence(() -> w.users.createService(app, app.name + "-extra")));
      default ->
          on(
              random,
              "a user will delete the resource under the fence",
              (w, app) -> w.gateway.afterFence(() -> w.users.deleteResource(app)));
    };
  }

  /** With time for a sleep: who asks for a fence is told no, and nothing else tells of the call. */
  private static Step<AutoscalerWorld> callBeforeFence(Random random) {
    int which = random.nextInt(2);
    return new Step<>(
        "a call comes just before the fence, if one is asked for in 400 s",
        w -> {
          w.gateway.beforeFence(key -> {
            if (w.gateway.anyReady()) {
              w.gateway.take(key, which);
            }
          });
          w.stir();
          w.pass(Duration.ofSeconds(400));
        });
  }

  private static Step<AutoscalerWorld> ambushZero(Random random) {
    int replicas = 1 + random.nextInt(4);
    return random.nextBoolean()
        ? on(
            random,
            "a user will scale to " + replicas + " just before zero",
            (w, app) -> w.writes.beforeZero(() -> w.users.scale(app, replicas)))
        : on(
            random,
            "a user will edit to " + replicas + " just before zero",
            (w, app) -> w.writes.beforeZero(() -> w.users.edit(app, replicas)));
  }

  private static Step<AutoscalerWorld> scale(Random random) {
    int replicas = random.nextInt(4);
    return random.nextBoolean()
        ? on(random, "a user scales to " + replicas, (w, app) -> w.users.scale(app, replicas))
        : on(random, "a user edits to " + replicas, (w, app) -> w.users.edit(app, replicas));
  }

  private static Step<AutoscalerWorld> spec(Random random) {
    String window = any(random, List.of("1m", "90s", "10m", "soon"));
    String mode = any(random, List.of("Enforce", "Enforce", "Observe", "Paused"));
    int min = random.nextInt(2);
    return switch (random.nextInt(3)) {
      case 0 ->
          on(
              random,
              "idleAfter: " + window,
              (w, app) -> w.users.editResource(app, "idleAfter", window));
      case 1 -> on(random, "mode: " + mode, (w, app) -> w.users.editResource(app, "mode", mode));
      default ->
          on(
              random,
              "replicas.min: " + min,
              (w, app) -> w.users.editResource(app, "replicas", Map.of("min", min)));
    };
  }

  private static Step<AutoscalerWorld> resource(Random random) {
    return random.nextInt(3) == 0
        ? on(random, "its resource is deleted", (w, app) -> w.users.deleteResource(app))
        : on(
            random,
            "its resource is created",
            (w, app) -> w.users.createResource(app, Map.of("idleAfter", "1m")));
  }

  private static Step<AutoscalerWorld> service(Random random) {
    return switch (random.nextInt(4)) {
      case 0 ->
          on(
              random,
              "another Service comes",
              (w, app) -> w.users.createService(app, app.name + "-extra"));
      case 1 ->
          on(
              random,
              "the other Service goes",
              (w, app) -> w.users.deleteService(app, app.name + "-extra"));
      case 2 ->
          on(
              random,
              "its Service is made anew",
              (w, app) -> {
                w.users.deleteService(app, app.name);
                w.users.createService(app, app.name);
              });
      default ->
          on(
              random,
              "a user takes the key out of its Service",
              (w, app) -> w.users.resetSelector(app, app.name));
    };
  }

  private static Step<AutoscalerWorld> workload(Random random) {
    int replicas = 1 + random.nextInt(3);
    return switch (random.nextInt(4)) {
      case 0 -> on(random, "its Deployment is deleted", (w, app) -> w.users.undeploy(app));
      case 1 ->
          on(
              random,
              "its Deployment is created with " + replicas,
              (w, app) -> w.users.deploy(app, replicas));
      case 2 ->
          on(random, "its rollout is stuck", (w, app) -> w.controllers.rollingOut(app.name, true));
      default ->
          on(random, "its rollout ends", (w, app) -> w.controllers.rollingOut(app.name, false));
    };
  }

  private static Step<AutoscalerWorld> pods(Random random) {
    boolean slow = random.nextBoolean();
    return on(
        random,
        slow ? "its pods are not ready" : "its pods come ready",
        (w, app) -> w.controllers.slow(app.name, slow));
  }

  private static Step<AutoscalerWorld> hpa(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> on(random, "an HPA wants more", (w, app) -> w.users.hpa(app, true));
      case 1 -> on(random, "an HPA is content", (w, app) -> w.users.hpa(app, false));
      default -> on(random, "its HPA goes", (w, app) -> w.users.removeHpa(app));
    };
  }

  private static Step<AutoscalerWorld> gateway(Random random) {
    int which = random.nextInt(2);
    int seconds = any(random, List.of(1, 65, 65));
    String name = "gateway " + which;
    return switch (random.nextInt(6)) {
      case 0 ->
          new Step<>(
              name + " is not ready",
              w -> {
                w.gateway.replicas().get(which).ready = false;
                w.listGateway();
              });
      case 1, 4 ->
          new Step<>(
              "no gateway is ready for " + seconds + " s",
              w -> {
                w.gateway.replicas().forEach(r -> r.ready = false);
                w.listGateway();
                w.stir();
                w.pass(Duration.ofSeconds(seconds));
              });
      case 2 -> new Step<>(name + " is silent", w -> w.gateway.replicas().get(which).silent = true);
      case 3 ->
          new Step<>(
              name + " starts anew",
              w -> {
                w.gateway.replicas().get(which).traffic.clear();
                w.gateway.replicas().get(which).incarnation++;
              });
      default ->
          new Step<>(
              "all gateways are ready",
              w -> {
                w.gateway
                    .replicas()
                    .forEach(r -> {
                      r.ready = true;
                      r.silent = false;
                    });
                w.listGateway();
              });
    };
  }

  private static Step<AutoscalerWorld> fault(Random random) {
    ApiFaults.Fault fault = any(random, List.of(ApiFaults.Fault.values()));
    int count = 1 + random.nextInt(3);
    return random.nextInt(3) == 0
        ? new Step<>(count + " reads fail", w -> w.faults.failReads(count))
        : new Step<>(count + " writes: " + fault, w -> w.faults.failWrites(fault, count));
  }

  private static Step<AutoscalerWorld> stale(Random random) {
    String kind = any(random, KINDS);
    return random.nextBoolean()
        ? new Step<>(kind + " are no longer heard of", w -> w.hold(kind))
        : new Step<>("everything is heard of", AutoscalerWorld::letGo);
  }

  private static Step<AutoscalerWorld> restart(Random random) {
    return random.nextInt(3) == 0
        ? new Step<>("the API server ends all watches", w -> w.api.endWatches())
        : new Step<>("the autoscaler starts anew", AutoscalerWorld::restart);
  }

  private static Step<AutoscalerWorld> broken(Random random) {
    String window = any(random, List.of("1m", "soon"));
    return new Step<>(
        "a broken resource for nothing, idleAfter: " + window,
        w -> w.users.createBroken("broken", window));
  }
}
