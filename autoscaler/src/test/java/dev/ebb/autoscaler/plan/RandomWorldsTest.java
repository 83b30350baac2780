package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds of every plan, whatever the world is like. A failure names the world's seed. */
class RandomWorldsTest {

  private static final int WORLDS = 10_000;

  private static final Map<String, Duration> WINDOWS =
      Map.of(
          "1s", Duration.ofSeconds(1),
          "10m", Duration.ofMinutes(10),
          "1h", Duration.ofHours(1),
          "3h", Duration.ofHours(3));

  // Safety: written from the specification, not from the planner.

  @Test
  void sleepsOnlyWhenEverybodyAgrees() {
    int sleeps = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      Observed observed = RandomWorlds.of(seed).observed();
      Plan plan = new Planner(Settings.DEFAULT).plan(observed);
      if (plan.sleeps()) {
        sleeps++;
        check(seed, observed, plan);
      }
    }
    assertThat(sleeps).as("worlds that sleep").isGreaterThan(WORLDS / 20);
    assertThat(sleeps).as("worlds that stay up").isLessThan(WORLDS / 2);
  }

  private static void check(long seed, Observed o, Plan plan) {
    allowed(seed, o, plan);
    quiet(seed, o);
    handedOver(seed, o);
    stable(seed, o);
    alone(seed, o);
    assertThat(plan.steps())
        .as("seed %d: sleep comes alone", seed)
        .containsExactly(new Step.Sleep(((TargetView.Found) o.target()).scale().desired()));
    assertThat(plan.shut()).as("seed %d", seed).isEmpty();
  }

  private static void allowed(long seed, Observed o, Plan plan) {
    ScaledResource.Spec spec = o.resource().spec();
    assertThat(o.resource().mode()).as("seed %d", seed).isEqualTo(Mode.Enforce);
    assertThat(o.resource().path()).as("seed %d", seed).isEqualTo(ScaledResource.Path.Always);
    assertThat(WINDOWS).as("seed %d", seed).containsKey(spec.idleAfter());
    assertThat(spec.wakeTimeout()).as("seed %d", seed).isNotEqualTo("never");
    assertThat(spec.sources()).as("seed %d", seed).isNullOrEmpty();
    assertThat(
            spec.replicas() == null || spec.replicas().min() == null || spec.replicas().min() < 1)
        .as("seed %d", seed)
        .isTrue();
    assertThat(o.resource().metadata().finalizers())
        .as("seed %d", seed)
        .contains("ebb.dev/autoscaler");
    assertThat(plan.problems())
        .as("seed %d", seed)
        .allMatch(p -> p.weight() == Problem.Weight.NOTE);
    Reversals reversals = Reversals.of(o.resource());
    assertThat(reversals.count() < 3 || reversals.generation() != generation(o))
        .as("seed %d: nobody fights for the replicas", seed)
        .isTrue();
  }

  private static long generation(Observed o) {
    return o.resource().metadata().generation();
  }

  private static void quiet(long seed, Observed o) {
    Instant before = o.now().minus(WINDOWS.get(o.resource().spec().idleAfter()));
    assertThat(o.activity().replicas()).as("seed %d: somebody was asked", seed).isNotEmpty();
    assertThat(o.activity().floor()).as("seed %d", seed).isBeforeOrEqualTo(before);
    for (ActivityView.Replica replica : o.activity().replicas()) {
      assertThat(replica.lastEvent())
          .as("seed %d: no replica is silent", seed)
          .isNotNull()
          .isAfterOrEqualTo(o.now().minusSeconds(3));
      assertThat(replica.activeUntil()).as("seed %d", seed).isBeforeOrEqualTo(before);
      ActivityView.Counters counters = replica.resources().get(KEY);
      assertThat(counters).as("seed %d: every replica serves it", seed).isNotNull();
      assertThat(counters.inFlight() + counters.held() + counters.open())
          .as("seed %d: nothing goes on", seed)
          .isZero();
      assertThat(counters.lastByte() == null || !counters.lastByte().isAfter(before))
          .as("seed %d: the window has passed", seed)
          .isTrue();
    }
    Condition asleep = o.resource().status().condition("Asleep").orElseThrow();
    assertThat(asleep.status()).as("seed %d: it was up", seed).isEqualTo("False");
    assertThat(asleep.lastTransitionTime())
        .as("seed %d: it is up for its window", seed)
        .isBeforeOrEqualTo(before);
  }

  private static void handedOver(long seed, Observed o) {
    ScaledResource.Status status = o.resource().status();
    assertThat(o.gateway().replicas()).as("seed %d", seed).anyMatch(GatewayView.Replica::ready);
    assertThat(status.adoptedAt())
        .as("seed %d: settled", seed)
        .isNotNull()
        .isBeforeOrEqualTo(o.now().minusSeconds(10));
    boolean grace = status.bypassGraceUntil() != null && status.bypassGraceUntil().isAfter(o.now());
    assertThat(o.pods())
        .as("seed %d: no connection is left that goes past the gateway", seed)
        .filteredOn(p -> grace && p.metadata().name().startsWith("shop-"))
        .noneMatch(p ->
            !p.metadata()
                .creationTimestamp()
                .isAfter(status.adoptedAt().minus(Duration.ofMinutes(1))));
    List<String> named = o.resource().spec().services();
    Map<String, String> pods = ((TargetView.Found) o.target()).podLabels();
    List<Service> leading =
        o.services().stream()
            .filter(s ->
                named.isEmpty()
                    ? s.selects(pods) && !s.externalName()
                    : named.contains(s.metadata().name()))
            .toList();
    assertThat(leading)
        .as("seed %d: every way leads through the gateway", seed)
        .isNotEmpty()
        .allMatch(s -> s.spec().selector().containsKey("ebb.dev/behind-gateway"))
        .noneMatch(Service::headless)
        .noneMatch(s -> "Local".equals(s.spec().internalTrafficPolicy()));
    if (status.condition("GatewayBypassed").filter(Condition::isTrue).isPresent()) {
      assertThat(o.gateway().readySince())
          .as("seed %d: the bypass is over", seed)
          .isNotNull()
          .isBeforeOrEqualTo(o.now().minusSeconds(60));
    }
  }

  private static void stable(long seed, Observed o) {
    TargetView.Found found = (TargetView.Found) o.target();
    assertThat(found.scale().desired()).as("seed %d: it is up", seed).isPositive();
    assertThat(o.hpas())
        .as("seed %d: no HPA of its wants more", seed)
        .filteredOn(h -> found.workload() != null)
        .allMatch(h -> h.status().desiredReplicas() <= h.status().currentReplicas());
    Workload workload = found.workload();
    if (workload != null) {
      assertThat(workload.status().observedGeneration()).as("seed %d", seed).isEqualTo(3);
      assertThat(workload.status().replicas())
          .as("seed %d: no rollout", seed)
          .isEqualTo(workload.spec().replicas());
      assertThat(workload.status().updatedReplicas())
          .as("seed %d: no rollout", seed)
          .isGreaterThanOrEqualTo(workload.spec().replicas());
    }
  }

  private static void alone(long seed, Observed o) {
    Stream<Pod> behind =
        o.pods().stream()
            .filter(p -> !p.finished())
            .filter(p -> p.metadata().labels().entrySet().containsAll(World.LABELS.entrySet()));
    boolean builtIn = ((TargetView.Found) o.target()).workload() != null;
    if (builtIn) {
      assertThat(behind)
          .as("seed %d: nobody else is behind its Services", seed)
          .allMatch(p -> p.metadata().controller().name().equals("shop-abc"));
      assertThat(o.others())
          .as("seed %d: no older resource has the target", seed)
          .filteredOn(r -> Objects.equals(r.target(), o.resource().target()))
          .noneMatch(r ->
              Instant.EPOCH.equals(r.metadata().creationTimestamp())
                  && !r.metadata().deleting()
                  && r.metadata().labels().isEmpty());
    }
  }

  // Liveness of the generator: each gate alone is what some world fails by.

  @Test
  void everyGateIsTheOnlyOneShutInSomeWorld() {
    Set<String> alone = new HashSet<>();
    for (long seed = 0; seed < WORLDS; seed++) {
      List<String> shut = RandomWorlds.of(seed).plan().shut();
      if (shut.size() == 1) {
        alone.addAll(shut);
      }
    }
    assertThat(alone)
        .containsExactlyInAnyOrder(
            "Mode",
            "NotFrozen",
            "Valid",
            "GatewayReady",
            "BehindGateway",
            "Settled",
            "AdoptionGrace",
            "Idle",
            "HpaQuiet",
            "NoRollout",
            "NotContested");
  }

  // The same input, the same plan; what is done needs not be done again.

  @Test
  void theSameWorldGivesTheSamePlan() {
    for (long seed = 0; seed < 2_000; seed++) {
      assertThat(RandomWorlds.of(seed).plan())
          .as("seed %d", seed)
          .isEqualTo(RandomWorlds.of(seed).plan());
    }
  }

  @Test
  void whatIsDoneNeedsNothingMoreAndSaysTheSame() {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = RandomWorlds.of(seed);
      int rounds = 0;
      while (!world.plan().steps().isEmpty()) {
        world.after(world.plan());
        assertThat(rounds++).as("seed %d: rounds", seed).isLessThan(8);
      }
      // Twice: what is no longer published is told one round after it is done.
      Plan plan = world.after(world.plan()).after(world.plan()).plan();

      assertThat(plan.steps()).as("seed %d", seed).isEmpty();
      assertThat(plan.status()).as("seed %d", seed).isEqualTo(world.resource().status());
      Plan later = world.later(Duration.ofMillis(10)).plan();
      if (later.steps().isEmpty()) {
        assertThat(later.status()).as("seed %d", seed).isEqualTo(plan.status());
      }
    }
  }

  @Test
  void aSleepThatDoesNotHappenLeavesTheStatusAsItIs() {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = RandomWorlds.of(seed);
      Plan plan = world.plan();
      if (plan.sleeps()) {
        Plan again = world.withStatus(plan.status()).plan();
        assertThat(again.status()).as("seed %d", seed).isEqualTo(plan.status());
        assertThat(again.steps()).as("seed %d", seed).isEqualTo(plan.steps());
      }
    }
  }

  // Steps.

  @Test
  void touchesNothingUnlessItEnforces() {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = RandomWorlds.of(seed);
      if (world.resource().mode() != Mode.Enforce) {
        assertThat(world.plan().steps()).as("seed %d", seed).isEmpty();
      }
    }
  }

  @Test
  void everyStepIsNeededAndAllowed() {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = RandomWorlds.of(seed);
      Observed o = world.observed();
      for (Step step : world.plan().steps()) {
        switch (step) {
          case Step.AddFinalizer add ->
              assertThat(o.resource().metadata().finalizers()).as("seed %d", seed).isEmpty();
          case Step.Annotate annotate ->
              assertThat(o.resource().metadata().annotations().getOrDefault(annotate.key(), ""))
                  .as("seed %d", seed)
                  .isNotEqualTo(annotate.value());
          case Step.AddKey(Service service) -> {
            assertThat(service.behindGateway()).as("seed %d", seed).isFalse();
            assertThat(o.resource().metadata().finalizers()).as("seed %d", seed).isNotEmpty();
            assertThat(published(o, service)).as("seed %d: no key without slice", seed).isTrue();
          }
          case Step.RemoveKey(Service service) ->
              assertThat(service.behindGateway()).as("seed %d", seed).isTrue();
          case Step.EnsureNoKey(Service service) -> {
            assertThat(service.behindGateway()).as("seed %d", seed).isFalse();
            assertThat(o.resource().mappedServices())
                .as("seed %d: only what it served itself", seed)
                .anyMatch(mapped -> mapped.name().equals(service.metadata().name()));
          }
          case Step.RemoveSlice(var slice) -> {
            assertThat(slice.ofGateway()).as("seed %d", seed).isTrue();
            assertThat(o.gateway().ready()).as("seed %d: nobody serves it", seed).isFalse();
          }
          case Step.Wake(int replicas, String why) -> {
            TargetView.Found found = (TargetView.Found) o.target();
            assertThat(found.scale().desired()).as("seed %d", seed).isZero();
            assertThat(found.scale().writer()).as("seed %d", seed).isEqualTo(States.OURS);
            assertThat(replicas).as("seed %d", seed).isPositive();
          }
          case Step.Resume resume -> assertThat(o.resource().mode()).isEqualTo(Mode.Paused);
          case Step.Sleep sleep -> assertThat(sleep.remember()).as("seed %d", seed).isPositive();
        }
      }
    }
  }

  private static boolean published(Observed o, Service service) {
    return o.slices().stream()
        .filter(s -> s.ofGateway() && s.serviceName().equals(service.metadata().name()))
        .anyMatch(s -> s.endpoints().stream().anyMatch(EndpointSlice.Endpoint::ready));
  }

  @Test
  void whatStillHasItsMarkedKeyIsServed() {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = RandomWorlds.of(seed);
      Plan plan = world.plan();
      List<String> served =
          plan.status().services().stream().map(ScaledResource.MappedService::name).toList();
      List<String> before = world.resource().mappedServices().stream().map(s -> s.name()).toList();
      KeyMarks marks = KeyMarks.of(world.resource());
      boolean loses = plan.problems().stream().anyMatch(p -> p.reason().equals("TargetConflict"));
      assertThat(world.observed().services())
          .as("seed %d: no key without slice", seed)
          .filteredOn(s -> s.behindGateway() && marks.of(s) != null && !loses)
          .filteredOn(s -> before.contains(s.metadata().name()))
          .allMatch(s -> served.contains(s.metadata().name()));
    }
  }
}
