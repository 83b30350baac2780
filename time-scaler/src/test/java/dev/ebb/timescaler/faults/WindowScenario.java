package dev.ebb.timescaler.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.testkit.matrix.Act;
import dev.ebb.testkit.matrix.Scenario;
import dev.ebb.testkit.matrix.Stored;
import dev.ebb.testkit.matrix.World;
import dev.ebb.testkit.proxy.Match;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.api.ServiceScaler;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A schedule adopts an HPA of others and is changed; service-scaler's resource gets an HPA of its
 * own.
 */
final class WindowScenario implements Scenario {

  private static final ResourceType<JsonNode> SCHEDULES = World.raw(ScalingSchedule.TYPE);
  private static final ResourceType<JsonNode> SCALERS = World.raw(ServiceScaler.TYPE);
  private static final ResourceType<JsonNode> HPAS = World.raw(Hpa.TYPE);
  private static final Path FILES = Path.of("src/test/resources/faults");
  private static final List<Path> DEFINITIONS =
      List.of(
          Path.of("../charts/ebb/charts/time-scaler/files/servicescalers.scaler.udaan.io.yaml"),
          Path.of("../charts/ebb/charts/crds/files/scaledresources.ebb.dev.yaml"),
          Path.of("../charts/ebb/charts/crds/files/scalingschedules.ebb.dev.yaml"));

  @Override
  public void define(Cluster cluster) {
    for (Path file : DEFINITIONS) {
      cluster
          .kubectl("apply", "--server-side", "--force-conflicts", "-f", file.toString())
          .orThrow();
      cluster.kubectl("wait", "--for=condition=Established", "-f", file.toString()).orThrow();
    }
  }

  @Override
  public List<String> arguments(World world) {
    return List.of();
  }

  @Override
  public void prepare(World world) {
    world.apply(FILES.resolve("world.yaml"), "MIN", "");
  }

  @Override
  public List<Act> acts() {
    return List.of(
        new Act("is adopted", world -> schedule(world, 2), world -> ruled(world, 2)),
        new Act("is made", WindowScenario::scaler, WindowScenario::made),
        new Act("follows", world -> schedule(world, 3), world -> ruled(world, 3)));
  }

  private static void schedule(World world, int min) {
    world.apply(FILES.resolve("schedule.yaml"), "MIN", Integer.toString(min));
  }

  private static void ruled(World world, int min) {
    assertThat(bounds(world, "shop")).isEqualTo(min + "/9");
    JsonNode schedule = world.get(SCHEDULES, "shop");
    assertThat(schedule.at("/status/effective/minReplicas").asInt()).isEqualTo(min);
    assertThat(schedule.at("/status/observedGeneration"))
        .isEqualTo(schedule.at("/metadata/generation"));
    assertThat(world.condition(SCHEDULES, "shop", "Ready")).isEqualTo("True");
  }

  private static void scaler(World world) {
    world.apply(FILES.resolve("scaler.yaml"), "MIN", "");
  }

  private static void made(World world) {
    assertThat(bounds(world, "basket")).isEqualTo("5/8");
    assertThat(world.condition(SCALERS, "basket", "Ready")).isEqualTo("True");
  }

  private static String bounds(World world, String name) {
    JsonNode spec = world.get(HPAS, name).path("spec");
    return spec.path("minReplicas").asInt() + "/" + spec.path("maxReplicas").asInt();
  }

  @Override
  public List<ResourceType<JsonNode>> kinds() {
    return List.of(SCHEDULES, SCALERS, HPAS);
  }

  @Override
  public Set<String> history() {
    return Set.of("lastAction", "lastUpdatedTime");
  }

  @Override
  public Match effects() {
    return Match.writes().of("horizontalpodautoscalers");
  }

  @Override
  public int controllers() {
    return 2;
  }

  /** Whoever undoes it is told again and again what was done about it. */
  @Override
  public Optional<Act> foreign() {
    return Optional.of(
        new Act(
            "somebody sets the bounds back",
            world ->
                world.kubectl(
                    "patch", "hpa", "shop", "--type=merge", "-p", "{\"spec\":{\"minReplicas\":4}}"),
            world -> {
              ruled(world, 2);
              assertThat(world.kubectl("get", "events")).contains("TargetChanged");
            }));
  }

  @Override
  public Optional<Act> released() {
    return Optional.of(
        new Act(
            "deleted",
            world -> world.kubectl("delete", "scalingschedule", "shop", "--wait=false"),
            world -> {
              assertThat(world.client().find(SCHEDULES, world.key("shop"))).isEmpty();
              assertThat(bounds(world, "shop")).isEqualTo("4/9");
              assertThat(world.get(HPAS, "shop").at("/metadata/annotations").has(Hpa.SAVED))
                  .isFalse();
            }));
  }

  @Override
  public Optional<Invalid> invalid() {
    return Optional.of(
        Stored.notReady(
            SCHEDULES,
            FILES.resolve("stored.yaml"),
            "no-object",
            "unknown-words",
            "huge",
            "no-target"));
  }

  @Override
  public Optional<Many> many() {
    return Optional.of(new Orphans());
  }

  /** Schedules whose HPAs are not there: each has to be told so. */
  private static final class Orphans implements Many {
    @Override
    public String name(int number) {
      return "orphan-" + number;
    }

    @Override
    public void create(World world, int count) {
      for (int i = 0; i < count; i++) {
        world.create(
            SCHEDULES,
            name(i),
            Map.of(
                "targetRef",
                Map.of("apiVersion", HPAS.apiVersion(), "kind", HPAS.kind(), "name", name(i)),
                "baseline",
                Map.of("minReplicas", 1)));
      }
    }

    @Override
    public boolean done(World world, int number) {
      return world
          .get(SCHEDULES, name(number))
          .at("/status/conditions")
          .toString()
          .contains("TargetNotFound");
    }
  }
}
