package dev.ebb.testkit.proxy;

import static dev.ebb.testkit.proxy.Match.leases;
import static dev.ebb.testkit.proxy.Match.lists;
import static dev.ebb.testkit.proxy.Match.verbs;
import static dev.ebb.testkit.proxy.Match.watches;
import static dev.ebb.testkit.proxy.Match.writes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.LeaderLease;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.TestClients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Each fault, as a client of the proxy sees it, before a real API server. */
@WithCluster(pods = false)
class FaultProxyIT {

  private FaultProxy proxy;
  private KubeClient client;
  private KubeClient direct;
  private String namespace;
  private String name;

  @BeforeEach
  void start(Cluster cluster, TestNamespace own, TestInfo test) {
    proxy = FaultProxy.before(cluster, 7);
    client = TestClients.of(proxy.client("first").kubeconfig(), "ebb-test");
    direct = TestClients.of(cluster, "ebb-direct");
    namespace = own.name();
    name = "s" + Integer.toHexString(test.getDisplayName().hashCode());
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private static Map<String, Object> service(String name) {
    return Map.of(
        "apiVersion",
        "v1",
        "kind",
        "Service",
        "metadata",
        Map.of("name", name),
        "spec",
        Map.of("selector", Map.of("app", "a"), "ports", List.of(Map.of("port", 80))));
  }

  private Service create(KubeClient by) {
    return by.create(Service.TYPE, namespace, service(name));
  }

  private ResourceKey key() {
    return new ResourceKey(namespace, name);
  }

  private Informer<Service> informer() {
    return new Informer<>(client, Service.TYPE, namespace, Map.of(), Clock.systemUTC());
  }

  private void select(String app) {
    direct.patch(
        Service.TYPE,
        key(),
        null,
        KubeClient.PatchType.MERGE,
        Map.of("spec", Map.of("selector", Map.of("app", app))));
  }

  private static boolean shows(Informer<Service> informer, ResourceKey key, String app) {
    return informer.get(key).filter(s -> s.selects(Map.of("app", app))).isPresent();
  }

  @Test
  void passesEverythingOnAndRecordsWhoWroteWhat() {
    create(client);
    KubeClient second = TestClients.of(proxy.client("second").kubeconfig(), "ebb-second");
    assertThat(second.get(Service.TYPE, key()).selects(Map.of("app", "a"))).isTrue();
    client.delete(Service.TYPE, second.get(Service.TYPE, key()).metadata());

    assertThat(proxy.writes("first"))
        .extracting(e -> e.request().verb(), Exchange::status, Exchange::delivered)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("create", 201, true),
            org.assertj.core.groups.Tuple.tuple("delete", 200, true));
    assertThat(proxy.writes("first").getFirst().request().body()).contains("\"app\":\"a\"");
    assertThat(proxy.writes("second")).isEmpty();
    assertThat(proxy.requestsSince("second", Instant.EPOCH)).isEqualTo(2);
  }

  @Test
  void commitsAWriteAndDropsItsAnswer() {
    try (Applied dropped = proxy.apply(Rule.of(writes(), Fault.dropAnswer(), Often.once()))) {
      assertThatThrownBy(() -> create(client))
          .isInstanceOfSatisfying(KubeException.class, e -> assertThat(e.code()).isZero());
      assertThat(dropped.hits()).isOne();
    }

    assertThat(direct.find(Service.TYPE, key())).isPresent();
    assertThat(proxy.writes("first")).singleElement().matches(e -> !e.delivered());
  }

  @Test
  void answersInTheApiServersPlace() {
    try (Applied refused = proxy.apply(writes(), Fault.tooManyRequests(Duration.ofSeconds(1)))) {
      assertThatThrownBy(() -> create(client))
          .isInstanceOfSatisfying(
              KubeException.class,
              e -> {
                assertThat(e.code()).isEqualTo(429);
                assertThat(e.reason()).isEqualTo("TooManyRequests");
              });
    }
    try (Applied forbidden = proxy.apply(verbs("get", "list").of("services"), Fault.answer(403))) {
      assertThatThrownBy(() -> client.find(Service.TYPE, key()))
          .isInstanceOfSatisfying(KubeException.class, e -> assertThat(e.forbidden()).isTrue());
    }

    assertThat(client.find(Service.TYPE, key())).isEmpty();
  }

  @Test
  void letsAnotherWriterBeQuicker() {
    Service read = create(client);
    try (Applied bumped =
        proxy.apply(
            Rule.of(writes().of("services"), Fault.before(r -> select("b")), Often.once()))) {
      assertThatThrownBy(() -> client.delete(Service.TYPE, read.metadata()))
          .isInstanceOfSatisfying(KubeException.class, e -> assertThat(e.conflict()).isTrue());
    }

    assertThat(direct.find(Service.TYPE, key())).isPresent();
  }

