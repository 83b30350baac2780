package dev.ebb.autoscaler.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.autoscaler.plan.ActivityView;
import dev.ebb.autoscaler.plan.ActivityView.Counters;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaStateTest {

  private static final Instant LISTED = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration SILENCE = Duration.ofSeconds(3);
  private static final ResourceKey SHOP = new ResourceKey("ns", "shop");

  private final ReplicaState state = new ReplicaState("10.1.0.1", SILENCE, LISTED);

  private static ActivityEvent event(String instance, ActivityEvent.Entry... resources) {
    return new ActivityEvent(instance, 0, List.of(resources));
  }

  private static ActivityEvent.Entry shop(long inFlight, long held, long open, Long idleMillis) {
    return new ActivityEvent.Entry("ns", "shop", inFlight, held, open, 9, 99, idleMillis, false);
  }

  private static Instant at(long millis) {
    return LISTED.plusMillis(millis);
  }

  @Test
  void isUnknownAndActiveUntilItSpeaks() {
    assertThat(state.view())
        .isEqualTo(new ActivityView.Replica("10.1.0.1", null, LISTED, Map.of()));
  }

  @Test
  void keepsTheLastWord() {
    state.accept(event("a", shop(1, 2, 3, 400L)), at(1_000));
    state.accept(event("a", shop(0, 0, 1, 500L)), at(2_000));

    assertThat(state.view().lastEvent()).isEqualTo(at(2_000));
    assertThat(state.view().resources()).containsOnlyKeys(SHOP);
    assertThat(state.view().resources().get(SHOP)).isEqualTo(new Counters(0, 0, 1, at(1_500)));
  }

  @Test
  void aResourceThatIsNotNamedAnyMoreIsForgotten() {
    state.accept(event("a", shop(0, 0, 0, null)), at(1_000));
    state.accept(event("a"), at(2_000));

    assertThat(state.view().resources()).isEmpty();
  }

  @ParameterizedTest(name = "idle for {0} ms: last byte at {1} ms")
  @CsvSource({"0,10000", "1500,8500", "600000,-590000", "-5,10000", ","})
  void countsIdleTimeByItsOwnClock(Long idleMillis, Long lastByte) {
    state.accept(event("a", shop(0, 0, 0, idleMillis)), at(10_000));

    assertThat(state.view().resources().get(SHOP).lastByte())
        .isEqualTo(lastByte == null ? null : at(lastByte));
  }

  @Test
  void theFirstWordIsActivity() {
    state.accept(event("a", shop(0, 0, 0, null)), at(1_000));

    assertThat(state.view().activeUntil()).isEqualTo(at(1_000));
  }

  @Test
  void aSteadyReplicaIsNoActivity() {
    for (int i = 1; i < 100; i++) {
      state.accept(event("a", shop(0, 0, 0, null)), at(i * 3_000L));
    }

    assertThat(state.view().activeUntil()).isEqualTo(at(3_000));
  }

  @ParameterizedTest(name = "silent for {0} ms: active {1}")
  @CsvSource({"1000,false", "3000,false", "3001,true", "60000,true"})
  void aReturnFromSilenceIsActivity(long silent, boolean active) {
    state.accept(event("a", shop(0, 0, 0, null)), at(1_000));

    state.accept(event("a", shop(0, 0, 0, null)), at(1_000 + silent));

    assertThat(state.view().activeUntil()).isEqualTo(at(active ? 1_000 + silent : 1_000));
  }

  @Test
  void aNewProcessUnderTheSameAddressIsActivity() {
    state.accept(event("a", shop(0, 0, 0, null)), at(1_000));
    state.accept(event("b", shop(0, 0, 0, null)), at(2_000));
    state.accept(event("b", shop(0, 0, 0, null)), at(3_000));

    assertThat(state.view().activeUntil()).isEqualTo(at(2_000));
  }

  @Test
  void anEventWithoutResourcesOrInstanceIsAnEvent() {
    state.accept(new ActivityEvent(null, 0, null), at(1_000));

    assertThat(state.view().lastEvent()).isEqualTo(at(1_000));
    assertThat(state.view().resources()).isEmpty();
  }
}
