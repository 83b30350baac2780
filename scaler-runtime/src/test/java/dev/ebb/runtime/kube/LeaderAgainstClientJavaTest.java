package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.kube.LeaderLease.Timing;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import io.kubernetes.client.extended.controller.Controller;
import io.kubernetes.client.extended.controller.LeaderElectingController;
import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Why leadership is no client-java elector. */
class LeaderAgainstClientJavaTest {

  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/ns/leases";
  private static final String LEASE = LEASES + "/ebb-test";
  private static final String OBJECT = "/api/v1/namespaces/ns/configmaps";
  private static final ResourceKey KEY = new ResourceKey("ns", "ebb-test");
  private static final ResourceType<JsonNode> CONFIG_MAPS =
      new ResourceType<>("", "v1", "configmaps", "ConfigMap", JsonNode.class);
  private static final Map<String, Object> BODY = Map.of("metadata", Map.of("name", "written"));

  /** As short as client-java takes it. */
  private static final Timing SHORT =
      new Timing(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMillis(50));

  private final MemoryApi api = new MemoryApi();
  private final List<AutoCloseable> started = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    api.down(request -> false);
    for (AutoCloseable closeable : started) {
      closeable.close();
    }
  }

  private LeaderElector theirs(String identity) {
    LeaderElector elector =
        new LeaderElector(
            new LeaderElectionConfig(
                new LeaseLock("ns", "ebb-test", identity, api.apiClient()),
                SHORT.duration(),
                SHORT.renewDeadline(),
                SHORT.retry()));
    started.add(elector);
    return elector;
  }

  private LeaderLease ours(String identity, Timing timing) {
    LeaderLease lease =
        new LeaderLease(api.client(), KEY, identity, Clock.systemUTC(), System::nanoTime, timing);
    started.add(lease);
    return lease;
  }

  private String holder() {
    return api.at(LEASE).at("/spec/holderIdentity").asString("");
  }

  private static Controller controller(Runnable run) {
    return new Controller() {
      @Override
      public void shutdown() {}

      @Override
      public void run() {
        run.run();
      }
    };
  }

  // Fact 5: stop.

  @Test
  void clientJavaHoldsAndRenewsTheLeaseAfterItsControllerWasShutDown() {
    CountDownLatch leads = new CountDownLatch(1);
    LeaderElectingController controller =
        new LeaderElectingController(theirs("theirs"), controller(leads::countDown));
    Thread.ofVirtual().start(controller);
    await().until(() -> leads.getCount() == 0);

    controller.shutdown();

    int before = api.calls("PUT").size();
    await().until(() -> api.calls("PUT").size() > before + 2);
    assertThat(holder()).isEqualTo("theirs");
  }

  @Test
  void oursReleasesTheLeaseWithinTwoSeconds() {
    LeaderLease lease = ours("ours", Timing.DEFAULT);
    lease.start(() -> {}, () -> {});
    await().until(lease::mayWrite);
    long stopped = System.nanoTime();

    lease.close();

    assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(2));
    assertThat(holder()).isEmpty();
    assertThat(lease.mayWrite()).isFalse();
  }

  @Test
  void oursStopsWithinTwoSecondsAlsoWhenTheApiServerHangs() {
    LeaderLease lease = ours("ours", Timing.DEFAULT);
    lease.start(() -> {}, () -> {});
    await().until(lease::mayWrite);
    CountDownLatch hang = new CountDownLatch(1);
    api.down(request -> {
      await().atMost(Duration.ofSeconds(20)).until(() -> hang.getCount() == 0);
      return true;
    });
    long stopped = System.nanoTime();

    lease.close();

    assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(3));
    assertThat(lease.mayWrite()).isFalse();
    hang.countDown();
  }

  @Test
  void clientJavaLosesTheLeaseAndLeavesTheProcessAsItIs() {
    AtomicBoolean lost = new AtomicBoolean();
    LeaderElector elector = theirs("theirs");
    Thread running = Thread.ofVirtual().start(() -> elector.run(() -> {}, () -> lost.set(true)));
    await().until(() -> holder().equals("theirs"));

    api.down(request -> true);

    await().until(lost::get);
    // The elector's thread ends with nobody told: a controller behind it is dead for good.
    await().until(() -> !running.isAlive());
  }

  @Test
  void oursTellsOnceThatTheLeaseIsLostSoThatTheProcessEnds() {
    AtomicInteger lost = new AtomicInteger();
    LeaderLease lease = ours("ours", SHORT);
    lease.start(() -> {}, lost::incrementAndGet);
    await().until(lease::mayWrite);

    api.down(request -> true);

    await().untilAtomic(lost, org.hamcrest.Matchers.equalTo(1));
    assertThat(lease.mayWrite()).isFalse();
    assertThat(lease.timeLeft()).isEqualTo(Duration.ZERO);
  }

  // Fact 6: writes after the loss.

  @Test
  void clientJavaLetsAReconcileThatIsUnderWayWriteAfterTheLoss() {
    AtomicBoolean lost = new AtomicBoolean();
    AtomicBoolean written = new AtomicBoolean();
    KubeClient unfenced = api.client();
    LeaderElector elector = theirs("theirs");
    Runnable reconcile =
        () -> {
          await().until(lost::get);
          unfenced.create(CONFIG_MAPS, "ns", BODY);
          written.set(true);
        };
    Thread.ofVirtual()
        .start(() -> elector.run(() -> Thread.ofVirtual().start(reconcile), () -> lost.set(true)));
    await().until(() -> holder().equals("theirs"));

    api.down(request -> request.url().encodedPath().startsWith(LEASES));

    await().untilTrue(written);
    assertThat(api.at(OBJECT + "/written").isEmpty()).isFalse();
  }

  @Test
  void oursLetsNothingThroughAfterTheRenewDeadlineWhoeverAsks() {
    SteppedClock clock = new SteppedClock();
    LeaderLease lease =
        new LeaderLease(
            api.client(),
            KEY,
            "ours",
            clock,
            clock,
            new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofHours(1)));
    started.add(lease);
    KubeClient fenced = api.client().guardedBy(lease);
    lease.start(() -> {}, () -> {});
    await().until(lease::mayWrite);
    Meta meta = new Meta("written", "ns", "u", "1", 0, null, null, null, null, null, null);

    // No renewal for ten seconds: nobody has told this process that it no longer leads.
    clock.advance(Duration.ofSeconds(10));

    int before = api.calls("POST").size();
    assertThatThrownBy(() -> fenced.create(CONFIG_MAPS, "ns", BODY))
        .isInstanceOf(WriteGuard.NotLeadingException.class);
    assertThatThrownBy(() -> fenced.delete(CONFIG_MAPS, meta))
        .isInstanceOf(WriteGuard.NotLeadingException.class);
    assertThatThrownBy(() -> fenced.apply(OBJECT + "/written", BODY))
        .isInstanceOf(WriteGuard.NotLeadingException.class);
    assertThatThrownBy(() -> fenced.patch(CONFIG_MAPS, KEY, null, KubeClient.PatchType.MERGE, BODY))
        .isInstanceOf(WriteGuard.NotLeadingException.class);
    assertThat(api.calls("POST")).hasSize(before);
    assertThat(api.calls("DELETE")).isEmpty();
    assertThat(api.calls("PATCH")).isEmpty();
  }

  @Test
  void oursGivesAWriteUpBeforeAnotherMayLead() {
    // One that is sent in time must not arrive late: it has what is left of the lease and no more.
    KubeClient fenced =
        api.client()
            .guardedBy(
                new WriteGuard() {
                  @Override
                  public boolean mayWrite() {
                    return true;
                  }

                  @Override
                  public Duration timeLeft() {
                    return Duration.ofMillis(200);
                  }
                });
    CountDownLatch hang = new CountDownLatch(1);
    api.down(request -> {
      await().atMost(Duration.ofSeconds(5)).until(() -> hang.getCount() == 0);
      return true;
    });
    Thread.ofVirtual()
        .start(() -> {
          await().pollDelay(Duration.ofMillis(500)).until(() -> true);
          hang.countDown();
        });

    assertThatThrownBy(() -> fenced.create(CONFIG_MAPS, "ns", BODY))
        .isInstanceOf(KubeException.class)
        .hasMessageContaining("timeout");
  }

  @Test
  void whatIsLeftOfTheLeaseShrinksWithTimeAndNotWithTheWallClock() {
    SteppedClock nanos = new SteppedClock();
    InstantSource jumping = () -> Instant.now().minusSeconds(3600);
    LeaderLease lease =
        new LeaderLease(
            api.client(),
            KEY,
            "ours",
            jumping,
            nanos,
            new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofHours(1)));
    started.add(lease);
    lease.start(() -> {}, () -> {});
    await().until(lease::mayWrite);

    nanos.advance(Duration.ofSeconds(9));

    assertThat(lease.mayWrite()).isTrue();
    assertThat(lease.timeLeft()).isEqualTo(Duration.ofSeconds(6));
  }

  // Fact 12: identity, and what a renewal touches.

  @Test
  void clientJavaLetsTwoLeadWhoHaveTheSameIdentity() {
    AtomicInteger leading = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      LeaderElector elector = theirs("pod-0");
      Thread.ofVirtual().start(() -> elector.run(leading::incrementAndGet, () -> {}));
    }

    await().untilAtomic(leading, org.hamcrest.Matchers.equalTo(2));
  }

  @Test
  void oursIsAnotherOneInEachIncarnationOfThePod() {
    SteppedClock clock = new SteppedClock();
    String before = LeaderLease.identity("pod-0", "uid", clock);
    clock.advance(Duration.ofMillis(1));
    String after = LeaderLease.identity("pod-0", "uid", clock);
    LeaderLease first = ours(before, Timing.DEFAULT);
    first.start(() -> {}, () -> {});
    await().until(first::mayWrite);

    LeaderLease second = ours(after, SHORT);
    second.start(() -> {}, () -> {});

    await().during(Duration.ofMillis(500)).until(() -> !second.mayWrite());
    assertThat(holder()).isEqualTo(before);
  }

  @Test
  void clientJavaRenewsByWritingTheWholeSpecSoThatWhatOthersPutThereIsGone() {
    LeaderElector elector = theirs("theirs");
    Thread.ofVirtual().start(() -> elector.run(() -> {}, () -> {}));
    await().until(() -> holder().equals("theirs"));

    api.edit(LEASE, "spec", "strategy", "OldestEmulationVersion");

    await().until(() -> !api.at(LEASE).path("spec").has("strategy"));
  }

  @Test
  void oursRenewsTheTimeAndNothingElse() {
    LeaderLease lease = ours("ours", SHORT);
    lease.start(() -> {}, () -> {});
    await().until(lease::mayWrite);

    api.edit(LEASE, "spec", "strategy", "OldestEmulationVersion");
    int before = api.calls("PATCH").size();
    await().until(() -> api.calls("PATCH").size() > before + 3);

    assertThat(api.at(LEASE).at("/spec/strategy").asString()).isEqualTo("OldestEmulationVersion");
    assertThat(api.calls("PATCH"))
        .allSatisfy(call -> {
          assertThat(call.body().propertyNames()).containsExactlyInAnyOrder("metadata", "spec");
          assertThat(call.body().path("metadata").propertyNames())
              .containsExactly("resourceVersion");
          assertThat(call.body().path("spec").propertyNames()).containsExactly("renewTime");
        });
  }
}
