package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.LABELS;
import static dev.ebb.autoscaler.plan.World.NOW;
import static dev.ebb.autoscaler.plan.World.TARGET;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.ScaledResource.Path;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.model.ScaledResource.TargetRef;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * Worlds of which anything may be wrong: the fine one with up to five of all changes laid over it.
 * The same seed makes the same world.
 */
final class RandomWorlds {

  private static final List<String> HANDS =
      List.of(States.OURS, States.GATEWAYS, "kube-controller-manager", "kubectl", "untracked");

  private static final List<BiConsumer<World, Random>> CHANGES =
      List.of(
          (w, r) -> w.withMode(any(r, Mode.values())),
          (w, r) -> w.withFreeze(new Freeze(any(r, Freeze.Scope.values()), "")),
          (w, r) -> w.withPath(any(r, Path.values())),
          (w, r) -> w.withIdleAfter(any(r, "1s", "10m", "1h", "3h", "1d", "0s", "")),
          (w, r) -> w.withWakeTimeout(any(r, "5m", "never")),
          (w, r) -> w.withReplicas(any(r, null, 0, 2), any(r, null, 1, 4), any(r, null, 2)),
          (w, r) -> w.withSource(),
          (w, r) -> w.withAdoptZero(),
          (w, r) -> w.withServicesNamed(any(r, "shop", "extra", "missing")),
          (w, r) -> w.withServicesNamed("shop", "extra"),
          (w, r) -> w.withTargetRef(any(r, null, new TargetRef("apps/v1", "Deployment", "bar"))),
          (w, r) -> w.withKey("shop", false),
          (w, r) -> w.withKey("shop", false).withoutMarks(),
          (w, r) -> w.withoutMarks(),
          (w, r) -> w.withGeneration(1L + r.nextInt(3)),
          (w, r) -> w.withFinalizers(),
          (w, r) -> w.asNew(),
          RandomWorlds::extraService,
          RandomWorlds::extraService,
          (w, r) ->
              w.withPod(World.pod(any(r, "a-abc-1", "z-abc-1"), "other", r.nextBoolean(), NOW)),
          (w, r) ->
              w.withPod(
                  World.pod(
                      World.meta("job", 0, NOW, LABELS, List.of()),
                      false,
                      any(r, "Succeeded", "Failed", "Pending"))),
          (w, r) -> w.withScale(r.nextInt(4), HANDS.get(r.nextInt(HANDS.size()))),
          (w, r) -> w.withScale(r.nextInt(4), HANDS.get(r.nextInt(HANDS.size()))).podsFollow(),
          (w, r) -> w.withScale(1 + r.nextInt(3), "helm").podsFollow(),
          (w, r) -> w.asleep(),
          (w, r) -> w.asleep().withScale(1, HANDS.get(r.nextInt(HANDS.size()))),
          (w, r) -> w.withRollout(2 + r.nextInt(2), r.nextInt(3), r.nextInt(3)),
          (w, r) -> w.withPodsReady(r.nextBoolean()),
          (w, r) -> w.withPodsCreated(ago(r, 300)),
          (w, r) -> w.withoutPods(),
          (w, r) -> w.withHpa(r.nextInt(3), 1 + r.nextInt(4), r.nextInt(3), r.nextInt(3)),
          (w, r) ->
              w.withAnnotation(
                  Reversals.ANNOTATION,
                  new Reversals("argocd", 1 + r.nextInt(4), 1 + r.nextInt(2), ago(r, 90)).text()),
          (w, r) -> w.withGatewayUnreadySince(ago(r, 90)),
          (w, r) -> w.withGatewayReadySince(ago(r, 90)),
          (w, r) ->
              w.withGateways(
                  new GatewayView.Replica("10.1.0.1", r.nextBoolean(), r.nextBoolean()),
                  new GatewayView.Replica("10.1.0.2", r.nextBoolean(), r.nextBoolean())),
          (w, r) -> w.withTraffic(r.nextInt(2), r.nextInt(2), r.nextInt(2)),
          (w, r) -> w.withLastByte(any(r, null, ago(r, 900))),
          (w, r) -> w.withLastEvent(any(r, null, NOW.minusMillis(r.nextInt(6_000)))),
          (w, r) -> w.withActiveUntil(ago(r, 900)),
          (w, r) -> w.withNotServedYet(),
          (w, r) -> w.withNobodyHeard(),
          (w, r) -> w.withFloor(ago(r, 900)),
          (w, r) -> w.withAdoption(any(r, null, ago(r, 20)), any(r, null, ahead(r))),
          (w, r) -> w.withCondition(ConditionTypes.ASLEEP, "False", ago(r, 900)),
          (w, r) -> w.withCondition(ConditionTypes.BYPASSED, any(r, "True", "False"), ago(r, 90)),
          (w, r) -> w.withState(any(r, State.values())),
          (w, r) -> w.withStatus(null),
          (w, r) -> w.withOther(rival(r)),
          (w, r) -> w.withOther(neighbour(r)),
          (w, r) -> w.withMissingTarget(),
          (w, r) -> w.withUnreadableTarget(),
          (w, r) -> w.withCustomKind(),
          (w, r) -> w.withoutServices().withService(World.service("bar", Map.of("app", "bar"))),
          (w, r) -> w.withoutSlices(),
          (w, r) ->
              w.withSlice(
                  World.slice("shop", EndpointSlice.MANAGED_BY_GATEWAY, r.nextBoolean(), "http")),
          (w, r) -> w.withDeletion(any(r, null, NOW)));

