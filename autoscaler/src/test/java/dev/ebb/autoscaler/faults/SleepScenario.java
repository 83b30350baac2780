package dev.ebb.autoscaler.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.autoscaler.TestAutoscaler;
import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.testkit.matrix.Act;
import dev.ebb.testkit.matrix.Scenario;
import dev.ebb.testkit.matrix.Stored;
import dev.ebb.testkit.matrix.World;
import dev.ebb.testkit.proxy.Match;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A workload that nobody asks for falls asleep behind the gateway, and is woken because its
 * namespace is frozen.
 */
final class SleepScenario implements Scenario {

  private static final Path FOLDER = Path.of("src/test/resources/faults");
  private static final ResourceType<JsonNode> RESOURCES = World.raw(ScaledResource.TYPE);
  private static final ResourceType<JsonNode> SERVICES = World.raw(Service.TYPE);
  private static final ResourceType<JsonNode> DEPLOYMENTS = World.raw(Workload.DEPLOYMENT);

  private final QuietGateway gateway = new QuietGateway();

  @Override
  public void define(Cluster cluster) {
    TestAutoscaler.define(cluster);
    cluster.kubectl("create", "-f", FOLDER.resolve("node.yaml").toString()).orThrow();
  }

  @Override
  public List<String> arguments(World world) {
    return List.of(
        "--ebb.autoscaler.gateway-port=" + gateway.port(),
        "--ebb.autoscaler.gateway-silence=10s",
        "--ebb.autoscaler.settle=0s",
        // Slow machines must not make pods old.
        "--ebb.autoscaler.new-pod-age=1h");
  }

  @Override
  public void prepare(World world) {
    gateway.serve(world.namespace());
    world.apply(FOLDER.resolve("world.yaml"), "ADDRESS", gateway.address());
  }

  @Override
  public List<Act> acts() {
    return List.of(
        new Act("falls asleep", SleepScenario::ask, SleepScenario::asleep),
        new Act("is woken", SleepScenario::freeze, SleepScenario::awake));
  }

  private static void ask(World world) {
    world.apply(FOLDER.resolve("resource.yaml"), "ADDRESS", "");
  }

  private static void asleep(World world) {
    JsonNode resource = world.get(RESOURCES, "shop");
    assertThat(resource.at("/status/state").asString("")).isEqualTo("Asleep");
    assertThat(resource.at("/metadata/finalizers").toString()).contains(ScaledResource.FINALIZER);
    assertThat(
            resource
                .path("metadata")
                .path("annotations")
                .path(ScaledResource.REMEMBERED_REPLICAS)
                .asString(""))
        .isEqualTo("2");
    assertThat(replicas(world)).isZero();
    assertThat(world.get(SERVICES, "shop").at("/spec/selector").has(Service.BEHIND_GATEWAY))
        .isTrue();
  }

  private static void freeze(World world) {
    world
        .cluster()
        .kubectl("annotate", "namespace", world.namespace(), Freeze.ANNOTATION + "=matrix")
        .orThrow();
  }

  private static void awake(World world) {
    assertThat(replicas(world)).isEqualTo(2);
    assertThat(world.get(RESOURCES, "shop").at("/status/state").asString("")).isEqualTo("Waking");
  }

  private static int replicas(World world) {
    return world.get(DEPLOYMENTS, "shop").at("/spec/replicas").asInt(-1);
  }

  @Override
  public List<ResourceType<JsonNode>> kinds() {
    return List.of(RESOURCES, DEPLOYMENTS, SERVICES);
  }

  @Override
  public Match effects() {
    return Match.writes().of("deployments/scale", "services");
  }

  @Override
  public int controllers() {
    return 2;
  }

  @Override
  public Optional<Act> foreign() {
    return Optional.of(
        new Act(
            "somebody takes Ebb's key out of the selector",
            world ->
                world.kubectl(
                    "patch",
                    "service",
                    "shop",
                    "--type=merge",
                    "-p",
                    "{\"spec\":{\"selector\":{\"" + Service.BEHIND_GATEWAY + "\":null}}}"),
            world ->
                assertThat(world.get(RESOURCES, "shop").at("/status/conditions").toString())
                    .contains("SelectorContested")));
  }

  @Override
  public Optional<Act> released() {
    return Optional.of(
        new Act(
            "deleted",
            world -> world.kubectl("delete", "scaledresource", "shop", "--wait=false"),
            world -> {
              runPods(world);
              assertThat(world.client().find(RESOURCES, world.key("shop"))).isEmpty();
              assertThat(replicas(world)).isEqualTo(2);
              assertThat(
                      world.get(SERVICES, "shop").at("/spec/selector").has(Service.BEHIND_GATEWAY))
                  .isFalse();
            }));
  }

  /** There is no scheduler for them and no kubelet: pods are ready because this says so. */
  private static void runPods(World world) {
    for (Pod pod : world.client().list(Pod.TYPE, world.namespace(), Map.of()).items()) {
      if (pod.ready() || pod.metadata().deleting()) {
        continue;
      }
      if (pod.spec().nodeName() == null) {
        bind(world, pod.metadata().name());
      }
      Map<String, Object> status =
          Map.of(
              "phase",
              "Running",
              "podIP",
              "10.1.2.3",
              "podIPs",
              List.of(Map.of("ip", "10.1.2.3")),
              "conditions",
              List.of(
                  Map.of(
                      "type",
                      "Ready",
                      "status",
                      "True",
                      "lastTransitionTime",
                      Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())));
      world
          .client()
          .patch(
              Pod.TYPE,
              world.key(pod.metadata().name()),
              "status",
              KubeClient.PatchType.MERGE,
              Map.of("status", status));
    }
  }

  private static void bind(World world, String pod) {
    String path = "/api/v1/namespaces/%s/pods/%s/binding".formatted(world.namespace(), pod);
    world
        .client()
        .postRaw(
            path,
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Binding",
                "metadata",
                Map.of("name", pod),
                "target",
                Map.of("apiVersion", "v1", "kind", "Node", "name", "matrix")));
  }

  @Override
  public Optional<Invalid> invalid() {
    return Optional.of(
        Stored.notReady(
            RESOURCES,
            FOLDER.resolve("stored.yaml"),
            "no-object",
            "unknown-words",
            "huge",
            "no-target"));
  }

  @Override
  public Optional<Many> many() {
    return Optional.of(new Orphans());
  }

  /** Resources whose workloads are not there: each has to be told so. */
  private static final class Orphans implements Many {
    @Override
    public String name(int number) {
      return "orphan-" + number;
    }

    @Override
    public void create(World world, int count) {
      for (int i = 0; i < count; i++) {
        world.create(
            RESOURCES,
            name(i),
            Map.of(
                "targetRef",
                Map.of("apiVersion", "apps/v1", "kind", "Deployment", "name", name(i))));
      }
    }

    @Override
    public boolean done(World world, int number) {
      return world
          .get(RESOURCES, name(number))
          .at("/status/conditions")
          .toString()
          .contains("TargetNotFound");
    }
  }

  @Override
  public void close() {
    gateway.close();
  }
}
