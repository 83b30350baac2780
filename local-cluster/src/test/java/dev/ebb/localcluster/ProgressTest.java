package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Progress progress =
      Progress.on(new PrintStream(out, true, StandardCharsets.UTF_8), false);

  @Test
  void countsStepsAndSaysHowLongTheyTook() {
    progress.expect(2);
    progress.step("one", () -> {});
    progress.step("two", () -> {});

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("\\[step 1/2] one: done in 0\\.\\d s"),
            line -> assertThat(line).matches("\\[step 2/2] two: done in 0\\.\\d s"));
  }

  @Test
  void neverCountsBeyondTheEnd() {
    progress.step("surprise", () -> {});

    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("[step 1/1] surprise");
  }

  @Test
  void saysThatAStepFailed() {
    assertThatThrownBy(() ->
            progress.step(
                "one",
                () -> {
                  throw new ClusterException("broken");
                }))
        .hasMessage("broken");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("one: failed after");
  }

  @Test
  void givesASignOfLifeAfterTwoSeconds() {
    progress.step("slow", () -> Waiting.pause(2200));

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("slow … 1.9 s");
  }
}
