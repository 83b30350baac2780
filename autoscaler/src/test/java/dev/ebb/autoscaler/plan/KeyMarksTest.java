package dev.ebb.autoscaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.model.Service;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyMarksTest {

  private static final Service SHOP = World.service("shop", World.LABELS);
  private static final Service API = World.service("api", World.LABELS);
  private static final KeyMarks NONE = KeyMarks.parse(null);

  @Test
  void readsWhatItWrites() {
    KeyMarks marks = NONE.with(SHOP, 3).with(API, 12);

    assertThat(marks.text()).isEqualTo("api=uid-of-api@12;shop=uid-of-shop@3");
    assertThat(KeyMarks.parse(marks.text())).isEqualTo(marks);
  }

  @Test
  void readsWhateverItWrites() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      KeyMarks marks = NONE;
      for (int i = random.nextInt(5); i > 0; i--) {
        Service service = World.service("svc-" + random.nextInt(9), Map.of());
        marks = marks.with(service, random.nextLong(1_000_000_000_000_000_000L));
      }
      assertThat(KeyMarks.parse(marks.text())).as("seed %d", seed).isEqualTo(marks);
      assertThat(KeyMarks.parse(marks.text()).text()).isEqualTo(marks.text());
    }
  }

  @Test
  void theOrderOfMarkingDoesNotShow() {
    assertThat(NONE.with(SHOP, 1).with(API, 1).text())
        .isEqualTo(NONE.with(API, 1).with(SHOP, 1).text());
  }

  @Test
  void aMarkIsOfExactlyThatService() {
    KeyMarks marks = KeyMarks.parse("shop=uid-of-another@1;api=uid-of-api@7");

    assertThat(marks.of(SHOP)).isNull();
    assertThat(marks.of(API)).isEqualTo(new KeyMarks.Mark("uid-of-api", 7));
  }

  @Test
  void aNewMarkReplacesTheOld() {
    assertThat(NONE.with(SHOP, 1).with(SHOP, 2).text()).isEqualTo("shop=uid-of-shop@2");
  }

  @Test
  void noMarksAreNoText() {
    assertThat(NONE.text()).isEmpty();
    assertThat(NONE.with(SHOP, 1).without("shop").text()).isEmpty();
    assertThat(NONE.without("shop")).isEqualTo(NONE);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", ";", "shop", "shop=uid", "=uid@1", "shop=uid@", "shop=uid@x", "shop@1=uid"})
  void whatCannotBeReadIsNoMark(String text) {
    assertThat(KeyMarks.parse(text)).isEqualTo(NONE);
  }

  @ParameterizedTest
  @CsvSource({"shop=uid-of-shop@1;rubbish", "rubbish;shop=uid-of-shop@1;;"})
  void oneBadMarkDoesNotSpoilTheOthers(String text) {
    assertThat(KeyMarks.parse(text).text()).isEqualTo("shop=uid-of-shop@1");
  }

  @Test
  void readsItsAnnotation() {
    assertThat(KeyMarks.of(new World().resource()).of(SHOP)).isNotNull();
    assertThat(KeyMarks.of(new World().asNew().resource())).isEqualTo(NONE);
  }
}
