package dev.ebb.autoscaler.plan;

import static dev.ebb.autoscaler.plan.World.KEY;
import static dev.ebb.autoscaler.plan.World.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.autoscaler.plan.ActivityView.Counters;
import dev.ebb.autoscaler.plan.ActivityView.Replica;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivityViewTest {

  private static final Instant START = NOW.minus(Duration.ofHours(1));

  private static ActivityView view(Replica... replicas) {
    return new ActivityView(START, Duration.ofSeconds(3), List.of(replicas));
  }

  private static Replica replica(String address, Instant heard, Counters counters) {
    return new Replica(address, heard, START, counters == null ? Map.of() : Map.of(KEY, counters));
  }

  private static Replica idle(String address) {
    return replica(address, NOW, new Counters(0, 0, 0, null));
  }

  @ParameterizedTest(name = "{0} in flight, {1} held, {2} open: {3}")
  @CsvSource({"0,0,0,false", "1,0,0,true", "0,1,0,true", "0,0,1,true", "5,5,5,true"})
  void anyOfTheCountersIsTraffic(long inFlight, long held, long open, boolean busy) {
    ActivityView view =
        view(idle("a"), replica("b", NOW, new Counters(inFlight, held, open, null)));

    assertThat(view.busy(KEY, NOW)).isEqualTo(busy);
    assertThat(view.lastActivity(KEY, NOW)).isEqualTo(busy ? NOW : START);
  }

  @ParameterizedTest(name = "heard {0} ms ago: {1}")
  @CsvSource({"0,false", "2999,false", "3000,false", "3001,true", "99999,true", ",true"})
  void aReplicaThatDoesNotAnswerCountsAsBusy(Integer millis, boolean busy) {
    Instant heard = millis == null ? null : NOW.minusMillis(millis);
    ActivityView view = view(idle("a"), replica("b", heard, new Counters(0, 0, 0, null)));

    assertThat(view.busy(KEY, NOW)).isEqualTo(busy);
    assertThat(view.lastActivity(KEY, NOW)).isEqualTo(busy ? NOW : START);
  }

  @Test
  void nobodyToAskIsBusy() {
    assertThat(view().busy(KEY, NOW)).isTrue();
    assertThat(view().explain(KEY, NOW)).isEqualTo("no gateway replica is listed");
  }

  @Test
  void aReplicaThatDoesNotKnowTheResourceIsBusyForItAlone() {
    ActivityView view = view(idle("a"), replica("b", NOW, null));

    assertThat(view.busy(KEY, NOW)).isTrue();
    assertThat(view(idle("a")).busy(new ResourceKey("ns", "other"), NOW)).isTrue();
    assertThat(view(idle("a")).busy(KEY, NOW)).isFalse();
  }

  @Test
  void theLatestOfAllCounts() {
    Instant byteA = NOW.minusSeconds(50);
    Instant byteB = NOW.minusSeconds(40);
    ActivityView bytes =
        view(
            replica("a", NOW, new Counters(0, 0, 0, byteA)),
            replica("b", NOW, new Counters(0, 0, 0, byteB)));
    assertThat(bytes.lastActivity(KEY, NOW)).isEqualTo(byteB);

    Instant started = NOW.minusSeconds(30);
    Replica young = new Replica("c", NOW, started, Map.of(KEY, new Counters(0, 0, 0, byteA)));
    assertThat(view(idle("a"), young).lastActivity(KEY, NOW)).isEqualTo(started);

    Instant floor = NOW.minusSeconds(20);
    ActivityView shrunk = new ActivityView(floor, Duration.ofSeconds(3), List.of(young));
    assertThat(shrunk.lastActivity(KEY, NOW)).isEqualTo(floor);
  }

  @Test
  void aReplicaWhoseClockIsAheadMakesNoFuture() {
    ActivityView view = view(replica("a", NOW, new Counters(0, 0, 0, NOW.plusSeconds(9))));

    assertThat(view.lastActivity(KEY, NOW)).isEqualTo(NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,3,0|gateway b: 1 in flight, 2 held, 3 open",
        "0,0,0,4000|gateway b: does not answer",
        "0,0,0,0|last active 2026-03-01T11:00:00Z"
      })
  void explainsItself(String counters, String explanation) {
    long[] n = List.of(counters.split(",")).stream().mapToLong(Long::parseLong).toArray();
    Replica b = replica("b", NOW.minusMillis(n[3]), new Counters(n[0], n[1], n[2], null));

    assertThat(view(idle("a"), b).explain(KEY, NOW)).isEqualTo(explanation);
  }

  @Test
  void explainsAReplicaThatIsStillBehind() {
    assertThat(view(replica("b", NOW, null)).explain(KEY, NOW))
        .isEqualTo("gateway b: does not serve it yet");
  }
}
