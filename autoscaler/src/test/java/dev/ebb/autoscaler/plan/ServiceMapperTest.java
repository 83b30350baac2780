package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.LABELS;
import static dev.ebb.autoscaler.plan.World.NOW;
import static dev.ebb.autoscaler.plan.World.http;
import static dev.ebb.autoscaler.plan.World.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ebb.autoscaler.plan.Problem.Weight;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The user docs' table of cases. */
class ServiceMapperTest {

  private final World world = new World();

  private static Service headless(String name) {
    return service(name, LABELS, "None", "ClusterIP", null, null, http());
  }

  private static Service externalName(String name) {
    return service(name, LABELS, "", "ExternalName", null, null, http());
  }

  private static Service withPort(String protocol, String appProtocol) {
    return service("shop", LABELS, new Service.Port("http", 80, protocol, appProtocol, null));
  }

  private static Pod onHost(Pod pod) {
    return new Pod(pod.metadata(), new Pod.Spec(null, true, List.of(), List.of()), pod.status());
  }

  private static Meta podOf(String name, List<Meta.Owner> owners) {
    return World.meta(name, 0, NOW, Map.of("app", "shop", "pod-template-hash", "abc"), owners);
  }

  private static Arguments refused(String reason, Consumer<World> change, String... says) {
    return arguments(reason, change, List.of(says));
  }

  private static Stream<Arguments> cases() {
    return Stream.of(
        refused(
            "Unsupported",
            w -> w.withService(headless("peers")).withServicesNamed("peers"),
            "spec.services: Service peers is headless",
            "name another one"),
        refused(
            "Unsupported",
            w -> w.withService(externalName("far")).withServicesNamed("far"),
            "spec.services: Service far is of type ExternalName",
            "name another one"),
        refused(
            "Unsupported",
            w -> w.withService(service("bare", Map.of(), http())).withServicesNamed("bare"),
            "spec.services: Service bare has no selector",
            "name another one"),
        refused(
            "Unsupported",
            w ->
                w.withService(service("bare", Map.of(Service.BEHIND_GATEWAY, "true"), http()))
                    .withServicesNamed("bare"),
            "Service bare has no selector"),
        refused(
            "ServiceNotFound",
            w -> w.withServicesNamed("shop", "missing"),
            "spec.services: there is no Service missing in namespace ns",
            "create it or correct the name"),
        refused(
            "ServiceSelectsOthers",
            w ->
                w.withService(service("bar", Map.of("app", "bar"), http()))
                    .withServicesNamed("bar"),
            "spec.services: the selector of Service bar does not match the pods of Deployment ns/s",
            "correct one of them"),
        refused(
            "NoService",
            World::withoutServices,
            "no Service in namespace ns selects the pods of Deployment ns/shop",
            "create one, or name it in spec.services"),
        refused(
            "NoService",
            w ->
                w.withoutServices()
                    .withService(externalName("far"))
                    .withService(service("bare", Map.of(), http()))
                    .withService(service("bar", Map.of("app", "bar"), http())),
            "no Service in namespace ns selects the pods"),
        refused(
            "DirectAccessPossible",
            w -> w.withService(headless("peers")),
            "headless Service peers leads to the same pods past the gateway",
            "name the Services that callers use in spec.services"),
        refused(
            "SharedService",
            w -> w.withPod(World.pod("bar-abc-1", "bar", true, NOW)),
            "Service shop also leads to ReplicaSet bar-abc",
            "give each workload a Service of its own"),
        refused(
            "SharedService",
            w -> w.withPod(World.pod(podOf("debug", List.of()), false, "Pending")),
            "Service shop also leads to pod debug"),
        refused(
            "LocalTrafficPolicy",
            w ->
                w.withService(
                    service("shop", LABELS, "10.96.0.9", "ClusterIP", "Local", null, http())),
            "Service shop has internalTrafficPolicy: Local",
            "set it to Cluster"),
        refused(
            "LocalTrafficPolicy",
            w ->
                w.withService(
                    service("shop", LABELS, "10.96.0.9", "NodePort", "Cluster", "Local", http())),
            "Service shop has externalTrafficPolicy: Local",
            "set it to Cluster"),
        refused(
            "PortNotWakeable",
            w ->
                w.withService(
                    service(
                        "shop", LABELS, http(), new Service.Port("rpc", 9, "TCP", "grpc", null))),
            "port rpc of Service shop has appProtocol grpc",
            "set its appProtocol to http",
            "map other Services by spec.services"),
        refused(
            "PortNotWakeable",
            w ->
                w.withService(
                    service(
                        "shop", LABELS, http(), new Service.Port("dns", 53, "UDP", null, null))),
            "port dns of Service shop is UDP",
            "give it a Service of its own"),
        refused(
            "HostNetwork",
            w -> w.withPod(onHost(World.pod("shop-abc-1", "shop", true, NOW))),
            "use the host's network",
            "remove hostNetwork"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("cases")
  void refusesWithTheRemedy(String reason, Consumer<World> change, List<String> says) {
    change.accept(world);

    Plan plan = world.plan();

    assertThat(plan.problems())
        .singleElement()
        .satisfies(p -> {
          assertThat(p.condition()).isEqualTo(ConditionTypes.SERVICES);
          assertThat(p.reason()).isEqualTo(reason);
          assertThat(p.weight()).isEqualTo(Weight.REFUSED);
          assertThat(p.message()).contains(says);
        });
    assertThat(plan.sleeps()).isFalse();
    assertThat(plan.steps()).noneMatch(Step.AddKey.class::isInstance);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"grpc", "h2c", "kubernetes.io/h2c", "https", "kubernetes.io/ws", "tcp", "HTTP"})
  void aPortWhoseProtocolCannotBeHeldIsRefused(String appProtocol) {
    world.withService(withPort("TCP", appProtocol)).withKey("shop", true);

    assertThat(world.plan().problems()).extracting(Problem::reason).containsOnly("PortNotWakeable");
    assertThat(world.plan().shut()).contains("Valid");
  }

  @ParameterizedTest
  @CsvSource({"http", "''", ","})
  void plainHttpIsHeldAndUnsaidCountsAsThat(String appProtocol) {
    world.withService(withPort("TCP", appProtocol)).withKey("shop", true);

    assertThat(world.plan().problems()).isEmpty();
    assertThat(world.plan().sleeps()).isTrue();
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "'',80,true",
    "http,80,true",
    "http-web,8080,true",
    "web,3000,true",
    "metrics,9090,true",
    "grpc,8080,false",
    "grpc-api,8080,false",
    "grpc-web,8080,true",
    "http,443,true",
    "HTTPS,8443,false",
    "ws,8080,false",
    "tcp-postgres,5433,false",
    "'',443,false",
    "'',5432,false",
    "db,6379,false"
  })
  void anUnsaidProtocolIsGuessedFromNameAndNumber(String name, int number, boolean held) {
    Service.Port port = new Service.Port(name, number, "TCP", null, null);

    assertThat(Mapping.wakeable(port)).isEqualTo(held);
    assertThat(Mapping.wakeable(new Service.Port(name, number, "TCP", "http", null))).isTrue();
  }

  // What is mapped.

  private List<String> mapped() {
    return world.plan().status().services().stream().map(MappedService::name).toList();
  }

  @Test
  void mapsEveryServiceThatSelectsThePodsByName() {
    world.withService(service("b", LABELS, http())).withService(service("a", LABELS, http()));
    world.withService(service("hash", Map.of("app", "shop", "tier", "web"), http()));
    world.withService(externalName("far")).withService(service("bare", Map.of(), http()));

    assertThat(mapped()).containsExactly("a", "b", "shop");
    assertThat(world.plan().problems()).isEmpty();
  }

  @Test
  void mapsOnlyTheNamedOnesAndEachOnce() {
    world.withService(service("a", LABELS, http())).withServicesNamed("shop", "shop");

    assertThat(mapped()).containsExactly("shop");
    assertThat(world.plan().sleeps()).isTrue();
    assertThat(world.withoutMarks().withKey("shop", false).plan().steps())
        .filteredOn(Step.AddKey.class::isInstance)
        .hasSize(1);
  }

  @Test
  void aHeadlessServiceDoesNotMatterWhenTheMappedOnesAreNamed() {
    world.withService(headless("peers")).withServicesNamed("shop");

    assertThat(world.plan().problems()).isEmpty();
    assertThat(world.plan().sleeps()).isTrue();
  }

  @Test
  void theKeyIsNoPartOfTheSelector() {
    world.withKey("shop", true);

    assertThat(mapped()).containsExactly("shop");
    assertThat(world.plan().problems()).isEmpty();
  }

  @Test
  void aPodThatHasEndedIsNobodysTraffic() {
    world.withPod(World.pod(podOf("job-1", List.of()), false, "Succeeded"));
    world.withPod(World.pod(podOf("job-2", List.of()), false, "Failed"));

    assertThat(world.plan().problems()).isEmpty();
  }

  @Test
  void theFirstForeignPodByNameIsToldSoThatTheMessageStays() {
    world.withPod(World.pod("zoo-abc-1", "zoo", true, NOW));
    world.withPod(World.pod("bar-abc-1", "bar", true, NOW));

    assertThat(world.plan().problems())
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("ReplicaSet bar-abc"));
  }

