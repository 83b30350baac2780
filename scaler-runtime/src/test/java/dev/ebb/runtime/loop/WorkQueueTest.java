package dev.ebb.runtime.loop;

import static dev.ebb.runtime.loop.Priority.CHANGE;
import static dev.ebb.runtime.loop.Priority.LIST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkQueueTest {

  private static final Duration NOW = Duration.ZERO;

  private final SteppedClock clock = new SteppedClock();
  private final WorkQueue<String> queue = new WorkQueue<>();

  private boolean add(String key, Priority priority, Duration delay) {
    return queue.add(key, priority, clock.getAsLong(), delay);
  }

  private List<String> takeAll() {
    List<String> keys = new ArrayList<>();
    WorkQueue.Entry<String> entry = queue.take(clock.getAsLong());
    while (entry != null) {
      keys.add(entry.key());
      entry = queue.take(clock.getAsLong());
    }
    return keys;
  }

  @Test
  void handsKeysOutInTheOrderInWhichTheyCame() {
    List.of("c", "a", "b").forEach(key -> add(key, CHANGE, NOW));

    assertThat(takeAll()).containsExactly("c", "a", "b");
  }

  @Test
  void handsADelayedKeyOutWhenItIsDueAndNotBefore() {
    add("late", CHANGE, Duration.ofSeconds(2));
    add("soon", CHANGE, Duration.ofSeconds(1));

    assertThat(takeAll()).isEmpty();
    assertThat(queue.untilDue(clock.getAsLong())).isEqualTo(Duration.ofSeconds(1).toNanos());

    clock.advance(Duration.ofSeconds(3));
    assertThat(takeAll()).containsExactly("soon", "late");
    assertThat(queue.untilDue(clock.getAsLong())).isEqualTo(WorkQueue.NEVER);
  }

  @Test
  void aKeyOfAListGivesWayToAChange() {
    add("listed 1", LIST, NOW);
    add("listed 2", LIST, NOW);
    add("changed", CHANGE, NOW);

    assertThat(takeAll()).containsExactly("changed", "listed 1", "listed 2");
  }

  @Test
  void aKeyOfAListIsInLineWithChangesOnceItsPatienceIsOver() {
    add("listed", LIST, NOW);
    clock.advance(WorkQueue.PATIENCE.minusSeconds(1));
    add("changed 1", CHANGE, NOW);
    clock.advance(Duration.ofSeconds(2));
    add("changed 2", CHANGE, NOW);

    assertThat(takeAll()).containsExactly("changed 1", "listed", "changed 2");
  }

  @Test
  void keepsTheHigherPriorityAndTheEarlierTime() {
    add("a", LIST, NOW);
    add("b", LIST, NOW);
    assertThat(add("b", CHANGE, Duration.ofHours(1))).isFalse();
    assertThat(add("b", LIST, Duration.ofSeconds(1))).isFalse();

    assertThat(takeAll()).containsExactly("b", "a");
  }

  @Test
  void anEarlierTimeBringsADelayedKeyForward() {
    add("a", CHANGE, Duration.ofHours(1));
    add("a", LIST, NOW);

    WorkQueue.Entry<String> entry = queue.take(clock.getAsLong());
    assertThat(entry).isNotNull();
    assertThat(entry.priority()).isEqualTo(CHANGE);
    assertThat(queue.size()).isZero();
  }

  @Test
  void doesNotHandAKeyOutTwiceBeforeItIsDone() {
    add("a", CHANGE, NOW);
    assertThat(takeAll()).containsExactly("a");
    assertThat(add("a", CHANGE, NOW)).isTrue();

    assertThat(takeAll()).isEmpty();
    assertThat(queue.depth(clock.getAsLong())).isZero();
    assertThat(queue.size()).isOne();
    queue.done("a");
    assertThat(takeAll()).containsExactly("a");
  }

  @Test
  void countsAsDeepOnlyWhatIsDue() {
    add("a", CHANGE, NOW);
    add("b", CHANGE, Duration.ofSeconds(1));

    assertThat(queue.depth(clock.getAsLong())).isOne();
    clock.advance(Duration.ofSeconds(1));
    assertThat(queue.depth(clock.getAsLong())).isEqualTo(2);
  }

  @Test
  void boundsWhatIsNoDelay() {
    add("never", CHANGE, Duration.ofSeconds(Long.MAX_VALUE));
    add("at once", CHANGE, Duration.ofSeconds(Long.MIN_VALUE));

    assertThat(takeAll()).containsExactly("at once");
    clock.advance(Duration.ofDays(365));
    assertThat(takeAll()).containsExactly("never");
  }
}
