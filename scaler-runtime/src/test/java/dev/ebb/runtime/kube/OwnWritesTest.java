package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cache beside the writes of its own process: it never shows what is older than those. */
class OwnWritesTest {

  private static final ResourceKey A = new ResourceKey("ns", "a");

  private final SteppedClock clock = new SteppedClock();
  private final ObjectCache<Service> cache = new ObjectCache<>("services", clock);
  private final List<String> told = new ArrayList<>();

  OwnWritesTest() {
    cache.onChange(change -> told.add((change.after() == null ? "-" : "+") + name(change.any())));
    cache.replace(List.of(a(10)), new ResourceVersion("10"), false);
  }

  private static Service a(int version) {
    return WatchedApi.object("a", "u", version);
  }

  private static String name(Service service) {
    return service.metadata().name() + service.metadata().resourceVersion();
  }

  private String seen() {
    return cache.get(A).map(OwnWritesTest::name).orElse("none");
  }

  @Test
  void anOwnWriteIsSeenBeforeTheWatchTellsIt() {
    cache.wrote(a(12));

    assertThat(seen()).isEqualTo("a12");
    assertThat(cache.pending()).isOne();
  }

  @Test
  void whatTheWatchTellsOfTimesBeforeTheOwnWriteIsNotSeen() {
    cache.wrote(a(12));
    cache.changed(a(11));

    assertThat(seen()).isEqualTo("a12");
  }

  @Test
  void aChangeIsToldOnce() {
    cache.wrote(a(12));
    cache.changed(a(12));

    assertThat(told).containsExactly("+a10", "+a12");
    assertThat(cache.pending()).isZero();
  }

  @Test
  void aLaterWriteOfSomebodyElseWins() {
    cache.wrote(a(12));
    cache.changed(a(13));

    assertThat(seen()).isEqualTo("a13");
  }

  @Test
  void anAnswerThatComesAfterTheWatchHasPassedItChangesNothing() {
    cache.changed(a(13));
    cache.wrote(a(12));

    assertThat(seen()).isEqualTo("a13");
    assertThat(cache.pending()).isZero();
  }

  @Test
  void anAnswerThatComesAfterTheDeletionWasToldRaisesNoGhost() {
    cache.gone(a(13));
    cache.wrote(a(12));

    assertThat(seen()).isEqualTo("none");
  }

  @Test
  void aListFromBeforeTheOwnCreationDoesNotTakeItAway() {
    cache.wrote(WatchedApi.object("b", "v", 12));
    cache.replace(List.of(a(10)), new ResourceVersion("11"), false);

    assertThat(cache.get(new ResourceKey("ns", "b"))).isPresent();

    cache.replace(List.of(a(10)), new ResourceVersion("12"), false);

    assertThat(cache.get(new ResourceKey("ns", "b"))).isEmpty();
  }

  @Test
  void anOwnDeletionIsSeenAtOnceAndStaysSo() {
    cache.deleted(a(10).metadata());
    cache.changed(a(11));

    assertThat(seen()).isEqualTo("none");

    cache.gone(a(12));
    assertThat(cache.pending()).isZero();
    assertThat(told).containsExactly("+a10", "-a10");
  }

  @Test
  void aListWithoutTheObjectEndsTheWaitForItsDeletion() {
    cache.deleted(a(10).metadata());
    cache.replace(List.of(a(10)), new ResourceVersion("11"), false);
    assertThat(cache.pending()).isOne();
    assertThat(seen()).isEqualTo("none");

    cache.replace(List.of(), new ResourceVersion("12"), false);

    assertThat(cache.pending()).isZero();
    assertThat(cache.expired()).isZero();
  }

  @Test
  void anotherObjectOfTheSameNameIsSeenAfterAnOwnDeletion() {
    cache.deleted(a(10).metadata());
    cache.changed(WatchedApi.object("a", "other", 14));

    assertThat(seen()).isEqualTo("a14");
  }

  @Test
  void theDeletionOfTheFormerObjectDoesNotTakeTheOwnNewOneAway() {
    cache.deleted(a(10).metadata());
    cache.wrote(WatchedApi.object("a", "new", 13));
    cache.gone(a(12));

    assertThat(seen()).isEqualTo("a13");
  }

  @Test
  void aWriteThatDoesNotAnswerWithTheObjectIsWaitedFor() {
    cache.expect(A, new ResourceVersion("12"));
    assertThat(cache.behind(A)).isTrue();

    cache.changed(a(11));
    assertThat(cache.behind(A)).isTrue();

    cache.changed(a(12));
    assertThat(cache.behind(A)).isFalse();
  }

  @Test
  void nobodyWaitsForWhatTheWatchHasPassed() {
    cache.expect(A, new ResourceVersion("12"));
    cache.reached(new ResourceVersion("20"));

    assertThat(cache.behind(A)).isFalse();
  }

  @Test
  void anOwnWriteThatIsNeverToldIsForgottenAndCounted() {
    cache.expect(A, new ResourceVersion("12"));
    cache.wrote(WatchedApi.object("b", "v", 13));

    clock.advance(OwnWrites.PATIENCE);

    assertThat(cache.behind(A)).isFalse();
    assertThat(cache.pending()).isZero();
    assertThat(cache.expired()).isEqualTo(2);
  }

  @Test
  void neverHoldsMoreThanSoMany() {
    for (int i = 0; i < 20_000; i++) {
      cache.expect(new ResourceKey("ns", "n" + i), new ResourceVersion("99"));
    }

    assertThat(cache.pending()).isEqualTo(10_000);
    assertThat(cache.expired()).isEqualTo(10_000);
  }

  @Test
  void versionsAreComparedAsNumbers() {
    assertThat(new ResourceVersion("9").olderThan(new ResourceVersion("10"))).isTrue();
    assertThat(new ResourceVersion("10").olderThan(new ResourceVersion("9"))).isFalse();
    assertThat(new ResourceVersion("10").olderThan(new ResourceVersion("10"))).isFalse();
    assertThat(new ResourceVersion("x").olderThan(new ResourceVersion("10"))).isFalse();
    assertThat(new ResourceVersion("").olderThan(new ResourceVersion("10"))).isFalse();
  }
}
