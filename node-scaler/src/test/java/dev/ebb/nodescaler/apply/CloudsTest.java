package dev.ebb.nodescaler.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.runtime.kube.WriteGuard.NotLeadingException;
import dev.ebb.scaler.nodes.NodePool;
import dev.ebb.scaler.nodes.NodePool.Machine;
import dev.ebb.scaler.nodes.NodePool.State;
import dev.ebb.scaler.nodes.NodeProvider;
import dev.ebb.scaler.nodes.NodeProviderException;
import dev.ebb.scaler.nodes.NodeProviderException.Kind;
import dev.ebb.scaler.nodes.PoolReference;
import dev.ebb.testkit.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a cloud is asked, and when it is left alone. */
class CloudsTest {

  private static final PoolReference POOL = new PoolReference("fake", Map.of("pool", "p"));
  private static final Duration AGE = Duration.ofMinutes(1);

  private final SteppedClock clock = new SteppedClock();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Cloud cloud = new Cloud();
  private final AtomicBoolean leads = new AtomicBoolean(true);
  private final AtomicInteger changes = new AtomicInteger();
  private final List<Runnable> later = new ArrayList<>();
  private final Clouds clouds = new Clouds(List.of(cloud), leads::get, later::add, meters, clock);

  /** Counts, and fails when it is told to. */
  private static final class Cloud implements NodeProvider {
    int size = 2;
    int reads;
    int writes;
    @Nullable RuntimeException failure;

    private void fail() {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public String type() {
      return "fake";
    }

    @Override
    public NodePool read(PoolReference pool) {
      reads++;
      fail();
      return new NodePool(size, false, List.of(new Machine("id", "n", State.RUNNING, "")));
    }

    @Override
    public int grow(PoolReference pool, int wanted) {
      writes++;
      fail();
      return size = wanted;
    }

    @Override
    public void delete(PoolReference pool, Machine machine, boolean drain) {
      writes++;
      fail();
      size--;
    }
  }

  private Clouds.View view() {
    return clouds.view(POOL, AGE, changes::incrementAndGet);
  }

  private void runLater() {
    List<Runnable> now = List.copyOf(later);
    later.clear();
    now.forEach(Runnable::run);
  }

  @Test
  void isReadOnceAndThenBesideTheDecisions() {
    assertThat(view().pool().size()).isEqualTo(2);
    view();
    assertThat(cloud.reads).isEqualTo(1);
    clock.advance(AGE);
    cloud.size = 5;

    assertThat(view().pool().size()).as("what is known is there at once").isEqualTo(2);
    view();
    assertThat(later).as("one read at a time").hasSize(1);
    runLater();

    assertThat(changes).hasValue(1);
    assertThat(view().pool().size()).isEqualTo(5);
    clock.advance(AGE);
    view();
    runLater();
    assertThat(changes).as("nothing changed").hasValue(1);
    assertThat(meters.get("ebb_nodescaler_provider_calls").tag("call", "read").timer().count())
        .isEqualTo(3);
  }

  @Test
  void aCloudThatFailsIsAskedLessAndLess() {
    cloud.failure = new NodeProviderException(Kind.UNAVAILABLE, "down");
    assertThat(view().pool()).isNull();
    assertThat(view().problem()).isEqualTo("down");
    for (int i = 0; i < 600; i++) {
      clock.advance(Duration.ofSeconds(1));
      view();
      runLater();
    }
    assertThat(cloud.reads).as("in ten minutes").isBetween(6, 10);
    cloud.failure = null;
    clock.advance(Duration.ofMinutes(2));
    view();
    runLater();

    assertThat(view().problem()).isEmpty();
    assertThat(changes).hasPositiveValue();
  }

  @Test
  void whatACloudAsksForIsWaited() {
    view();
    cloud.failure =
        new NodeProviderException(Kind.RATE_LIMITED, "429", Duration.ofMinutes(10), null);
    assertThatThrownBy(() -> clouds.provider("fake").grow(POOL, 3))
        .isInstanceOf(NodeProviderException.class);
    clock.advance(Duration.ofMinutes(9));
    view();
    runLater();
    assertThat(cloud.reads).isEqualTo(1);
    assertThat(view().pool()).as("not trusted any more").isNull();
    clock.advance(Duration.ofMinutes(1));
    cloud.failure = null;
    view();
    runLater();
    assertThat(view().pool()).isNotNull();
  }

  @Test
  void aRefusalIsNoFailureOfTheCloud() {
    view();
    cloud.failure = new NodeProviderException(Kind.EXHAUSTED, "no more");
    assertThatThrownBy(() -> clouds.provider("fake").grow(POOL, 3))
        .isInstanceOf(NodeProviderException.class);

    assertThat(view().pool()).isNotNull();
    assertThat(view().problem()).isEmpty();
  }

  @Test
  void whatFollowsFromAWriteIsKnownAtOnce() {
    view();
    clouds.provider("fake").grow(POOL, 4);
    assertThat(view().pool().size()).isEqualTo(4);
    runLater();
    clouds.provider("fake").delete(POOL, new Machine("id", "n", State.RUNNING, ""), false);
    NodePool after = view().pool();

    assertThat(after.size()).isEqualTo(3);
    assertThat(after.machines()).extracting(Machine::state).containsExactly(State.DELETING);
    assertThat(later).as("it is read again soon").hasSize(1);
  }

  @Test
  void whoDoesNotLeadAsksForNothing() {
    leads.set(false);

    assertThatThrownBy(() -> clouds.provider("fake").grow(POOL, 4))
        .isInstanceOf(NotLeadingException.class);
    assertThatThrownBy(() ->
            clouds.provider("fake").delete(POOL, new Machine("id", "n", State.RUNNING, ""), false))
        .isInstanceOf(NotLeadingException.class);
    assertThat(cloud.writes).isZero();
  }

  @Test
  void aProviderThatThrowsAnythingIsACloudThatFails() {
    cloud.failure = new IllegalStateException("a bug");

    assertThat(view().problem()).contains("a bug");
  }

  @Test
  void anUnknownProviderIsNamedWithThoseThereAre() {
    Clouds.View view = clouds.view(new PoolReference("moon", Map.of()), AGE, () -> {});

    assertThat(view.problem()).isEqualTo("there is no provider moon; it is one of [fake]");
  }

  @Test
  void twoOfOneNameAreNone() {
    assertThatThrownBy(() ->
            new Clouds(List.of(new Cloud(), new Cloud()), () -> true, Runnable::run, meters, clock))
        .hasMessageContaining("two providers are called fake");
  }
}
