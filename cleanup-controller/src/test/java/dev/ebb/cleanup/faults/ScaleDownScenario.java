package dev.ebb.cleanup.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.localcluster.Cluster;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Workload;
import dev.ebb.testkit.matrix.Act;
import dev.ebb.testkit.matrix.Scenario;
import dev.ebb.testkit.matrix.Stored;
import dev.ebb.testkit.matrix.World;
import dev.ebb.testkit.proxy.Match;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * A set of two is scaled down, its ordinal 1 is cleaned up, and it is scaled up again. There are no
 * kubelets: cleanup pods succeed because this says so.
 */
final class ScaleDownScenario implements Scenario {

  private static final ResourceType<JsonNode> CLEANUPS = World.raw(ScaleDownCleanup.TYPE);
  private static final ResourceType<JsonNode> SETS = World.raw(Workload.STATEFUL_SET);
  private static final ResourceType<JsonNode> PODS = World.raw(Pod.TYPE);
  private static final ResourceType<JsonNode> CLAIMS = World.raw(Claim.TYPE);
  private static final Path FILES = Path.of("src/test/resources/faults");
  private static final List<String> CRDS =
      List.of(
          "../charts/ebb/charts/crds/files/scaledowncleanups.ebb.dev.yaml",
          "../charts/ebb/charts/crds/files/scaledownpolicies.ebb.dev.yaml");

  @Override
  public void define(Cluster cluster) {
    for (String crd : CRDS) {
      cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", crd).orThrow();
      cluster.kubectl("wait", "--for=condition=Established", "-f", crd).orThrow();
    }
  }

  @Override
  public List<String> arguments(World world) {
    return List.of();
  }

  @Override
  public void prepare(World world) {
    world.apply(FILES.resolve("set.yaml"), "NAME", "web");
  }

  @Override
  public List<Act> acts() {
    return List.of(
        new Act("scaled down", world -> scale(world, 1), ScaleDownScenario::cleaned),
        new Act("scaled up again", world -> scale(world, 2), ScaleDownScenario::whole));
  }

  private static void scale(World world, int replicas) {
    whole(world);
    world.kubectl("scale", "sts", "web", "--replicas=" + replicas);
  }

  private static void cleaned(World world) {
    succeed(world);
    assertThat(world.client().find(CLAIMS, world.key("data-web-1"))).isEmpty();
    assertThat(world.client().find(PODS, world.key("web-1"))).isEmpty();
    assertThat(world.get(CLEANUPS, "web-1").at("/status/state").asString("")).isEqualTo("Done");
  }

  /** Lets the cleanup pod end well, if there is one. */
  private static void succeed(World world) {
    world
        .client()
        .find(PODS, world.key("web-1"))
        .filter(pod -> pod.path("metadata").path("annotations").has(Names.OWNER))
        .filter(pod -> !pod.at("/status/phase").asString("").equals("Succeeded"))
        .ifPresent(pod ->
            world
                .client()
                .patch(
                    PODS,
                    world.key("web-1"),
                    "status",
                    KubeClient.PatchType.MERGE,
                    Map.of("status", Map.of("phase", "Succeeded"))));
  }

  private static void whole(World world) {
    for (String name : List.of("web-0", "web-1")) {
      assertThat(world.get(PODS, name).path("metadata").path("annotations").has(Names.OWNER))
          .isFalse();
      assertThat(world.client().find(CLAIMS, world.key("data-" + name))).isPresent();
    }
  }

  @Override
  public List<ResourceType<JsonNode>> kinds() {
    return List.of(CLEANUPS, SETS, PODS, CLAIMS);
  }

  @Override
  public Match effects() {
    return Match.writes().of("pods", "persistentvolumeclaims");
  }

  @Override
  public int controllers() {
    return 1;
  }

  /** What is put in the place of a claim is not what was cleaned up. */
  @Override
  public boolean replaced(String resource) {
    return !resource.equals(CLAIMS.plural());
  }

  @Override
  public Optional<Act> released() {
    return Optional.of(
        new Act(
            "deleted",
            world -> world.kubectl("delete", "sts", "web", "--wait=false"),
            world -> {
              assertThat(world.client().find(SETS, world.key("web"))).isEmpty();
              assertThat(world.client().list(PODS, world.namespace(), Map.of()).items()).isEmpty();
              assertThat(world.client().find(CLAIMS, world.key("data-web-0"))).isPresent();
            }));
  }

  @Override
  public Optional<Invalid> invalid() {
    return Optional.of(new Stored(CLEANUPS, FILES.resolve("stored.yaml"), ScaleDownScenario::told));
  }

  private static void told(World world) {
    assertThat(world.kubectl("describe", "sts", "no-template")).contains("InvalidTemplate");
    assertThat(world.kubectl("describe", "sts", "unknown-words")).contains("Warning");
  }

  @Override
  public Optional<Many> many() {
    return Optional.of(new Sets());
  }

  /** Sets with one ordinal too many each. */
  private static final class Sets implements Many {
    @Override
    public String name(int number) {
      return "many-" + number;
    }

    @Override
    public void create(World world, int count) {
      try {
        String one = Files.readString(FILES.resolve("left.yaml"));
        Path all = Files.createTempFile("sets", ".yaml");
        Files.writeString(
            all,
            IntStream.range(0, count)
                .mapToObj(i -> one.replace("NAME", name(i)))
                .collect(Collectors.joining("---\n")));
        world.apply(all);
        Files.delete(all);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean done(World world, int number) {
      return world
          .client()
          .find(PODS, world.key(name(number) + "-0"))
          .filter(pod -> pod.path("metadata").path("annotations").has(Names.OWNER))
          .isPresent();
    }
  }
}