  @ParameterizedTest(name = "created {0} s earlier, by annotation {1}: refused {2}")
  @CsvSource({"1,false,true", "-1,false,false", "1,true,false"})
  void aServiceBelongsToTheFirstResourceThatMappedIt(
      int earlier, boolean annotated, boolean refused) {
    ScaleTarget bar = new ScaleTarget("apps/v1", "Deployment", new ResourceKey("ns", "bar"));
    Instant created = NOW.minusSeconds(earlier);
    Map<String, String> labels =
        annotated ? Map.of(Annotated.LABEL, Annotated.BY_ANNOTATION) : Map.of();
    ScaledResource other =
        World.other(
            World.meta("bar", 1, created, labels, List.of()),
            bar,
            new MappedService("shop", "uid-of-shop", List.of()));

    world.withCreated(NOW).withOther(other);

    assertThat(world.plan().problems().stream().map(Problem::message).toList())
        .isEqualTo(
            refused
                ? List.of(
                    "Service shop also leads to ScaledResource bar; give each workload a Service of"
                        + " its own")
                : List.of());
  }

  @Test
  void severalMistakesAreAllTold() {
    world.withServicesNamed("missing", "shop", "peers").withService(headless("peers"));
    world.withPod(World.pod("bar-abc-1", "bar", true, NOW));

    assertThat(world.plan().problems())
        .extracting(Problem::reason)
        .containsExactlyInAnyOrder("ServiceNotFound", "Unsupported", "SharedService");
  }
}