  private RandomWorlds() {}

  static World of(long seed) {
    // Neighbouring seeds of java.util.Random begin alike.
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    World world = new World();
    List<BiConsumer<World, Random>> changes = new ArrayList<>(CHANGES);
    Collections.shuffle(changes, random);
    changes.subList(0, random.nextInt(6)).forEach(change -> change.accept(world, random));
    return world;
  }

  private static void extraService(World world, Random random) {
    boolean local = random.nextInt(6) == 0;
    String type = random.nextInt(6) == 0 ? "ExternalName" : "ClusterIP";
    String clusterIp = random.nextInt(6) == 0 ? "None" : "10.96.0.10";
    String appProtocol = random.nextInt(5) == 0 ? "grpc" : null;
    world.withService(
        World.service(
            "extra",
            random.nextInt(4) == 0 ? Map.of("app", "bar") : LABELS,
            clusterIp,
            type,
            local ? "Local" : null,
            null,
            new Service.Port("http", 80, "TCP", appProtocol, null),
            new Service.Port("dns", 53, random.nextBoolean() ? "UDP" : "TCP", null, null)));
    if (random.nextBoolean()) {
      world.withKey("extra", true);
    }
    if (random.nextBoolean()) {
      world.withMark("extra", 1);
    }
    if (random.nextBoolean()) {
      world.withSlice("extra", "http", "dns");
    }
  }

  private static ScaledResource rival(Random random) {
    return World.other(other("rival", random), TARGET);
  }

  private static ScaledResource neighbour(Random random) {
    return World.other(
        other("neighbour", random),
        new ScaleTarget("apps/v1", "Deployment", new ResourceKey("ns", "neighbour")),
        new ScaledResource.MappedService(any(random, "shop", "extra"), "u", List.of()));
  }

  private static Meta other(String name, Random random) {
    return new Meta(
        name,
        "ns",
        "uid-of-" + name,
        "1",
        1,
        any(random, null, Instant.EPOCH, NOW),
        random.nextInt(3) == 0 ? NOW : null,
        random.nextInt(3) == 0 ? Map.of(Annotated.LABEL, Annotated.BY_ANNOTATION) : Map.of(),
        random.nextInt(3) == 0 ? Map.of(KeyMarks.ANNOTATION, "shop=uid-of-shop@1") : Map.of(),
        List.of(),
        List.of());
  }

  private static Instant ago(Random random, int seconds) {
    return NOW.minusSeconds(random.nextInt(seconds + 1));
  }

  private static Instant ahead(Random random) {
    return NOW.plusSeconds(random.nextInt(7) - 3L);
  }

  @SafeVarargs
  private static <T> T any(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }
}
