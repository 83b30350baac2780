package dev.ebb.autoscaler.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ebb.autoscaler.plan.GatewayView;
import dev.ebb.autoscaler.plan.Observed;
import dev.ebb.autoscaler.plan.Planner;
import dev.ebb.autoscaler.plan.Release;
import dev.ebb.autoscaler.plan.Settings;
import dev.ebb.autoscaler.plan.World;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SleeperTest {

  /** What happened, in its order. */
  private final List<String> log = new ArrayList<>();

  private final World world = new World();
  private final ScaledResource decidedOn = world.resource();
  private final FakeApi api = new FakeApi();
  private final Replicas gateway = new Replicas();
  private final Scaler scaler = new Scaler();
  private Runnable meanwhile = () -> {};
  private boolean leading = true;
  private long nanos = 1_000;

  private final class Replicas implements Gateway {
    private Map<String, String> refusals = Map.of();

    @Override
    public List<Answer> fence(List<String> addresses, ScaledResource resource, Duration ttl) {
      log.add("fence " + addresses.size() + " for " + ttl.toSeconds() + " s");
      assertThat(resource.key()).isEqualTo(World.KEY);
      return addresses.stream()
          .map(a -> new Answer(a, !refusals.containsKey(a), refusals.getOrDefault(a, "")))
          .toList();
    }

    @Override
    public void release(List<String> addresses, ResourceKey resource, Outcome outcome) {
      assertThat(resource).isEqualTo(World.KEY);
      log.add("release " + addresses.size() + " " + outcome);
    }
  }

  private final class Scaler implements ResourceScaler {
    private RuntimeException failure;
    private RuntimeException readFailure;
    private int count = 1;
    private boolean writesAnyway;

    @Override
    public boolean drives(ScaleTarget target) {
      return true;
    }

    @Override
    public Scale getScale(ScaleTarget target) {
      log.add("look");
      if (readFailure != null) {
        throw readFailure;
      }
      return new Scale(count, count, "8", null, null);
    }

    @Override
    public CompletableFuture<Scale> setScale(ScaleRequest request) {
      log.add("scale to " + request.replicas() + " if " + request.ifVersion());
      assertThat(request.target()).isEqualTo(World.TARGET);
      if (failure == null || writesAnyway) {
        count = request.replicas();
      }
      return failure == null
          ? CompletableFuture.completedFuture(new Scale(0, 1, "8", null, null))
          : CompletableFuture.failedFuture(failure);
    }
  }

  private Optional<Observed> read(ScaledResource resource) {
    log.add("read");
    meanwhile.run();
    return Optional.of(world.observed());
  }

  private Sleeper.Result sleep(Sleeper.LiveView live) {
    api.before(() ->
        log.add(
            "remember "
                + api.calls()
                    .getLast()
                    .at("/metadata/annotations/ebb.dev~1remembered-replicas")
                    .asString()));
    Sleeper sleeper =
        new Sleeper(
            gateway,
            live,
            new Planner(Settings.DEFAULT),
            new ResourceScalers(List.of(scaler)),
            new ResourceWriter(new ObjectWriter(api.client().guardedBy(() -> leading), List.of())),
            () -> leading,
            () -> nanos);
    return sleeper.sleep(decidedOn, world.gateway());
  }

  private Sleeper.Result sleep() {
    return sleep(this::read);
  }

  private static Sleeper.Result cancelled(String why) {
    return new Sleeper.Result.Cancelled(why);
  }

  private static final String FENCE = "fence 2 for 15 s";
  private static final String LET_GO = "release 2 cancelled";

  @Test
  void fencesLooksRemembersAndOnlyThenGoesToZero() {
    assertThat(sleep()).isEqualTo(new Sleeper.Result.Slept());

    assertThat(log)
        .containsExactly(FENCE, "read", "remember 1", "scale to 0 if 7", "release 2 slept");
  }

  @Test
  void remembersWhatIsThereNowAndNotWhatWasDecidedOn() {
    meanwhile = () -> world.withScale(4, "helm").podsFollow();

    assertThat(sleep()).isEqualTo(new Sleeper.Result.Slept());

    assertThat(log).contains("remember 4");
  }

  @Test
  void whatIsRememberedAlreadyIsNotWrittenAgain() {
    world.withAnnotation(ScaledResource.REMEMBERED_REPLICAS, "1");

    assertThat(sleep()).isEqualTo(new Sleeper.Result.Slept());

    assertThat(api.calls()).isEmpty();
  }

  // Fences.

  @Test
  void withoutAReadyReplicaNobodyIsAsked() {
    world.withGateways();

    assertThat(sleep()).isEqualTo(cancelled("no gateway replica is ready"));

    assertThat(log).isEmpty();
  }

  @Test
  void oneRefusedFenceCancelsAndAllAreLetGo() {
    gateway.refusals = Map.of("10.1.0.2", "3 in flight");

    assertThat(sleep()).isEqualTo(cancelled("gateway 10.1.0.2: 3 in flight"));

    assertThat(log).containsExactly(FENCE, LET_GO);
  }

  @Test
  void anotherReplicaThatBecameReadyCancels() {
    meanwhile = () -> world.withGateways(replica("10.1.0.1"), replica("10.1.0.3"));

    assertThat(sleep()).isEqualTo(cancelled("another gateway replica became ready"));

    assertThat(log).containsExactly(FENCE, "read", LET_GO);
  }

  @Test
  void aReplicaThatIsNoLongerReadyDoesNotMatter() {
    meanwhile = () -> world.withGateways(replica("10.1.0.2"));

    assertThat(sleep()).isEqualTo(new Sleeper.Result.Slept());
  }

  private static GatewayView.Replica replica(String address) {
    return new GatewayView.Replica(address, true, false);
  }

  // What changed meanwhile.

  private static Stream<Arguments> changes() {
    return Stream.of(
        change("made anew", w -> w.withUid("another")),
        change("being deleted", w -> w.withDeletion(World.NOW)),
        change("being uninstalled", w -> w.withAnnotation(Release.UNINSTALLING, "x@1")),
        change("without its target", World::withMissingTarget),
        change("without anybody who can read its target", World::withUnreadableTarget));
  }

  private static Arguments change(String what, Consumer<World> change) {
    return arguments(what, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void anotherResourceThanTheOneThatWasDecidedOnCancels(String what, Consumer<World> change) {
    meanwhile = () -> change.accept(world);

    assertThat(sleep()).isEqualTo(cancelled("the ScaledResource or its target changed"));

    assertThat(log).containsExactly(FENCE, "read", LET_GO);
  }

  @Test
  void aResourceThatIsGoneCancels() {
    assertThat(sleep(r -> Optional.empty()))
        .isEqualTo(cancelled("the ScaledResource or its target changed"));

    assertThat(log).containsExactly(FENCE, LET_GO);
  }

  @Test
  void everythingIsDecidedAnewUnderTheFence() {
    meanwhile = () -> world.withTraffic(0, 1, 0);

    assertThat(sleep()).isEqualTo(cancelled("no longer: NotBusy, Idle"));

    assertThat(log).containsExactly(FENCE, "read", LET_GO);
  }

  @Test
  void aTargetWithoutVersionIsNeverStopped() {
    world.withVersion(null);

    assertThat(sleep()).isEqualTo(cancelled("the target has no version to guard the write with"));

    assertThat(log).last().isEqualTo(LET_GO);
  }

  // Time and leadership.

  @ParameterizedTest
  @ValueSource(longs = {10_000, 10_001, 60_000})
  void zeroIsWrittenSoonAfterTheFenceOrNotAtAll(long millis) {
    meanwhile = () -> nanos += millis * 1_000_000;

    assertThat(sleep()).isEqualTo(cancelled("it took too long, or the lease is not fresh"));

    assertThat(log).containsExactly(FENCE, "read", "remember 1", LET_GO);
  }

  @Test
  void justInTimeIsInTime() {
    meanwhile = () -> nanos += 9_999_999_999L;

    assertThat(sleep()).isEqualTo(new Sleeper.Result.Slept());
  }

  @Test
  void whoeverDoesNotLeadWritesNothing() {
    leading = false;

    assertThat(sleep()).isInstanceOf(Sleeper.Result.Cancelled.class);

    assertThat(log).containsExactly(FENCE, "read", LET_GO);
    assertThat(api.calls()).isEmpty();
  }

  @Test
  void aLeaseThatRunsOutAfterTheAnnotationStopsTheZero() {
    world.withAnnotation(ScaledResource.REMEMBERED_REPLICAS, "1");
    leading = false;

    assertThat(sleep()).isEqualTo(cancelled("it took too long, or the lease is not fresh"));

    assertThat(log).containsExactly(FENCE, "read", LET_GO);
  }

  // Failures.

  @ParameterizedTest
  @ValueSource(ints = {409, 403, 404, 500})
  void withoutRememberingThereIsNoZero(int code) {
    api.answering(code);

    assertThat(sleep()).isInstanceOf(Sleeper.Result.Cancelled.class);

    assertThat(log).containsExactly(FENCE, "read", "remember 1", LET_GO);
  }

  @Test
  void anUnreadableLiveViewCancels() {
    assertThat(
            sleep(r -> {
              throw new KubeException(503, "", "overload");
            }))
        .isEqualTo(cancelled("overload"));
    assertThat(
            sleep(r -> {
              throw new ScalerException(ScalerException.Kind.UNAVAILABLE, "no answer");
            }))
        .isEqualTo(cancelled("no answer"));

    assertThat(log).containsExactly(FENCE, LET_GO, FENCE, LET_GO);
  }

  @Test
  void anUnexpectedFailureLetsGoToo() {
    assertThatThrownBy(() ->
            sleep(r -> {
              throw new IllegalStateException("bug");
            }))
        .hasMessage("bug");

    assertThat(log).containsExactly(FENCE, LET_GO);
  }

  @ParameterizedTest
  @EnumSource(
      value = ScalerException.Kind.class,
      names = "UNAVAILABLE",
      mode = EnumSource.Mode.EXCLUDE)
  void aRefusedZeroCancels(ScalerException.Kind kind) {
    scaler.failure = new ScalerException(kind, "no");

    assertThat(sleep()).isEqualTo(cancelled("no"));

    assertThat(log).containsExactly(FENCE, "read", "remember 1", "scale to 0 if 7", LET_GO);
  }

  private static Stream<RuntimeException> losses() {
    return Stream.of(
        new ScalerException(ScalerException.Kind.UNAVAILABLE, "reset"),
        new IllegalStateException("reset"));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aLostAnswerToAZeroThatWasWrittenIsASleep(RuntimeException loss) {
    scaler.failure = loss;
    scaler.writesAnyway = true;

    assertThat(sleep()).isEqualTo(new Sleeper.Result.Slept());

    assertThat(log).endsWith("scale to 0 if 7", "look", "release 2 slept");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aLostAnswerToAZeroThatMayStillComeLeavesTheFencesToRunOut(RuntimeException loss) {
    scaler.failure = loss;

    assertThat(sleep()).isInstanceOf(Sleeper.Result.Unknown.class);

    assertThat(log).last().isEqualTo("look");
  }

  @Test
  void whenNobodyCanLookNobodyKnows() {
    scaler.failure = new ScalerException(ScalerException.Kind.UNAVAILABLE, "reset");
    scaler.readFailure = new ScalerException(ScalerException.Kind.UNAVAILABLE, "still away");

    assertThat(sleep())
        .isInstanceOfSatisfying(
            Sleeper.Result.Unknown.class, u -> assertThat(u.why()).contains("still away"));

    assertThat(log).last().isEqualTo("look");
  }
}
