package dev.ebb.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeClient.PatchType;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.history.WorldApi;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a world of histories relies on, in memory and on a real API server alike. */
abstract class WorldContract {

  private static final String NS = "shop";
  private static final ResourceKey WEB = new ResourceKey(NS, "web");
  // As whatever it is: a patch of scale is answered with a Scale.
  private static final ResourceType<JsonNode> DEPLOYMENTS =
      new ResourceType<>("apps", "v1", "deployments", "Deployment", JsonNode.class);
  private static final List<String> SERVICES = List.of("services");
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SteppedClock clock = new SteppedClock();
  private final WorldApi api;
  private final KubeClient user;
  private final Informer<Service> informer;

  WorldContract(Function<InstantSource, WorldApi> apis) {
    api = apis.apply(clock).namespace(NS);
    user = api.client("user");
    informer = new Informer<>(api.client("watcher"), Service.TYPE, NS, Map.of(), clock);
  }

  @AfterEach
  void close() {
    informer.close();
  }

  private void watch() {
    informer.start();
    api.awaitDrained(1, LONG);
  }

  private Service create(String name, Object owners) {
    return user.create(
        Service.TYPE,
        NS,
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Service",
            "metadata",
            Map.of("name", name, "ownerReferences", owners),
            "spec",
            Map.of("ports", List.of(Map.of("name", "http", "port", 80)))));
  }

  private void label(String value) {
    user.patch(
        Service.TYPE,
        WEB,
        null,
        PatchType.MERGE,
        Map.of("metadata", Map.of("labels", Map.of("v", value))));
  }

  private Optional<String> told() {
    return informer.get(WEB).map(service -> service.metadata().labels().getOrDefault("v", ""));
  }

  @Test
  void everythingIsToldBeforeAWorldGoesOn() {
    watch();
    create("web", List.of());
    for (int i = 0; i < 20; i++) {
      label("n" + i);
      api.awaitDrained(1, LONG);
      assertThat(told()).contains("n" + i);
    }
    user.delete(Service.TYPE, user.get(Service.TYPE, WEB).metadata());
    api.awaitDrained(1, LONG);
    assertThat(informer.list()).isEmpty();
  }

  @Test
  void whatIsKeptBackIsToldLater() {
    create("web", List.of());
    watch();
    api.hold("services");
    label("late");
    api.awaitDrained(1, LONG);
    assertThat(told()).contains("");

    api.letGo();
    api.awaitDrained(1, LONG);
    assertThat(told()).contains("late");
  }

  @Test
  void watchesThatEndedGoOn() {
    create("web", List.of());
    watch();
    api.endWatches();
    label("on");
    api.awaitDrained(1, LONG);
    assertThat(told()).contains("on");

    api.compact();
    api.endWatches();
    label("anew");
    api.awaitDrained(1, LONG);
    assertThat(told()).contains("anew");
  }

  @Test
  void whoWaitsForWatchesThatAreNotThereIsTold() {
    watch();
    assertThatThrownBy(() -> api.awaitDrained(2, Duration.ofMillis(50)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theTimeIsTheWorlds() {
    watch();
    clock.advance(Duration.ofMillis(90_500));
    create("web", List.of());
    clock.advance(Duration.ofHours(1));
    label("later");
    api.awaitDrained(1, LONG);

    assertThat(user.get(Service.TYPE, WEB).metadata().creationTimestamp())
        .isEqualTo(SteppedClock.START.plusSeconds(90));
    assertThat(informer.get(WEB).orElseThrow().metadata().creationTimestamp())
        .isEqualTo(SteppedClock.START.plusSeconds(90));
    assertThat(user.list(Service.TYPE, NS, Map.of()).items().getFirst().metadata())
        .satisfies(meta ->
            assertThat(meta.creationTimestamp()).isEqualTo(SteppedClock.START.plusSeconds(90)));
  }

  @Test
  void aDeletionHasItsMomentToo() {
    watch();
    create("web", List.of());
    user.patch(
        Service.TYPE,
        WEB,
        null,
        PatchType.MERGE,
        Map.of("metadata", Map.of("finalizers", List.of("ebb.dev/test"))));
    clock.advance(Duration.ofMinutes(1));
    user.delete(Service.TYPE, user.get(Service.TYPE, WEB).metadata());
    clock.advance(Duration.ofMinutes(1));
    api.awaitDrained(1, LONG);
    assertThat(informer.get(WEB).orElseThrow().metadata().deletionTimestamp())
        .isEqualTo(SteppedClock.START.plusSeconds(60));

    user.patch(
        Service.TYPE,
        WEB,
        null,
        PatchType.MERGE,
        Map.of("metadata", Map.of("finalizers", List.of())));
    api.awaitDrained(1, LONG);
    assertThat(informer.list()).isEmpty();
  }

  @Test
  void onlyWhatChangesSomethingCounts() {
    assertThat(api.revision(SERVICES)).isZero();
    create("web", List.of());
    long created = api.revision(SERVICES);
    label("new");
    long changed = api.revision(SERVICES);
    assertThat(changed).isGreaterThan(created);

    label("new");
    assertThatThrownBy(() -> create("web", List.of())).isInstanceOf(KubeException.class);
    assertThat(api.revision(SERVICES)).isEqualTo(changed);

    user.delete(Service.TYPE, user.get(Service.TYPE, WEB).metadata());
    assertThat(api.revision(SERVICES)).isGreaterThan(changed);
    assertThat(api.revision(List.of("pods"))).isZero();
  }

  @Test
  void whatNobodyOwnsGoesWithItsOwner() {
    watch();
    Service web = create("web", List.of());
    Object owner =
        Map.of("apiVersion", "v1", "kind", "Service", "name", "web", "uid", web.metadata().uid());
    Service middle = create("middle", List.of(owner));
    create(
        "leaf",
        List.of(
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "name",
                "middle",
                "uid",
                middle.metadata().uid())));
    user.delete(Service.TYPE, web.metadata());

    assertThat(user.list(Service.TYPE, NS, Map.of()).items()).isEmpty();
    api.awaitDrained(1, LONG);
    assertThat(informer.list()).isEmpty();
  }

  @Test
  void writesThroughScaleAreWrites() {
    Informer<Workload> workloads =
        new Informer<>(api.client("watcher"), Workload.DEPLOYMENT, NS, Map.of(), clock);
    try (workloads) {
      workloads.start();
      user.create(
          Workload.DEPLOYMENT,
          NS,
          Map.of(
              "apiVersion",
              "apps/v1",
              "kind",
              "Deployment",
              "metadata",
              Map.of("name", "web"),
              "spec",
              Map.of(
                  "selector",
                  Map.of("matchLabels", Map.of("app", "web")),
                  "template",
                  Map.of(
                      "metadata",
                      Map.of("labels", Map.of("app", "web")),
                      "spec",
                      Map.of("containers", List.of(Map.of("name", "c", "image", "none")))))));
      api.awaitDrained(1, LONG);
      long before = api.revision(List.of("deployments"));
      user.patch(DEPLOYMENTS, WEB, "scale", PatchType.MERGE, Map.of("spec", Map.of("replicas", 3)));
      assertThat(api.revision(List.of("deployments"))).isGreaterThan(before);
      api.awaitDrained(1, LONG);
      assertThat(workloads.get(WEB).orElseThrow().replicas()).isEqualTo(3);
    }
  }
}