  @Test
  void cutsAndDelaysAndHolds() throws Exception {
    try (Applied cut = proxy.apply(Rule.of(verbs("get"), Fault.cut(), Often.first(2)))) {
      assertThatThrownBy(() -> client.find(Service.TYPE, key())).isInstanceOf(KubeException.class);
    }
    Duration late = Duration.ofMillis(300);
    Instant before = Instant.now();
    try (Applied delay = proxy.apply(verbs("get"), Fault.delay(late, late))) {
      client.find(Service.TYPE, key());
    }
    assertThat(Duration.between(before, Instant.now())).isGreaterThanOrEqualTo(late);
    CompletableFuture<?> held;
    try (Applied hold = proxy.apply(lists(), Fault.hold())) {
      held = CompletableFuture.supplyAsync(() -> client.list(Service.TYPE, namespace, Map.of()));
      await().until(() -> hold.hits() == 1);
      assertThat(held).isNotDone();
    }
    assertThat(held.get(5, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void watchesAreStreamedAndClosedAndHurt() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    create(direct);
    try (Informer<Service> informer =
        informer().onChange(c -> seen.add(c.any().metadata().resourceVersion())).start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(10))).isTrue();
      select("b");
      await().until(() -> shows(informer, key(), "b"));
      int letter = 'c';
      for (Fault fault :
          List.of(
              Fault.closeWatch(Duration.ZERO),
              Fault.goneEvent(),
              Fault.errorEvent(),
              Fault.malformedLine(),
              Fault.repeatEvents(),
              Fault.delayEvents(Duration.ofMillis(50), Duration.ofMillis(200)))) {
        String app = String.valueOf((char) letter++);
        try (Applied applied =
            proxy.apply(Rule.of(watches().of("services"), fault, Often.once()))) {
          // The watch that is open, or the one that the informer is about to open after the last.
          await().atMost(Duration.ofSeconds(10)).until(() -> applied.hits() == 1);
          select(app);
          await().atMost(Duration.ofSeconds(10)).until(() -> shows(informer, key(), app));
        }
      }
    }
    assertThat(seen).as("each state told once").doesNotHaveDuplicates();
  }

  @Test
  void aFrozenWatchSaysEverythingLater() throws Exception {
    create(direct);
    try (Informer<Service> informer = informer().start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(10))).isTrue();
      await().until(() -> proxy.exchanges().stream().anyMatch(e -> watches().test(e.request())));
      try (Applied frozen = proxy.apply(watches(), Fault.freeze())) {
        select("b");
        await()
            .during(Duration.ofMillis(500))
            .until(() -> shows(informer, key(), "a") && !shows(informer, key(), "b"));
      }
      await().atMost(Duration.ofSeconds(5)).until(() -> shows(informer, key(), "b"));
    }
  }

  @Test
  void servesAnOldListToTheNextStart() throws Exception {
    create(direct);
    client.list(Service.TYPE, namespace, Map.of());
    Snapshot old = proxy.snapshot("first");
    assertThat(old.size()).isOne();
    select("b");
    try (Applied stale = proxy.apply(lists(), Fault.stale(old));
        Applied frozen = proxy.apply(watches(), Fault.freeze());
        Informer<Service> informer = informer().start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(10))).isTrue();
      assertThat(shows(informer, key(), "a")).isTrue();
      assertThat(client.list(Service.TYPE, namespace, Map.of()).items())
          .as("a later list is a live read")
          .anyMatch(s -> s.key().equals(key()) && s.selects(Map.of("app", "b")));
      frozen.close();
      await().atMost(Duration.ofSeconds(5)).until(() -> shows(informer, key(), "b"));
    }
  }

  @Test
  void nothingPassesABlackHole() throws Exception {
    create(direct);
    try (Informer<Service> informer = informer().start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(10))).isTrue();
      proxy.client("first").blackHole();
      select("b");
      await().during(Duration.ofMillis(500)).until(() -> shows(informer, key(), "a"));
      proxy.client("first").heal();
      await().atMost(Duration.ofSeconds(5)).until(() -> shows(informer, key(), "b"));
    }
  }

  @Test
  void aConnectionThatDiedWithoutAWordIsFoundByPings() throws Exception {
    create(direct);
    try (Informer<Service> informer = informer().start()) {
      assertThat(informer.awaitSync(Duration.ofSeconds(10))).isTrue();
      proxy.client("first").forgetConnections();
      select("b");
      await().atMost(Duration.ofSeconds(30)).until(() -> shows(informer, key(), "b"));
    }
  }

  @Test
  void oneClientIsCutOffAndTheOtherIsNot() {
    KubeClient second = TestClients.of(proxy.client("second").kubeconfig(), "ebb-second");
    create(second);
    try (Applied refused = proxy.apply(verbs("get").from("first"), Fault.answer(503))) {
      assertThatThrownBy(() -> client.find(Service.TYPE, key()))
          .isInstanceOfSatisfying(KubeException.class, e -> assertThat(e.code()).isEqualTo(503));
      assertThat(second.find(Service.TYPE, key())).isPresent();
    }
  }

  @Test
  void leasesAreNoWritesOfTheController() {
    LeaderLease lease = new LeaderLease(client, key(), "me", Clock.systemUTC());
    lease.start(() -> {}, () -> {});
    await().until(lease::mayWrite);
    lease.close();

    assertThat(proxy.writes("first")).isEmpty();
    assertThat(proxy.exchanges()).anyMatch(e -> leases().test(e.request()) && e.done());
  }
}
