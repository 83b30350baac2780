package dev.ebb.autoscaler.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.autoscaler.plan.ActivityView;
import dev.ebb.autoscaler.plan.ActivityView.Counters;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivityHubTest {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final ResourceKey SHOP = new ResourceKey("ns", "shop");

  /** Remembers who is listened to; says what the test says. */
  private static final class Streams implements ActivityHub.Streams {
    private final Map<String, Listener> open = new HashMap<>();
    private final List<String> log = new ArrayList<>();

    @Override
    public Handle open(String address, Listener listener) {
      log.add("open " + address);
      open.put(address, listener);
      return () -> {
        log.add("close " + address);
        open.remove(address);
      };
    }
  }

  private Instant now = START;
  private final Streams streams = new Streams();
  private final ActivityHub hub =
      new ActivityHub(
          streams, () -> now, RuntimeAutoConfiguration.kubernetesJson(), Duration.ofSeconds(3));

  private static String event(String instance, long inFlight) {
    return """
    {"instance": "%s", "startedAtMillis": 1, "resources": [{"namespace": "ns", "name": "shop",
     "inFlight": %d, "held": 0, "open": 0, "requests": 7, "bytes": 70, "idleMillis": 60000,
     "fenced": false}]}
    """
        .formatted(instance, inFlight);
  }

  private void say(String address, long inFlight) {
    streams.open.get(address).onData(event("i-" + address, inFlight));
  }

  private void later(int seconds) {
    now = now.plusSeconds(seconds);
  }

  @Test
  void listensToExactlyThoseThatAreListed() {
    hub.listed(List.of("a", "b"));
    hub.listed(List.of("b", "c"));
    hub.listed(List.of("b", "c"));

    assertThat(streams.log).containsExactly("open a", "open b", "close a", "open c");
    assertThat(hub.view().replicas())
        .extracting(ActivityView.Replica::address)
        .containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void whoeverIsListedTwiceIsOne() {
    hub.listed(List.of("a", "a"));

    assertThat(streams.log).containsExactly("open a");
  }

  @Test
  void nobodyIsKnownAtFirst() {
    assertThat(hub.view().busy(SHOP, now)).isTrue();

    hub.listed(List.of("a"));

    assertThat(hub.view().busy(SHOP, now)).isTrue();
  }

  @Test
  void addsUpWhatAllSay() {
    hub.listed(List.of("a", "b"));
    later(1);
    say("a", 0);
    assertThat(hub.view().busy(SHOP, now)).isTrue();

    say("b", 1);
    assertThat(hub.view().busy(SHOP, now)).isTrue();

    say("b", 0);
    assertThat(hub.view().busy(SHOP, now)).isFalse();
    assertThat(hub.view().lastActivity(SHOP, now)).isEqualTo(now);
    assertThat(hub.view().replicas())
        .allSatisfy(r ->
            assertThat(r.resources())
                .containsEntry(SHOP, new Counters(0, 0, 0, now.minusSeconds(60))));
  }

  @Test
  void oneThatFallsSilentIsUnknown() {
    hub.listed(List.of("a", "b"));
    say("a", 0);
    say("b", 0);
    later(4);
    say("a", 0);

    assertThat(hub.view().busy(SHOP, now)).isTrue();
    assertThat(hub.view().explain(SHOP, now)).isEqualTo("gateway b: does not answer");
  }

  @Test
  void theStartAndWinningLeadershipAreActivity() {
    assertThat(hub.view().floor()).isEqualTo(START);

    later(60);
    hub.restart();

    assertThat(hub.view().floor()).isEqualTo(START.plusSeconds(60));
  }

  @Test
  void aReplicaThatIsGoneTookItsCountersWithIt() {
    hub.listed(List.of("a", "b"));
    say("b", 0);
    later(60);

    hub.listed(List.of("b"));

    assertThat(hub.view().floor()).isEqualTo(now);
  }

  @Test
  void oneMoreReplicaIsActiveByItselfUntilItIsKnown() {
    hub.listed(List.of("a"));
    later(60);
    hub.listed(List.of("a", "b"));
    say("a", 0);
    later(1);
    say("b", 0);

    assertThat(hub.view().floor()).isEqualTo(START);
    assertThat(hub.view().lastActivity(SHOP, now)).isEqualTo(now);
    assertThat(hub.view().busy(SHOP, now)).isFalse();
  }

  @Test
  void whatAClosedStreamStillSaysIsNotHeard() {
    hub.listed(List.of("a"));
    ActivityHub.Streams.Listener closed = streams.open.get("a");
    hub.listed(List.of());
    hub.listed(List.of("a"));

    closed.onData(event("old", 0));

    assertThat(hub.view().replicas().getFirst().lastEvent()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "7", "null", "{\"resources\": 5}"})
  void unreadableDataEndsTheStreamAndIsNoWord(String data) {
    hub.listed(List.of("a"));

    assertThatThrownBy(() -> streams.open.get("a").onData(data))
        .isInstanceOf(RuntimeException.class);

    assertThat(hub.view().replicas().getFirst().lastEvent()).isNull();
  }

  @Test
  void unknownFieldsOfANewerGatewayAreSkipped() {
    hub.listed(List.of("a"));

    streams.open.get("a").onData("{\"instance\": \"i\", \"news\": [1], \"resources\": []}");

    assertThat(hub.view().replicas().getFirst().lastEvent()).isEqualTo(now);
  }

  @Test
  void closesAllStreams() {
    hub.listed(List.of("a", "b"));

    hub.close();

    assertThat(streams.open).isEmpty();
    assertThat(hub.view().replicas()).isEmpty();
  }
}
