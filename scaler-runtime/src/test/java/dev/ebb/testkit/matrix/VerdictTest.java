package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static Player.Result result(String name, @Nullable Long heap, @Nullable Throwable why) {
    return new Player.Result(
        new Cell(1, name, trial -> {}), Duration.ofSeconds(1), heap, why, null);
  }

  @Test
  void processesThatKeepAboutTheSameAliveAreFlat() {
    Verdict verdict =
        Verdict.of(
            List.of(result("a", 20_000_000L, null), result("b", 24_000_000L, null)), List.of());

    assertThatCode(verdict::orThrow).doesNotThrowAnyException();
  }

  @Test
  void tellsWhoKeepsMoreAliveThanTheOthers() {
    Verdict verdict =
        Verdict.of(
            List.of(
                result("stood by", 12_000_000L, null),
                result("a", 20_000_000L, null),
                result("b", 20_000_000L, null),
                result("fat", 26_000_000L, null),
                result("without a process", null, null)),
            List.of());

    assertThatThrownBy(verdict::orThrow)
        .hasMessageContaining("r01-fat: 25390 KiB")
        .hasMessageNotContaining("r01-a");
  }

  @Test
  void tellsWhatFailedAndWhatNoCellIsToBlameFor() {
    Verdict verdict =
        Verdict.of(
            List.of(result("a", null, new AssertionError("not so"))), List.of("uncaught in x"));

    assertThatThrownBy(verdict::orThrow)
        .hasMessageContaining("1 cells failed")
        .hasMessageContaining("r01-a: not so")
        .hasMessageContaining("uncaught in x");
  }
}
