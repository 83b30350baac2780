package dev.ebb.autoscaler.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must become of a history when nothing happens any more: what may sleep sleeps, nothing is
 * written, a restart changes nothing, a call wakes, and a deletion leaves things as they were.
 */
final class Ending {

  private final AutoscalerWorld world;

  Ending(AutoscalerWorld world) {
    this.world = world;
  }

  void run() {
    heal();
    world.pass(Duration.ofMinutes(30));
    world.check();
    world.apps.forEach(this::sleepsIfItMay);
    restsWithoutWrites();
    restarts();
    // The other, if it sleeps, is let go of asleep.
    wakes(world.apps.getFirst());
    leaves();
  }

  private void heal() {
    world.faults.heal();
    world.letGo();
    world.writes.beforeZero(() -> {});
    world.gateway.beforeFence(key -> {});
    world.gateway.afterFence(() -> {});
    world
        .gateway
        .replicas()
        .forEach(replica -> {
          replica.ready = true;
          replica.silent = false;
        });
    world.listGateway();
    for (App app : world.apps) {
      world.controllers.slow(app.name, false);
      world.controllers.rollingOut(app.name, false);
      world.users.removeHpa(app);
    }
    world.stir();
    for (int i = 0; i < 3; i++) {
      world.pass(Duration.ofSeconds(1));
      world.apps.forEach(app -> world.gateway.finish(app.key));
    }
  }

  private void sleepsIfItMay(App app) {
    Workload workload = world.truth.find(Workload.DEPLOYMENT, app.key).orElse(null);
    if (workload == null || app.spec == null || app.contested || app.selectors.isEmpty()) {
      return;
    }
    boolean may =
        ZeroRules.WINDOWS.containsKey(String.valueOf(app.spec.get("idleAfter")))
            && "Enforce".equals(app.spec.getOrDefault("mode", "Enforce"))
            && Map.of("min", 0).equals(app.spec.getOrDefault("replicas", Map.of("min", 0)));
    ScaledResource resource = world.truth.get(ScaledResource.TYPE, app.key);
    if (may) {
      assertThat(workload.replicas())
          .as("%s may sleep; its status: %s", app.name, resource.status())
          .isZero();
    } else if (resource.mode() == ScaledResource.Mode.Enforce) {
      assertThat(world.asleep(app))
          .as("%s must not sleep; its status: %s", app.name, resource.status())
          .isFalse();
    }
  }

  private void restsWithoutWrites() {
    world.writes.drain();
    world.pass(Duration.ofMinutes(10));
    assertThat(world.writes.drain()).as("writes while nothing happens").isEmpty();
  }

  private void restarts() {
    List<String> before = digest();
    world.restart();
    world.pass(Duration.ofMinutes(30));
    assertThat(digest()).as("a restart comes to the same end").isEqualTo(before);
    assertThat(world.writes.drain().stream().filter(w -> !w.path().endsWith("/status")))
        .as("writes after a restart")
        .isEmpty();
  }

  /** What somebody can see of each workload. */
  private List<String> digest() {
    List<String> lines = new ArrayList<>();
    for (App app : world.apps) {
      Optional<Workload> workload = world.truth.find(Workload.DEPLOYMENT, app.key);
      Optional<ScaledResource> resource = world.truth.find(ScaledResource.TYPE, app.key);
      lines.add(
          "%s: %s replicas, %s, %s, %s"
              .formatted(
                  app.name,
                  workload.map(Workload::replicas).orElse(null),
                  resource.map(r -> String.valueOf(r.status().state())).orElse("none"),
                  resource.map(r -> r.metadata().finalizers().toString()).orElse(""),
                  keyed(app)));
    }
    return lines;
  }

  private List<String> keyed(App app) {
    return app.selectors.keySet().stream()
        .sorted()
        .filter(name ->
            world.truth.get(Service.TYPE, new ResourceKey(FakeGateway.APPS, name)).behindGateway())
        .toList();
  }

  private void wakes(App app) {
    if (!world.asleep(app) || app.spec == null || app.selectors.isEmpty() || app.contested) {
      return;
    }
    Object mode = app.spec.getOrDefault("mode", "Enforce");
    if (!"Enforce".equals(mode) && keyed(app).size() < app.selectors.size()) {
      // A Service that was made anew gets no key while nobody may touch it: decision 8.
      return;
    }
    if ("Paused".equals(mode)) {
      staysAtZero(app);
      return;
    }
    Integer remembered = world.truth.get(ScaledResource.TYPE, app.key).remembered();
    world.call(app, 0);
    world.pass(Duration.ofSeconds(5));
    assertThat(world.gateway.inFlight(app.key))
        .as("the call of %s is answered", app.name)
        .isPositive();
    assertThat(world.truth.get(Workload.DEPLOYMENT, app.key).replicas())
        .as("%s is as it was before", app.name)
        .isEqualTo(remembered);
    world.check();
    world.gateway.finish(app.key);
  }

  private void staysAtZero(App app) {
    world.call(app, 0);
    world.pass(Duration.ofSeconds(5));
    assertThat(world.gateway.inFlight(app.key) + world.gateway.held(app.key))
        .as("the call of %s, which is paused, is refused", app.name)
        .isZero();
    assertThat(world.truth.get(Workload.DEPLOYMENT, app.key).replicas())
        .as("%s is paused", app.name)
        .isZero();
  }

  private void leaves() {
    Map<App, Integer> asleep = new HashMap<>();
    world.apps.stream()
        .filter(world::asleep)
        .forEach(
            app -> asleep.put(app, world.truth.get(ScaledResource.TYPE, app.key).remembered()));
    world.apps.forEach(world.users::deleteResource);
    world
        .truth
        .list(ScaledResource.TYPE, FakeGateway.APPS, Map.of())
        .items()
        .forEach(r -> world.truth.delete(ScaledResource.TYPE, r.metadata()));
    world.pass(Duration.ofMinutes(6));
    world.check();
    assertThat(world.truth.list(ScaledResource.TYPE, FakeGateway.APPS, Map.of()).items())
        .as("resources that were deleted")
        .isEmpty();
    for (App app : world.apps) {
      assertThat(keyed(app))
          .as("Services of %s that still lead to the gateway", app.name)
          .isEmpty();
    }
    asleep.forEach((app, before) ->
        world
            .truth
            .find(Workload.DEPLOYMENT, app.key)
            .ifPresent(w ->
                assertThat(w.replicas())
                    .as("%s is left as it was before", app.name)
                    .isEqualTo(before)));
  }
}
