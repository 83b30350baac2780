package dev.ebb.testkit.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.testkit.SteppedClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class SoakTest {

  private final SteppedClock clock = new SteppedClock();
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final List<Long> played = new CopyOnWriteArrayList<>();

  private int play(Soak soak, Soak.Round round) throws InterruptedException {
    return soak.play(
        1,
        seed -> {
          played.add(seed);
          round.play(seed);
        },
        new PrintStream(told, true, StandardCharsets.UTF_8),
        clock);
  }

  private String told() {
    return told.toString(StandardCharsets.UTF_8);
  }

  @Test
  void playsUntilTheTimeIsOver() throws Exception {
    int code = play(Soak.of("x", "3m", "100", "5"), s -> clock.advance(Duration.ofMinutes(1)));

    assertThat(code).isZero();
    assertThat(played).containsExactly(5L, 6L, 7L);
    assertThat(told()).contains("no failure in 3 rounds, seeds 5 to 7, in 0:03 h");
  }

  @Test
  void playsNoMoreRoundsThanWereAskedFor() throws Exception {
    assertThat(play(Soak.of("x", "1h", "2", "1"), seed -> {})).isZero();

    assertThat(played).containsExactly(1L, 2L);
  }

  @Test
  void aFailureEndsItAndSaysItsSeed() throws Exception {
    int code =
        play(
            Soak.of("x", "1h", "100", "1"),
            seed -> {
              if (seed == 3) {
                throw new AssertionError("a pod was lost\nand more");
              }
            });

    assertThat(code).isOne();
    assertThat(played).containsExactly(1L, 2L, 3L);
    assertThat(told())
        .contains("x: FAILED at seed 3 after 2 rounds in 0 s: a pod was lost\n")
        .contains("./ebb soak x --seed 3 --rounds 1");
  }

  @Test
  void saysWhatATimeLooksLike() {
    assertThat(Soak.time("90s")).isEqualTo(Duration.ofSeconds(90));
    assertThat(Soak.time("2h")).isEqualTo(Duration.ofHours(2));
    assertThatThrownBy(() -> Soak.time("soon")).hasMessageContaining("90s, 30m or 2h");
  }
}
