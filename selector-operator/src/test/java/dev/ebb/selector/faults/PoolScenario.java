package dev.ebb.selector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.testkit.matrix.Act;
import dev.ebb.testkit.matrix.Scenario;
import dev.ebb.testkit.matrix.Stored;
import dev.ebb.testkit.matrix.World;
import dev.ebb.testkit.proxy.Match;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Three Services are shared out among three pods, of which one is condemned and one falls ill. */
final class PoolScenario implements Scenario {

  private static final ResourceType<JsonNode> POOLS = World.raw(ServicePool.TYPE);
  private static final ResourceType<JsonNode> SERVICES = World.raw(Service.TYPE);
  private static final ResourceType<JsonNode> SETS = World.raw(Workload.STATEFUL_SET);
  private static final ResourceType<JsonNode> PODS = World.raw(Pod.TYPE);
  private static final Path FILES = Path.of("src/test/resources/faults");
  private static final String CRD =
      "../charts/ebb/charts/selector-operator/files/servicepools.ebb.dev.yaml";

  @Override
  public void define(Cluster cluster) {
    cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", CRD).orThrow();
    cluster.kubectl("wait", "--for=condition=Established", "-f", CRD).orThrow();
  }

  @Override
  public List<String> arguments(World world) {
    return List.of();
  }

  @Override
  public void prepare(World world) {
    world.apply(FILES.resolve("world.yaml"), "NAME", "");
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      pod(world, ordinal);
      ready(world, ordinal, true);
    }
  }

  private static void pod(World world, int ordinal) {
    String name = "shop-" + ordinal;
    Map<String, Object> owner =
        Map.of(
            "apiVersion",
            "apps/v1",
            "kind",
            "StatefulSet",
            "name",
            "shop",
            "uid",
            world.get(SETS, "shop").at("/metadata/uid").asString(),
            "controller",
            true);
    world
        .client()
        .create(
            PODS,
            world.namespace(),
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Map.of(
                    "name",
                    name,
                    "labels",
                    Map.of("app", "shop", Marks.POD_NAME, name),
                    "ownerReferences",
                    List.of(owner)),
                "spec",
                Map.of("containers", List.of(Map.of("name", "main", "image", "none")))));
  }

  private static void ready(World world, int ordinal, boolean ready) {
    Map<String, Object> condition =
        Map.of(
            "type",
            "Ready",
            "status",
            ready ? "True" : "False",
            "lastTransitionTime",
            "2026-01-01T00:00:00Z");
    world
        .client()
        .patch(
            PODS,
            world.key("shop-" + ordinal),
            "status",
            KubeClient.PatchType.MERGE,
            Map.of("status", Map.of("phase", "Running", "conditions", List.of(condition))));
  }

  @Override
  public List<Act> acts() {
    return List.of(
        new Act(
            "are shared out",
            world -> world.apply(FILES.resolve("pool.yaml"), "NAME", ""),
            world -> shared(world, "shop-0", "shop-1", "shop-2")),
        new Act(
            "one is condemned",
            world -> world.kubectl("scale", "sts", "shop", "--replicas=2"),
            world -> shared(world, "shop-0", "shop-1")),
        new Act(
            "one falls ill", world -> ready(world, 0, false), world -> shared(world, "shop-1")));
  }

  /** Asserts that these pods have all Services, and that this is told. */
  private static void shared(World world, String... pods) {
    Map<String, String> map = map(world);
    assertThat(map.keySet()).containsExactly("svc-0", "svc-1", "svc-2");
    assertThat(new TreeSet<>(map.values())).isEqualTo(Set.of(pods));
    JsonNode pool = world.get(POOLS, "shop");
    assertThat(pool.at("/status/eligible").asInt()).isEqualTo(pods.length);
    assertThat(pool.at("/status/services").asInt()).isEqualTo(3);
    assertThat(world.condition(POOLS, "shop", "Ready")).isEqualTo("True");
  }

  private static Map<String, String> map(World world) {
    Map<String, String> map = new TreeMap<>();
    for (JsonNode service : world.client().list(SERVICES, world.namespace(), Map.of()).items()) {
      String pod = service.path("spec").path("selector").path(Marks.POD_NAME).asString("");
      if (!pod.isEmpty()) {
        map.put(service.at("/metadata/name").asString(), pod);
      }
    }
    return map;
  }

  @Override
  public List<ResourceType<JsonNode>> kinds() {
    return List.of(POOLS, SERVICES, SETS);
  }

  @Override
  public Set<String> history() {
    return Set.of("moves", "lastMoves");
  }

  @Override
  public Match effects() {
    return Match.writes().of("services");
  }

  @Override
  public int controllers() {
    return 1;
  }

  @Override
  public Optional<Act> foreign() {
    return Optional.of(
        new Act(
            "somebody takes the pod out of the selector",
            world ->
                world.kubectl(
                    "patch",
                    "service",
                    "svc-1",
                    "--type=merge",
                    "-p",
                    "{\"spec\":{\"selector\":{\"" + Marks.POD_NAME + "\":null}}}"),
            world -> assertThat(world.kubectl("get", "events")).contains("Contested")));
  }

  @Override
  public Optional<Act> released() {
    return Optional.of(
        new Act(
            "deleted",
            world -> world.kubectl("delete", "servicepool", "shop", "--wait=false"),
            world -> {
              assertThat(world.client().find(POOLS, world.key("shop"))).isEmpty();
              assertThat(map(world)).isEmpty();
              assertThat(
                      world.client().list(SERVICES, world.namespace(), Map.of()).items().stream())
                  .noneMatch(service -> service.path("metadata").has("annotations"));
            }));
  }

  @Override
  public Optional<Invalid> invalid() {
    return Optional.of(
        Stored.notReady(
            POOLS, FILES.resolve("stored.yaml"), "no-object", "unknown-words", "huge", "no-pods"));
  }

  @Override
  public Optional<Many> many() {
    return Optional.of(new Empty());
  }

  /** Pools of sets that are not there: each has to be told so. */
  private static final class Empty implements Many {
    @Override
    public String name(int number) {
      return "empty-" + number;
    }

    @Override
    public void create(World world, int count) {
      for (int i = 0; i < count; i++) {
        world.create(
            POOLS,
            name(i),
            Map.of(
                "pods",
                Map.of("statefulSet", name(i)),
                "services",
                Map.of("prefix", name(i) + "-")));
      }
    }

    @Override
    public boolean done(World world, int number) {
      return !world.condition(POOLS, name(number), "Ready").isEmpty();
    }
  }
}
